/**
 * Whether some text matches both of two globs, by the rules OPA has for it. Every pair of places is
 * answered once, so that no globs take exponential time.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import type { Token } from "./glob-tokens.ts";

type Glob = readonly Token[];

export function intersect(a: Glob, b: Glob, budget: Budget): boolean {
  budget.spend(a.length + b.length);
  const trimmed = trim(a, b);
  return trimmed !== undefined && new Intersection(...trimmed, budget).normal(0, 0, 0);
}

/** Without the beginnings and ends that match one to one, but for one token of each. */
function trim(a: Glob, b: Glob): readonly [Glob, Glob] | undefined {
  let left = 0;
  while (isPlain(a[left]) && isPlain(b[left])) {
    if (!overlap(a[left] as Token, b[left] as Token)) return undefined;
    left++;
  }
  if (left > 0) left--;
  let lastA = a.length - 1;
  let lastB = b.length - 1;
  while (lastA >= left && lastB >= left && isPlain(a[lastA]) && isPlain(b[lastB])) {
    if (!overlap(a[lastA] as Token, b[lastB] as Token)) return undefined;
    lastA--;
    lastB--;
  }
  if (lastA < a.length - 1) {
    lastA++;
    lastB++;
  }
  return [a.slice(left, lastA + 1), b.slice(left, lastB + 1)];
}

function isPlain(token: Token | undefined): boolean {
  return token?.repeat === "";
}

function overlap(a: Token, b: Token): boolean {
  if (a.ranges === undefined || b.ranges === undefined) return true;
  let indexA = 0;
  let indexB = 0;
  while (indexA < a.ranges.length && indexB < b.ranges.length) {
    const [lowA, highA] = a.ranges[indexA] as readonly [number, number];
    const [lowB, highB] = b.ranges[indexB] as readonly [number, number];
    if (lowA <= highB && lowB <= highA) return true;
    if (highA < highB) indexA++;
    else indexB++;
  }
  return false;
}

/** `star` and `plus` take the glob whose token repeats first: `swapped` tells which of both it is. */
class Intersection {
  readonly #a: Glob;
  readonly #b: Glob;
  readonly #budget: Budget;
  readonly #known = new Map<string, boolean>();

  constructor(a: Glob, b: Glob, budget: Budget) {
    this.#a = a;
    this.#b = b;
    this.#budget = budget;
  }

  normal(fromA: number, fromB: number, depth: number): boolean {
    const a = this.#a;
    const b = this.#b;
    let i = fromA;
    let j = fromB;
    for (; i < a.length && j < b.length; i++, j++) {
      this.#budget.spend(1);
      if (!isPlain(a[i]) || !isPlain(b[j])) return this.#special(i, j, depth);
      if (!overlap(a[i] as Token, b[j] as Token)) return false;
    }
    return i === a.length && j === b.length;
  }

  #special(i: number, j: number, depth: number): boolean {
    const key = `${i},${j}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#budget.descend(depth);
    this.#budget.create(1);
    const swapped = isPlain(this.#a[i]);
    const repeat = (swapped ? this.#b[j] : this.#a[i])?.repeat;
    const [mine, other] = swapped ? [j, i] : [i, j];
    const answer =
      repeat === "+"
        ? this.#plus(mine, other, swapped, depth + 1)
        : this.#star(mine, other, swapped, depth + 1);
    this.#known.set(key, answer);
    return answer;
  }

  #plus(mine: number, other: number, swapped: boolean, depth: number): boolean {
    const first = this.#token(other, !swapped);
    if (first === undefined || !overlap(this.#token(mine, swapped) as Token, first)) return false;
    if (this.#star(mine, other + 1, swapped, depth)) return true;
    return first.repeat !== "" && this.#both(mine + 1, other, swapped, depth);
  }

  #star(mine: number, other: number, swapped: boolean, depth: number): boolean {
    const repeated = this.#token(mine, swapped) as Token;
    const following = this.#token(mine + 1, swapped);
    for (let index = other; ; index++) {
      const token = this.#token(index, !swapped);
      if (token === undefined) return following === undefined;
      this.#budget.spend(1);
      if (
        following !== undefined &&
        overlap(token, following) &&
        this.#both(mine + 1, index, swapped, depth)
      ) {
        return true;
      }
      if (!overlap(token, repeated)) return false;
    }
  }

  #both(mine: number, other: number, swapped: boolean, depth: number): boolean {
    return swapped ? this.normal(other, mine, depth) : this.normal(mine, other, depth);
  }

  #token(index: number, ofB: boolean): Token | undefined {
    return (ofB ? this.#b : this.#a)[index];
  }
}
