/**
 * Arrays: `array.concat`, `array.flatten`, `array.reverse` and `array.slice`.
 *
 * @module
 */
import { integerFrom } from "../plan/values/integer.ts";
import { isArray, isNumber, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { chargeElements, wrongType } from "./operands.ts";

function concat(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!isArray(a)) return wrongType(context, 1, a, "array");
  if (!isArray(b)) return wrongType(context, 2, b, "array");
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  chargeElements(context.budget, a.length + b.length);
  return a.concat(b);
}

/** One level: what is nested deeper stays. */
function flatten(context: BuiltinContext, array: Value): Value | undefined {
  if (!isArray(array)) return wrongType(context, 1, array, "array");
  context.budget.spend(array.length);
  let length = 0;
  let isFlat = true;
  for (const item of array) {
    if (isArray(item)) {
      isFlat = false;
      length += item.length;
    } else length++;
  }
  if (isFlat) return array;
  chargeElements(context.budget, length);
  return (array as Value[]).flat() as Value[];
}

function reverse(context: BuiltinContext, array: Value): Value | undefined {
  if (!isArray(array)) return wrongType(context, 1, array, "array");
  if (array.length < 2) return array;
  chargeElements(context.budget, array.length);
  return array.toReversed();
}

/** Indices beyond the ends are moved to them; a slice that ends before it starts is empty. */
function slice(
  context: BuiltinContext,
  array: Value,
  start: Value,
  stop: Value,
): Value | undefined {
  if (!isArray(array)) return wrongType(context, 1, array, "array");
  const first = integerOperand(context, 2, start);
  if (first === undefined) return undefined;
  const end = integerOperand(context, 3, stop);
  if (end === undefined) return undefined;
  const to = Math.min(Math.max(end, 0), array.length);
  const from = Math.min(Math.max(first, 0), to);
  if (from === 0 && to === array.length) return array;
  chargeElements(context.budget, to - from);
  return array.slice(from, to);
}

function integerOperand(
  context: BuiltinContext,
  position: number,
  value: Value,
): number | undefined {
  if (!isNumber(value)) return wrongType(context, position, value, "number");
  return (
    integerFrom(value) ??
    context.fail(`operand ${position} must be integer number but got floating-point number`)
  );
}

export const ARRAYS: BuiltinTable = {
  "array.concat": concat,
  "array.flatten": flatten,
  "array.reverse": reverse,
  "array.slice": slice,
};
