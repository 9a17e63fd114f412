/**
 * Text as bounded JSON that is safe in one line of a log.
 *
 * @module
 */
import { redact } from "./redact.ts";

/** How much of the texts from outside one line may hold. */
export interface LineLimits {
  /** Of one text. */
  readonly textCharactersMax: number;
  /** Of one list of texts, with quotes and commas. */
  readonly listCharactersMax: number;
}

/** Printable ASCII without quote and backslash: needs no escape. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** JSON leaves these as they are, terminals and line readers may not. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Stands at the end of whatever was cut. */
const CUT = "…";

/** A JSON string of at most `charactersMax` characters; a longer text is cut and marked. */
export function quote(text: string, charactersMax: number): string {
  const shown = text.length > charactersMax ? cut(text, charactersMax) : text;
  if (PLAIN.test(shown)) return `"${shown}"`;
  return JSON.stringify(shown).replace(UNSAFE, escaped);
}

/** As `quote`; an absent or empty text is `null`. */
export function quoteOrNull(text: string | null | undefined, charactersMax: number): string {
  return text === undefined || text === null || text === "" ? "null" : quote(text, charactersMax);
}

/** As `quoteOrNull`, for a text that a caller can choose. */
export function quoteClaimed(text: string | null | undefined, charactersMax: number): string {
  if (text === undefined || text === null || text === "") return "null";
  // Cut first: a text of any length must not cost more than a short one.
  const shown = text.length > charactersMax ? cut(text, charactersMax) : text;
  return quote(redact(shown), charactersMax);
}

/** A JSON array of at most about `charactersMax` characters in all; what does not fit is marked. */
export function quoteList(
  texts: readonly string[],
  textCharactersMax: number,
  charactersMax: number,
): string {
  let list = "";
  for (const text of texts) {
    const item = quoteClaimed(text, textCharactersMax);
    if (list.length + item.length > charactersMax) {
      return list === "" ? `["${CUT}"]` : `[${list},"${CUT}"]`;
    }
    list = list === "" ? item : `${list},${item}`;
  }
  return `[${list}]`;
}

function cut(text: string, charactersMax: number): string {
  const end = charactersMax - CUT.length;
  const last = text.charCodeAt(end - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? end - 1 : end) + CUT;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
