/**
 * UTF-8 as protobuf demands it of a `string` (RFC 3629): overlong forms, surrogates and code points
 * above U+10FFFF are refused, so that two byte strings never become one text.
 *
 * @module
 */

/** Whether `bytes[start, end)` is valid; ASCII is taken four bytes at a time. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if (at + 4 <= end && isAsciiWord(bytes, at)) {
      at += 4;
      continue;
    }
    const length = sequenceBytes(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

function isAsciiWord(bytes: Uint8Array, at: number): boolean {
  const all = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0);
  return all < 0x80;
}

/** Length of the well-formed sequence at `at`, or 0 when there is none. */
function sequenceBytes(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end || !isSecondByte(lead, bytes[at + 1] ?? 0)) return 0;
  for (let next = at + 2; next < at + length; next++) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** The second byte carries all special cases: overlong forms, surrogates, the last plane. */
function isSecondByte(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0 && second <= 0xbf;
  if (lead === 0xed) return second >= 0x80 && second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90 && second <= 0xbf;
  if (lead === 0xf4) return second >= 0x80 && second <= 0x8f;
  return second >= 0x80 && second <= 0xbf;
}
