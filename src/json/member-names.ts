/**
 * Finds a name that comes twice in one object, in linear time and mostly without allocating: small
 * objects compare bytes, larger ones and those with escapes use a set.
 *
 * @module
 */
import { JSON_DEPTH_MAX } from "../domain/limits.ts";

/** Up to here comparing all pairs is cheaper than a set. */
const PAIRWISE_MAX = 8;
const NUMBERS_PER_NAME = 2;

/** Names of the objects that are open while a body is read; one instance serves all bodies. */
export class MemberNames {
  readonly #spans = new Int32Array((JSON_DEPTH_MAX + 1) * PAIRWISE_MAX * NUMBERS_PER_NAME);
  #top = 0;

  /** To be called before the first body byte: an earlier body may have been left in the middle. */
  reset(): void {
    this.#top = 0;
  }

  /** Opens an object; the result is given back to the other methods. */
  open(): number {
    return this.#top;
  }

  close(base: number): void {
    this.#top = base;
  }

  isFull(base: number): boolean {
    return this.#top - base >= PAIRWISE_MAX * NUMBERS_PER_NAME;
  }

  /** Keeps the name `bytes[start, end)`; false when the object has it already. */
  add(bytes: Buffer, base: number, start: number, end: number): boolean {
    const spans = this.#spans;
    for (let at = base; at < this.#top; at += NUMBERS_PER_NAME) {
      const otherStart = spans[at] ?? 0;
      const otherEnd = spans[at + 1] ?? 0;
      if (otherEnd - otherStart === end - start && isSame(bytes, otherStart, start, end)) {
        return false;
      }
    }
    spans[this.#top] = start;
    spans[this.#top + 1] = end;
    this.#top += NUMBERS_PER_NAME;
    return true;
  }

  /** The names kept so far, for an object that goes on with a set. */
  toSet(bytes: Buffer, base: number): Set<string> {
    const names = new Set<string>();
    for (let at = base; at < this.#top; at += NUMBERS_PER_NAME) {
      names.add(quotedName(bytes, this.#spans[at] ?? 0, this.#spans[at + 1] ?? 0, false));
    }
    return names;
  }
}

/**
 * The name behind a quote. Without the quote a name of digits would be hashed by its number, and
 * numbers can be chosen to collide.
 */
export function quotedName(bytes: Buffer, start: number, end: number, hasEscape: boolean): string {
  return hasEscape
    ? `"${decodedName(bytes, start, end, true)}`
    : bytes.toString("utf8", start - 1, end);
}

export function decodedName(bytes: Buffer, start: number, end: number, hasEscape: boolean): string {
  return hasEscape
    ? JSON.parse(bytes.toString("utf8", start - 1, end + 1))
    : bytes.toString("utf8", start, end);
}

function isSame(bytes: Buffer, a: number, b: number, bEnd: number): boolean {
  for (let at = b, other = a; at < bEnd; at++, other++) {
    if (bytes[at] !== bytes[other]) return false;
  }
  return true;
}
