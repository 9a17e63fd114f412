/**
 * What the builtins on arrays, objects and sets share: how they take arguments and how they step into
 * values.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { integerFrom } from "../plan/values/integer.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";

/** The argument at `position`, counted from 1, has none of the types that are `wanted`. */
export function refused(
  context: BuiltinContext,
  position: number,
  got: Value,
  ...wanted: readonly string[]
): undefined {
  const types = wanted.length === 1 ? wanted[0] : `one of {${wanted.join(", ")}}`;
  return context.fail(`operand ${position} must be ${types} but got ${typeName(got)}`);
}

/** Before `count` elements are read and put into a new value. */
export function chargeElements(budget: Budget, count: number): void {
  budget.spend(count);
  budget.create(count);
}

/**
 * One step of a path. An element of a set is found as the path writes it: `1.0` where the set holds `1`.
 */
export function stepInto(value: Value, key: Value, budget: Budget): Value | undefined {
  if (isArray(value)) {
    const index = integerFrom(key);
    return index === undefined ? undefined : value[index];
  }
  if (value instanceof RegoSet) return value.has(key, budget) ? key : undefined;
  return isObject(value) ? lookUp(value, key, budget) : undefined;
}
