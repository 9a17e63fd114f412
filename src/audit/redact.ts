/**
 * What a record may never contain: tokens, API keys, credentials of `Authorization`. A record holds no
 * header and no body, so this is the second net: for a credential that a caller put into a field that
 * is recorded, such as a tool name, a user agent or a request id.
 *
 * @module
 */

const REDACTED = "[redacted]";

/** Shorter texts hold nothing worth stealing, and most texts are short. */
const SECRET_CHARACTERS_MIN = 16;
/**
 * A JSON Web Token, also one that was cut, SARK's API keys, and credentials behind their scheme. Each
 * begins at a boundary and runs to its end, so a text of any content is read once.
 */
const SECRETS =
  /(?<![\w-])(?:eyJ[\w-]{8,}[\w.-]*|sark_(?:sk|gw)_[\w-]{8,}|(?:[Bb]earer|[Bb]asic|BEARER|BASIC)[ +:=]+[\w.~+/=-]{8,})/g;

/** `text` without whatever looks like a credential. */
export function redact(text: string): string {
  return text.length < SECRET_CHARACTERS_MIN ? text : text.replace(SECRETS, REDACTED);
}
