/**
 * Equality and the total order of all values: null, false, true, numbers, strings, arrays, objects, sets.
 * Numbers compare by value, strings by code point, objects by their sorted keys and then by their values.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { compareNumbers, Decimal } from "./decimal.ts";
import { keysOf, lookUp, sizeOf } from "./object.ts";
import { provideOrder, RegoSet } from "./rego-set.ts";
import { spendText } from "./text-cost.ts";
import {
  isNumber,
  isObject,
  type ObjectValue,
  type RegoNumber,
  typeRank,
  type Value,
} from "./value.ts";

const SURROGATE_MIN = 0xd800;
const SURROGATE_MAX = 0xdfff;
const ABOVE_ALL_UNITS = 0x10000;

/** Order of the UTF-8 bytes, which is the order of code points and not that of UTF-16 units. */
export function compareText(a: string, b: string): number {
  return orderFrom(a, b, commonLength(a, b));
}

/** How many units two texts begin with alike. */
function commonLength(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let common = 0;
  while (common < length && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  return common;
}

function orderFrom(a: string, b: string, common: number): number {
  if (common === a.length || common === b.length) return a.length - b.length;
  return unitRank(a.charCodeAt(common)) - unitRank(b.charCodeAt(common));
}

/** A surrogate belongs to a code point above every other unit. */
function unitRank(unit: number): number {
  return unit >= SURROGATE_MIN && unit <= SURROGATE_MAX ? unit + ABOVE_ALL_UNITS : unit;
}

export function equal(a: Value, b: Value, budget: Budget): boolean {
  if (typeof a === "string") return typeof b === "string" && isSameText(a, b, budget);
  return a === b || isEqual(a, b, budget, 0);
}

function isSameText(a: string, b: string, budget: Budget): boolean {
  if (a.length !== b.length) return false;
  spendText(budget, a);
  return a === b;
}

function isEqual(a: Value, b: Value, budget: Budget, depth: number): boolean {
  if (typeof a === "string" && typeof b === "string") return isSameText(a, b, budget);
  if (a === b) return true;
  if (a instanceof Decimal || b instanceof Decimal) return areEqualNumbers(a, b, budget);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  budget.descend(depth);
  budget.spend(1);
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && areEqualArrays(a, b, budget, depth);
  }
  if (a instanceof RegoSet || b instanceof RegoSet) {
    return a instanceof RegoSet && b instanceof RegoSet && areEqualSets(a, b, budget);
  }
  return areEqualObjects(a as ObjectValue, b as ObjectValue, budget, depth);
}

function areEqualNumbers(a: Value, b: Value, budget: Budget): boolean {
  return isNumber(a) && isNumber(b) && orderNumbers(a, b, budget) === 0;
}

const DIGITS_PER_STEP = 16;

function orderNumbers(a: RegoNumber, b: RegoNumber, budget: Budget): number {
  const lengthA = a instanceof Decimal ? a.text.length : 0;
  const lengthB = b instanceof Decimal ? b.text.length : 0;
  if (lengthA + lengthB > 0) budget.spend(Math.ceil((lengthA + lengthB) / DIGITS_PER_STEP));
  return compareNumbers(a, b);
}

const CHARACTERS_PER_STEP = 16;

function orderText(a: string, b: string, budget: Budget): number {
  const common = commonLength(a, b);
  // Only known afterwards, but no longer than a text that is there.
  if (common >= CHARACTERS_PER_STEP) budget.spend(Math.floor(common / CHARACTERS_PER_STEP));
  return orderFrom(a, b, common);
}

function areEqualArrays(
  a: readonly Value[],
  b: readonly Value[],
  budget: Budget,
  depth: number,
): boolean {
  if (a.length !== b.length) return false;
  budget.spend(a.length);
  return a.every((item, index) => isEqual(item, b[index] as Value, budget, depth + 1));
}

function areEqualSets(a: RegoSet, b: RegoSet, budget: Budget): boolean {
  if (a.size !== b.size) return false;
  budget.spend(a.size);
  for (const key of a.keys()) if (!b.hasKey(key)) return false;
  return true;
}

