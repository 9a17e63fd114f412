/**
 * One step of a path into a value.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { integerFrom } from "../plan/values/integer.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type Value } from "../plan/values/value.ts";

/** An element of a set is found as the path writes it: `1.0` where the set holds `1`. */
export function stepInto(value: Value, key: Value, budget: Budget): Value | undefined {
  if (isArray(value)) {
    const index = integerFrom(key);
    return index === undefined ? undefined : value[index];
  }
  if (value instanceof RegoSet) return value.has(key, budget) ? key : undefined;
  return isObject(value) ? lookUp(value, key, budget) : undefined;
}
