/**
 * Upper and lower case as OPA has them: one code point for one, by the tables of Unicode 15. The engine's
 * own case mapping turns one into many (`ß` into `SS`), looks at the context of a sigma, and knows later
 * letters; where a text has none of those, both agree.
 *
 * @module
 */
interface Differing {
  /** Code points that stay as they are. */
  readonly kept: RegExp;
  readonly mapped: ReadonlyMap<string, string>;
  readonly any: RegExp;
}

/** Letters that have a case only since Unicode 16. */
const NEW_CAPITALS =
  "\\u1c89\\ua7cb\\ua7cc\\ua7ce\\ua7d2\\ua7d4\\ua7da\\ua7dc\\u{10d50}-\\u{10d65}\\u{16ea0}-\\u{16eb8}";
const NEW_SMALL =
  "\\u019b\\u0264\\u1c8a\\ua7cd\\ua7cf\\ua7d3\\ua7d5\\ua7db\\u{10d70}-\\u{10d85}\\u{16ebb}-\\u{16ed3}";
/** Letters that would become more than one, and have no single counterpart. */
const EXPANDING =
  "\\u00df\\u0149\\u01f0\\u0390\\u03b0\\u0587\\u1e96-\\u1e9a\\u1f50\\u1f52\\u1f54\\u1f56\\u1f88-\\u1f8f" +
  "\\u1f98-\\u1f9f\\u1fa8-\\u1faf\\u1fb2\\u1fb4\\u1fb6\\u1fb7\\u1fbc\\u1fc2\\u1fc4\\u1fc6\\u1fc7\\u1fcc" +
  "\\u1fd2\\u1fd3\\u1fd6\\u1fd7\\u1fe2-\\u1fe4\\u1fe6\\u1fe7\\u1ff2\\u1ff4\\u1ff6\\u1ff7\\u1ffc" +
  "\\ufb00-\\ufb06\\ufb13-\\ufb17";

const LOWER: Differing = {
  kept: new RegExp(`[${NEW_CAPITALS}]`, "u"),
  mapped: new Map([["\u0130", "i"]]),
  any: new RegExp(`[\\u0130\\u03a3${NEW_CAPITALS}]`, "u"),
};

const UPPER: Differing = {
  kept: new RegExp(`[${EXPANDING}${NEW_SMALL}]`, "u"),
  mapped: greekWithIota(),
  any: new RegExp(
    `[${EXPANDING}${NEW_SMALL}\\u1f80-\\u1f87\\u1f90-\\u1f97\\u1fa0-\\u1fa7\\u1fb3\\u1fc3\\u1ff3]`,
    "u",
  ),
};

/** The letters with an iota below: their capitals are single letters 8 or 9 further on. */
function greekWithIota(): ReadonlyMap<string, string> {
  const mapped = new Map<string, string>();
  for (const first of [0x1f80, 0x1f90, 0x1fa0]) {
    for (let point = first; point < first + 8; point++) {
      mapped.set(String.fromCharCode(point), String.fromCharCode(point + 8));
    }
  }
  for (const point of [0x1fb3, 0x1fc3, 0x1ff3]) {
    mapped.set(String.fromCharCode(point), String.fromCharCode(point + 9));
  }
  return mapped;
}

export function lowerCase(text: string): string {
  if (!LOWER.any.test(text)) return text.toLowerCase();
  return each(text, LOWER, (point) => point.toLowerCase());
}

export function upperCase(text: string): string {
  if (!UPPER.any.test(text)) return text.toUpperCase();
  return each(text, UPPER, (point) => point.toUpperCase());
}

function each(text: string, differing: Differing, map: (point: string) => string): string {
  let result = "";
  for (const point of text) {
    result += differing.mapped.get(point) ?? (differing.kept.test(point) ? point : map(point));
  }
  return result;
}
