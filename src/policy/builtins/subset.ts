/**
 * `object.subset`: whether the second value is part of the first one. Objects are compared member by
 * member and as deep as both are objects, sets and arrays of one kind; a set is also looked for in an array.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { equal } from "../plan/values/compare.ts";
import { keyOf } from "../plan/values/key.ts";
import { keysOf, lookUp, sizeOf } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";

export function isSubset(context: BuiltinContext, whole: Value, part: Value): Value | undefined {
  const { budget } = context;
  if (isArray(whole) && part instanceof RegoSet) return isSetInArray(whole, part, budget);
  return (
    isPart(whole, part, budget, 0) ??
    context.fail("both arguments object.subset must be of the same type or array and set")
  );
}

/** Undefined for values that are not both objects, both sets or both arrays. */
function isPart(whole: Value, part: Value, budget: Budget, depth: number): boolean | undefined {
  if (isArray(whole)) return isArray(part) ? isRun(whole, part, budget) : undefined;
  if (whole instanceof RegoSet) {
    return part instanceof RegoSet ? isPartOfSet(whole, part, budget) : undefined;
  }
  if (!isObject(whole) || !isObject(part)) return undefined;
  return isPartOfObject(whole, part, budget, depth);
}

function isPartOfObject(
  whole: ObjectValue,
  part: ObjectValue,
  budget: Budget,
  depth: number,
): boolean {
  budget.descend(depth);
  budget.spend(sizeOf(part, budget));
  for (const key of keysOf(part)) {
    const other = lookUp(whole, key, budget);
    if (other === undefined) return false;
    const member = lookUp(part, key, budget) as Value;
    const isFound = isPart(other, member, budget, depth + 1) ?? equal(member, other, budget);
    if (!isFound) return false;
  }
  return true;
}

function isPartOfSet(whole: RegoSet, part: RegoSet, budget: Budget): boolean {
  budget.spend(part.size);
  for (const key of part.keys()) if (!whole.hasKey(key)) return false;
  return true;
}

/** Whether `whole` holds the elements of `part` one after the other. */
function isRun(whole: readonly Value[], part: readonly Value[], budget: Budget): boolean {
  const lastStart = whole.length - part.length;
  for (let start = 0; start <= lastStart; start++) {
    budget.spend(1);
    if (startsAt(whole, start, part, budget)) return true;
  }
  return false;
}

function startsAt(
  whole: readonly Value[],
  start: number,
  part: readonly Value[],
  budget: Budget,
): boolean {
  for (let index = 0; index < part.length; index++) {
    budget.spend(1);
    if (!equal(whole[start + index] as Value, part[index] as Value, budget)) return false;
  }
  return true;
}

/**
 * OPA counts what it finds and stops at the size of the set: elements that are found twice count twice,
 * and the empty set is in every array but the empty one.
 */
function isSetInArray(whole: readonly Value[], part: RegoSet, budget: Budget): boolean {
  budget.spend(whole.length);
  let unmatched = part.size;
  for (const item of whole) {
    if (part.hasKey(keyOf(item, budget))) unmatched--;
    if (unmatched === 0) return true;
  }
  return false;
}
