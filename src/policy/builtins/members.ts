/**
 * The `in` operator: `x in xs` is `internal.member_2`, `k, x in xs` is `internal.member_3`.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { equal } from "../plan/values/compare.ts";
import { Decimal } from "../plan/values/decimal.ts";
import { keysOf, lookUp, sizeOf } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { stepInto } from "./path-step.ts";

/** The fast search passes this many elements within one step, if they are short. */
const ELEMENTS_PER_STEP = 8;
const SHORT_LENGTH = 256;

function isMember({ budget }: BuiltinContext, value: Value, collection: Value): boolean {
  if (typeof collection !== "object" || collection === null) return false;
  if (collection instanceof RegoSet) return collection.has(value, budget);
  if (isArray(collection)) return isInArray(value, collection, budget);
  return isObject(collection) && isInObject(value, collection, budget);
}

function isInArray(value: Value, array: readonly Value[], budget: Budget): boolean {
  if (typeof value !== "object" || value === null) {
    const length = typeof value === "string" ? value.length : 0;
    budget.spend(1 + (array.length / ELEMENTS_PER_STEP) * (1 + length / SHORT_LENGTH));
    if (array.includes(value)) return true;
    // Only a number can equal what is not identical to it: `1` and `1.0`.
    if (typeof value !== "number") return false;
  }
  budget.spend(array.length);
  for (const item of array) if (equal(value, item, budget)) return true;
  return false;
}

function isInObject(value: Value, object: ObjectValue, budget: Budget): boolean {
  budget.spend(sizeOf(object, budget));
  for (const key of keysOf(object)) {
    const item = lookUp(object, key, budget);
    if (item !== undefined && equal(value, item, budget)) return true;
  }
  return false;
}

function isMemberAt({ budget }: BuiltinContext, key: Value, value: Value, from: Value): boolean {
  if (from === null || typeof from !== "object" || from instanceof Decimal) return false;
  const found = stepInto(from, key, budget);
  return found !== undefined && equal(value, found, budget);
}

export const MEMBERS: BuiltinTable = {
  "internal.member_2": isMember,
  "internal.member_3": isMemberAt,
};
