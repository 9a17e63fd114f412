/**
 * The names of a JSON object's own members, read from its bytes without building it.
 *
 * A record names the parameters of a call and never holds a value. Most Checks never build the object
 * either, so this walks the bytes, which the strict reader has accepted before. Other bytes are no
 * danger: names come out odd or not at all, nothing is thrown.
 *
 * @module
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
/** Text is stepped through this far, then searched by the platform. */
const STEP_BYTES = 64;

/** By byte: 1 for `{` and `[`, -1 for `}` and `]`. */
const DEPTH_CHANGE = new Int8Array(256);
DEPTH_CHANGE[OPEN_OBJECT] = 1;
DEPTH_CHANGE[0x5b] = 1;
DEPTH_CHANGE[0x7d] = -1;
DEPTH_CHANGE[0x5d] = -1;

export interface MemberNames {
  readonly names: readonly string[];
  /** Names were left out because of `bytesMax`. */
  readonly isCut: boolean;
}

/** Names in document order, `bytesMax` bytes of them at most. */
export function memberNames(json: Uint8Array, bytesMax: number): MemberNames {
  const names: string[] = [];
  if (json[0] !== OPEN_OBJECT) return { names, isCut: false };
  let bytesLeft = bytesMax;
  let depth = 0;
  let isNameNext = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte !== QUOTE) {
      depth += DEPTH_CHANGE[byte] ?? 0;
      if (byte === COMMA || byte === OPEN_OBJECT) isNameNext = depth === 1;
      continue;
    }
    const end = endOfString(json, at + 1);
    if (isNameNext) {
      bytesLeft -= end - at - 1;
      if (bytesLeft < 0) return { names, isCut: true };
      names.push(textOf(json, at + 1, end));
      isNameNext = false;
    }
    at = end;
  }
  return { names, isCut: false };
}

/** Position of the quote that ends the string starting at `start`; the length if there is none. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const stepsEnd = Math.min(at + STEP_BYTES, json.length);
    while (at < stepsEnd) {
      const byte = json[at];
      if (byte === QUOTE) return at;
      at += byte === BACKSLASH ? 2 : 1;
    }
    if (at >= json.length) return json.length;
    const found = json.indexOf(QUOTE, at);
    if (found === -1) return json.length;
    if (json[found - 1] !== BACKSLASH) return found;
  }
}

function textOf(json: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(json.buffer, json.byteOffset + start, end - start).toString("utf8");
  if (!text.includes("\\")) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
