/**
 * Where one text occurs in another, in linear time whatever the texts are: the engine's own search looks
 * only at the last 250 units of what it searches when it skips, and starts anew after every hit.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";

const NATIVE_UNITS_MAX = 250;

/** First index in UTF-16 units, or -1. */
export function firstIndex(text: string, wanted: string): number {
  if (wanted.length <= NATIVE_UNITS_MAX) return text.indexOf(wanted);
  return new LongSearch(wanted).next(text, 0);
}

/** Every index from left to right, of occurrences that do not overlap; `wanted` is not empty. */
export function separateIndexes(text: string, wanted: string, budget: Budget): readonly number[] {
  return indexes(text, wanted, wanted.length, budget);
}

/** Every index from left to right, overlapping ones too; `wanted` is not empty. */
export function everyIndex(text: string, wanted: string, budget: Budget): readonly number[] {
  return indexes(text, wanted, 1, budget);
}

function indexes(text: string, wanted: string, step: number, budget: Budget): readonly number[] {
  const found: number[] = [];
  const long = step < wanted.length || wanted.length > NATIVE_UNITS_MAX;
  const search = long ? new LongSearch(wanted) : undefined;
  let from = 0;
  for (;;) {
    const index = search?.next(text, from, step === 1) ?? text.indexOf(wanted, from);
    if (index < 0) return found;
    budget.spend(1);
    found.push(index);
    from = index + step;
  }
}

/** Knuth, Morris and Pratt: never looks at a unit of the text again. */
class LongSearch {
  readonly #wanted: string;
  /** Length of the longest proper prefix that is also the suffix of the first `index + 1` units. */
  readonly #borders: Int32Array;
  #matched = 0;
  #read = 0;

  constructor(wanted: string) {
    this.#wanted = wanted;
    this.#borders = new Int32Array(wanted.length);
    let border = 0;
    for (let index = 1; index < wanted.length; index++) {
      const unit = wanted.charCodeAt(index);
      while (border > 0 && wanted.charCodeAt(border) !== unit) {
        border = this.#borders[border - 1] as number;
      }
      if (wanted.charCodeAt(border) === unit) border++;
      this.#borders[index] = border;
    }
  }

  /** The next index at or after `from`; a search that may overlap goes on where the last one ended. */
  next(text: string, from: number, overlapping = false): number {
    if (!overlapping) {
      this.#read = from;
      this.#matched = 0;
    }
    const wanted = this.#wanted;
    while (this.#read < text.length) {
      const unit = text.charCodeAt(this.#read++);
      while (
        this.#matched > 0 &&
        (this.#matched === wanted.length || wanted.charCodeAt(this.#matched) !== unit)
      ) {
        this.#matched = this.#borders[this.#matched - 1] as number;
      }
      if (wanted.charCodeAt(this.#matched) === unit) this.#matched++;
      if (this.#matched === wanted.length) return this.#read - wanted.length;
    }
    return -1;
  }
}