function areEqualObjects(a: ObjectValue, b: ObjectValue, budget: Budget, depth: number): boolean {
  const size = sizeOf(a, budget);
  if (size !== sizeOf(b, budget)) return false;
  budget.spend(size);
  for (const key of keysOf(a)) {
    const other = lookUp(b, key, budget);
    if (other === undefined) return false;
    if (!isEqual(lookUp(a, key, budget) as Value, other, budget, depth + 1)) return false;
  }
  return true;
}

/** Below, equal or above zero as `a` is less than, equal to or greater than `b`. */
export function compare(a: Value, b: Value, budget: Budget): number {
  return order(a, b, budget, 0);
}

function order(a: Value, b: Value, budget: Budget, depth: number): number {
  if (a === b) return 0;
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case 1:
      return a === false ? -1 : 1;
    case 2:
      return orderNumbers(a as RegoNumber, b as RegoNumber, budget);
    case 3:
      return orderText(a as string, b as string, budget);
    default:
      budget.descend(depth);
      budget.spend(1);
      return orderComposites(a, b, budget, depth);
  }
}

function orderComposites(a: Value, b: Value, budget: Budget, depth: number): number {
  if (Array.isArray(a)) return orderArrays(a, b as readonly Value[], budget, depth);
  if (a instanceof RegoSet) {
    return orderArrays(a.sorted(budget), (b as RegoSet).sorted(budget), budget, depth);
  }
  if (!isObject(a)) return 0;
  return orderObjects(a, b as ObjectValue, budget, depth);
}

function orderArrays(
  a: readonly Value[],
  b: readonly Value[],
  budget: Budget,
  depth: number,
): number {
  const length = Math.min(a.length, b.length);
  budget.spend(length);
  for (let index = 0; index < length; index++) {
    const difference = order(a[index] as Value, b[index] as Value, budget, depth + 1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function orderObjects(a: ObjectValue, b: ObjectValue, budget: Budget, depth: number): number {
  const keysA = sortedKeys(a, budget);
  const keysB = sortedKeys(b, budget);
  const length = Math.min(keysA.length, keysB.length);
  for (let index = 0; index < length; index++) {
    const keyA = keysA[index] as Value;
    const keyB = keysB[index] as Value;
    const byKey = order(keyA, keyB, budget, depth + 1);
    if (byKey !== 0) return byKey;
    const valueA = lookUp(a, keyA, budget) as Value;
    const byValue = order(valueA, lookUp(b, keyB, budget) as Value, budget, depth + 1);
    if (byValue !== 0) return byValue;
  }
  return keysA.length - keysB.length;
}

const COMPARISONS_PER_STEP_LOG2 = 1;

function spendSort(length: number, budget: Budget): void {
  const comparisons = length * (32 - Math.clz32(length));
  budget.spend(length + (comparisons >> COMPARISONS_PER_STEP_LOG2));
}

/** Values in Rego's order, as a new array; equal ones keep theirs. */
export function sortValues(values: Iterable<Value>, budget: Budget): Value[] {
  const list = [...values];
  spendSort(list.length, budget);
  const isText = list.every((value) => typeof value === "string");
  const byOrder = isText
    ? (a: Value, b: Value) => orderText(a as string, b as string, budget)
    : (a: Value, b: Value) => compare(a, b, budget);
  return list.length > FEW ? list.sort(byOrder) : sortFew(list, byOrder);
}

/** Lists for which the platform's sort costs more than it saves. */
const FEW = 12;

function sortFew(list: Value[], byOrder: (a: Value, b: Value) => number): Value[] {
  for (let next = 1; next < list.length; next++) {
    const value = list[next] as Value;
    let at = next;
    while (at > 0 && byOrder(list[at - 1] as Value, value) > 0) {
      list[at] = list[at - 1] as Value;
      at -= 1;
    }
    list[at] = value;
  }
  return list;
}

export function sortedKeys(object: ObjectValue, budget: Budget): Value[] {
  return sortValues(keysOf(object), budget);
}

provideOrder(sortValues);
