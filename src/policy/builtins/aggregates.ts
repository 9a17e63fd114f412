/**
 * What a collection comes to: how many, how much, the least and the greatest, and all in order.
 *
 * `sort` keeps equal numbers that are written differently (1 and 1.0) in the order they had; Go's sort is
 * not stable and may swap them in arrays of more than twelve elements.
 *
 * @module
 */
import {
  add,
  type BigFloat,
  DOUBLE_PRECISION,
  fromInteger,
  multiply,
} from "../plan/values/big-float.ts";
import type { Budget } from "../plan/values/budget.ts";
import { compare, sortValues } from "../plan/values/compare.ts";
import { spendDigits } from "../plan/values/digit-cost.ts";
import { sizeOf } from "../plan/values/object.ts";
import {
  isArray,
  isNumber,
  isObject,
  isSet,
  type RegoNumber,
  typeName,
  type Value,
} from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import {
  bitsAtMost,
  floatOf,
  integerOf,
  isIntegral,
  numberFromFloat,
  numberFromInteger,
} from "./number-operands.ts";
import { wrongType } from "./operands.ts";

const CHARACTERS_PER_STEP = 16;
const DIGITS_PER_BIT = 0.302;

function count(context: BuiltinContext, value: Value): Value | undefined {
  if (isArray(value)) return value.length;
  if (isSet(value)) return value.size;
  if (isObject(value)) return sizeOf(value, context.budget);
  if (typeof value === "string") return countCharacters(value, context.budget);
  return wrongType(context, 1, value, "array", "object", "set", "string");
}

function countCharacters(text: string, budget: Budget): number {
  budget.spend(text.length / CHARACTERS_PER_STEP);
  let total = text.length;
  for (let index = 1; index < text.length; index++) {
    if ((text.charCodeAt(index) & 0xfc00) !== 0xdc00) continue;
    if ((text.charCodeAt(index - 1) & 0xfc00) === 0xd800) total--;
  }
  return total;
}

/** Elements in the order in which OPA visits them; otherwise the call fails and this is undefined. */
function elements(context: BuiltinContext, value: Value): readonly Value[] | undefined {
  if (isArray(value)) return value;
  if (isSet(value)) return value.sorted(context.budget);
  return wrongType(context, 1, value, "set", "array");
}

interface Accumulation {
  readonly exact: (total: bigint, next: bigint) => bigint;
  readonly start: bigint;
  readonly float: (total: BigFloat, next: BigFloat) => BigFloat;
  readonly floatStart: BigFloat;
}

const SUM: Accumulation = {
  exact: (total, next) => total + next,
  start: 0n,
  float: (total, next) => add(total, next),
  floatStart: fromInteger(0n),
};

/** OPA's product of fractions starts from a double, and so all its steps have the bits of one. */
const PRODUCT: Accumulation = {
  exact: (total, next) => total * next,
  start: 1n,
  float: (total, next) => multiply(total, next, DOUBLE_PRECISION),
  floatStart: { ...fromInteger(1n), precision: DOUBLE_PRECISION },
};

function sum(context: BuiltinContext, value: Value): Value | undefined {
  const items = elements(context, value);
  if (items === undefined) return undefined;
  context.budget.spend(items.length);
  let total = 0;
  for (const item of items) {
    if (typeof item !== "number") return accumulate(context, SUM, value, items);
    total += item;
    const isExact = Number.isSafeInteger(item) && Number.isSafeInteger(total);
    if (!isExact) return accumulate(context, SUM, value, items);
  }
  return total;
}

function product(context: BuiltinContext, value: Value): Value | undefined {
  const items = elements(context, value);
  if (items === undefined) return undefined;
  context.budget.spend(items.length);
  return accumulate(context, PRODUCT, value, items);
}

function accumulate(
  context: BuiltinContext,
  accumulation: Accumulation,
  collection: Value,
  items: readonly Value[],
): Value | undefined {
  const { budget } = context;
  if (!areNumbers(items)) return context.fail(elementError(collection, items));
  if (items.every(isIntegral)) return accumulateIntegers(accumulation, items, budget);
  const { float, floatStart } = accumulation;
  const total = items.reduce<BigFloat>(
    (subtotal, item) => float(subtotal, floatOf(item, budget)),
    floatStart,
  );
  return numberFromFloat(total, budget);
}

function accumulateIntegers(
  { exact, start }: Accumulation,
  items: readonly RegoNumber[],
  budget: Budget,
): RegoNumber {
  let total = start;
  for (const item of items) {
    total = exact(total, integerOf(item, budget) as bigint);
    spendDigits(budget, bitsAtMost(total) * DIGITS_PER_BIT);
  }
  return numberFromInteger(total, budget);
}

function areNumbers(items: readonly Value[]): items is readonly RegoNumber[] {
  return items.every(isNumber);
}

function elementError(collection: Value, items: readonly Value[]): string {
  const type = typeName(collection);
  const found = typeName(items.find((item) => !isNumber(item)) as Value);
  return `operand 1 must be ${type} of numbers but got ${type} containing ${found}`;
}

/** The last of equals. Of nothing there is none, and that is no error. */
function extreme(sign: 1 | -1): BuiltinFunction {
  return (context, value) => {
    const items = elements(context, value as Value);
    if (items === undefined) return undefined;
    context.budget.spend(items.length);
    let found = items[0];
    for (const item of items) {
      if (sign * compare(item, found as Value, context.budget) >= 0) found = item;
    }
    return found;
  };
}

function sort(context: BuiltinContext, value: Value): Value | undefined {
  if (isSet(value)) return value.sorted(context.budget);
  if (!isArray(value)) return wrongType(context, 1, value, "set", "array");
  context.budget.create(value.length);
  return sortValues(value, context.budget);
}

export const AGGREGATES: BuiltinTable = {
  count: count as BuiltinFunction,
  sum: sum as BuiltinFunction,
  product: product as BuiltinFunction,
  max: extreme(1),
  min: extreme(-1),
  sort: sort as BuiltinFunction,
};
