/**
 * The order in which Go's YAML library writes members: numbers within names by their value, letters after
 * everything else, but before it where a digit precedes them.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { NOT_PRINTABLE } from "../../plan/values/printable.ts";

/** Digits of other scripts, and numbers that the library cannot hold, which it orders by what is left. */
const UNORDERED = /(?![0-9])\p{Nd}|[0-9]{18}/u;

/** Undefined where the library's order is not known. */
export function orderedNames(names: readonly string[], budget: Budget): string[] | undefined {
  if (names.length > 1 && names.some((name) => UNORDERED.test(name))) return undefined;
  return [...names].sort((a, b) => {
    budget.spend(1 + (a.length + b.length) / 8);
    return compareNames([...a], [...b]);
  });
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  let isAfterDigit = false;
  for (let index = 0; index < length; index++) {
    const [x = "", y = ""] = [a[index], b[index]];
    if (x !== y) return compareAt(a, b, index, isAfterDigit);
    isAfterDigit = isDigit(x);
  }
  return a.length - b.length;
}

function compareAt(
  a: readonly string[],
  b: readonly string[],
  index: number,
  isAfterDigit: boolean,
): number {
  const [x = "", y = ""] = [a[index], b[index]];
  const [isLetterA, isLetterB] = [isLetter(x), isLetter(y)];
  const byPoint = (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
  if (isLetterA && isLetterB) return byPoint;
  if (isLetterA || isLetterB) return isLetterA === isAfterDigit ? -1 : 1;
  const isWithin = (x === "0" || y === "0") && isWithinNumber(a, index);
  const [first, endA] = numberAt(a, index, isWithin);
  const [second, endB] = numberAt(b, index, isWithin);
  return first - second || endA - endB || byPoint;
}

/** Whether a digit other than 0 stands in the number before `index`. */
function isWithinNumber(name: readonly string[], index: number): boolean {
  for (let at = index - 1; at >= 0 && isDigit(name[at]); at--) if (name[at] !== "0") return true;
  return false;
}

/** With a digit before it where a number goes on; and where it ends. */
function numberAt(
  name: readonly string[],
  start: number,
  goesOn: boolean,
): readonly [value: number, end: number] {
  let value = goesOn ? 1 : 0;
  let index = start;
  for (; isDigit(name[index]); index++) value = value * 10 + Number(name[index]);
  return [value, index];
}

function isDigit(point: string | undefined): boolean {
  return point !== undefined && point >= "0" && point <= "9";
}

function isLetter(point: string): boolean {
  return /^\p{L}$/u.test(point) && !NOT_PRINTABLE.test(point);
}
