/**
 * The one spelling of a request path. Routes, decision key, policy input and record use it; the raw
 * path is never looked at again. No URL parser is involved: parsers repair what must be refused.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { PATH_BYTES_MAX } from "../domain/limits.ts";
import type { DenyReason } from "../domain/reasons.ts";

interface PathRule {
  readonly reason: DenyReason;
  readonly breaks: (path: string) => boolean;
}

/** In this order: the first broken rule gives the reason. */
const PATH_RULES: readonly PathRule[] = [
  { reason: "path.missing", breaks: (path) => path === "" },
  { reason: "path.too_long", breaks: (path) => path.length > PATH_BYTES_MAX },
  { reason: "path.not_origin_form", breaks: (path) => !path.startsWith("/") },
  { reason: "path.control_byte", breaks: (path) => /[^!-~\u0080-\uffff]/.test(path) },
  { reason: "path.non_ascii", breaks: (path) => /[\u0080-\uffff]/.test(path) },
  { reason: "path.backslash", breaks: (path) => path.includes("\\") },
  { reason: "path.fragment", breaks: (path) => path.includes("#") },
  { reason: "path.bad_percent", breaks: (path) => /%(?![0-9A-Fa-f]{2})/.test(path) },
  { reason: "path.encoded_reserved", breaks: (path) => ENCODED_RESERVED.test(path) },
  { reason: "path.not_utf8", breaks: (path) => !decodesToUtf8(path) },
  { reason: "path.empty_segment", breaks: (path) => path.includes("//") },
  { reason: "path.dot_segment", breaks: (path) => /\/\.\.?(?:[/;]|$)/.test(path) },
  { reason: "path.parameter", breaks: (path) => path.includes(";") },
];

/** The triplets of `/ \ . ? # % ;` and of all control bytes. */
const ENCODED_RESERVED = /%(?:2[FfEe35]|3[FfBb]|5[Cc]|[01][0-9A-Fa-f]|7[Ff])/;
/** Breaks no rule and is canonical as it stands; most paths are. */
const PLAIN = /^(?:\/(?!\.\.?(?:\/|$))[A-Za-z0-9._~-]+)+\/?$/;
const TRIPLET = /%[0-9A-Fa-f]{2}/g;
/** Unreserved characters; a dot never comes as a triplet, that is refused. */
const UNRESERVED = /^[A-Za-z0-9_~-]$/;

/**
 * `raw` is everything before the first `?`. Triplets of unreserved characters are decoded, the hex
 * digits of all others put into upper case; letter case and a trailing `/` stay and mean something.
 *
 * @throws {DenyError} `path.*`
 */
export function canonicalPath(raw: string): string {
  if (raw.length <= PATH_BYTES_MAX && PLAIN.test(raw)) return raw;
  for (const { reason, breaks } of PATH_RULES) {
    if (breaks(raw)) throw new DenyError(reason, "the path is not acceptable");
  }
  return raw.replaceAll(TRIPLET, canonicalTriplet);
}

function canonicalTriplet(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return UNRESERVED.test(character) ? character : triplet.toUpperCase();
}

/** Overlong forms and surrogates are invalid UTF-8 here as in the standard. */
function decodesToUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
