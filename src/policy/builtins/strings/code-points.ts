/**
 * Code points of well-formed UTF-16 text, counted in linear time.
 *
 * @module
 */
const LOW_SURROGATE_MIN = 0xdc00;
const LOW_SURROGATE_MAX = 0xdfff;
const BEYOND_ONE_UNIT = /[\ud800-\udfff]/;

/** Every code point is one unit: indexes of both are the same. */
export function isOneUnitEach(text: string): boolean {
  return !BEYOND_ONE_UNIT.test(text);
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= LOW_SURROGATE_MIN && unit <= LOW_SURROGATE_MAX;
}

export function codePointCount(text: string): number {
  if (isOneUnitEach(text)) return text.length;
  return pointsBefore(text, 0, text.length);
}

/** How many code points begin in the units from `start` to `end`. */
export function pointsBefore(text: string, start: number, end: number): number {
  let count = end - start;
  for (let index = start; index < end; index++) {
    if (isLowSurrogate(text.charCodeAt(index))) count--;
  }
  return count;
}

/** Unit at which the code point `count` points after that at `start` begins; the text's end at most. */
export function unitIndex(text: string, start: number, count: number): number {
  let index = start;
  for (let left = count; left > 0 && index < text.length; left--) {
    index += (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
  }
  return index;
}
