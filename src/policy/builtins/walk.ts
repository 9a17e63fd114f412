/**
 * `walk`: every value within a value with its path, parents first, members in Rego's order. A relation:
 * plans scan the pairs that it gives.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { sortedKeys } from "../plan/values/compare.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";

/** A pair is two arrays; what a short path holds costs little beside them. */
const VALUES_PER_PAIR = 2;
const PATH_ELEMENTS_PER_VALUE = 8;

export function walk({ budget }: BuiltinContext, root: Value): Value {
  const pairs: Value[] = [];
  visit(pairs, [], root, budget);
  return pairs;
}

function visit(pairs: Value[], path: readonly Value[], value: Value, budget: Budget): void {
  budget.descend(path.length);
  budget.spend(1 + path.length);
  budget.create(VALUES_PER_PAIR + Math.floor(path.length / PATH_ELEMENTS_PER_VALUE));
  pairs.push([path, value]);
  if (isArray(value)) {
    for (const [index, item] of value.entries()) visit(pairs, [...path, index], item, budget);
  } else if (value instanceof RegoSet) {
    for (const item of value.sorted(budget)) visit(pairs, [...path, item], item, budget);
  } else if (isObject(value)) {
    for (const key of sortedKeys(value, budget)) {
      visit(pairs, [...path, key], lookUp(value, key, budget) as Value, budget);
    }
  }
}
