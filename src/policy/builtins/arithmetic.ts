/**
 * `+ - * / %` and rounding. Integers are computed exactly, everything else in OPA's floats of 64 bits,
 * whose results are written as OPA writes them. Small integers are done in place.
 *
 * @module
 */
import {
  add,
  type BigFloat,
  divide,
  fromInteger,
  isInteger,
  multiply,
  subtract,
  truncate,
} from "../plan/values/big-float.ts";
import type { Budget } from "../plan/values/budget.ts";
import { spendDigits } from "../plan/values/digit-cost.ts";
import { isNumber, isSet, type RegoNumber, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import {
  floatOf,
  integerOf,
  isIntegral,
  numberFromFloat,
  numberFromInteger,
} from "./number-operands.ts";
import { wrongType } from "./operands.ts";
import { difference } from "./set-difference.ts";

interface Operation {
  exact(a: bigint, b: bigint): bigint;
  float(a: BigFloat, b: BigFloat): BigFloat;
}

const ADDITION: Operation = { exact: (a, b) => a + b, float: (a, b) => add(a, b) };
const SUBTRACTION: Operation = { exact: (a, b) => a - b, float: (a, b) => subtract(a, b) };
const MULTIPLICATION: Operation = { exact: (a, b) => a * b, float: (a, b) => multiply(a, b) };

function compute(
  { exact, float }: Operation,
  a: RegoNumber,
  b: RegoNumber,
  budget: Budget,
): RegoNumber {
  if (isIntegral(a) && isIntegral(b)) {
    const x = integerOf(a, budget) as bigint;
    return numberFromInteger(exact(x, integerOf(b, budget) as bigint), budget);
  }
  return numberFromFloat(float(floatOf(a, budget), floatOf(b, budget)), budget);
}

function plus(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (areSafe(a, b, sum)) return sum;
  }
  return calculate(ADDITION, context, a, b);
}

function minus(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const rest = a - b;
    if (areSafe(a, b, rest)) return rest;
  }
  if (isNumber(a) && isNumber(b)) return compute(SUBTRACTION, a, b, context.budget);
  if (isSet(a) && isSet(b)) return difference(a, b, context.budget);
  if (!isNumber(a) && !isSet(a)) return wrongType(context, 1, a, "number", "set");
  return wrongType(context, 2, b, isNumber(b) ? "set" : "number");
}

function mul(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (areSafe(a, b, product)) return product + 0;
  }
  return calculate(MULTIPLICATION, context, a, b);
}

function areSafe(a: number, b: number, result: number): boolean {
  return Number.isSafeInteger(result) && Number.isSafeInteger(a) && Number.isSafeInteger(b);
}

function calculate(
  operation: Operation,
  context: BuiltinContext,
  a: Value,
  b: Value,
): Value | undefined {
  if (!isNumber(a)) return wrongType(context, 1, a, "number");
  if (!isNumber(b)) return wrongType(context, 2, b, "number");
  return compute(operation, a, b, context.budget);
}

function div(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!isNumber(a)) return wrongType(context, 1, a, "number");
  if (!isNumber(b)) return wrongType(context, 2, b, "number");
  if (typeof a === "number" && typeof b === "number" && b !== 0 && a !== 0) {
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && a % b === 0) return a / b;
  }
  const { budget } = context;
  const divisor = floatOf(b, budget);
  if (divisor.mantissa === 0n) return context.fail("divide by zero");
  return numberFromFloat(divide(floatOf(a, budget), divisor), budget);
}

function rem(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!isNumber(a)) return wrongType(context, 1, a, "number");
  if (!isNumber(b)) return wrongType(context, 2, b, "number");
  if (!isIntegral(a) || !isIntegral(b)) return context.fail("modulo on floating-point number");
  if (b === 0) return context.fail("modulo by zero");
  if (typeof a === "number" && typeof b === "number") {
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return (a % b) + 0;
  }
  const { budget } = context;
  const divisor = integerOf(b, budget) as bigint;
  if (divisor === 0n) return context.fail("modulo by zero");
  return numberFromInteger((integerOf(a, budget) as bigint) % divisor, budget);
}

/** A function of one number that leaves integers of 32 bits as `small` says. */
function unary(
  small: (value: number) => number,
  float: (value: BigFloat, budget: Budget) => BigFloat,
): BuiltinFunction {
  return (context, value) => {
    if (typeof value === "number" && Number.isSafeInteger(value)) return small(value);
    if (!isNumber(value)) return wrongType(context, 1, value as Value, "number");
    return numberFromFloat(float(floatOf(value, context.budget), context.budget), context.budget);
  };
}

const HALF = { ...fromInteger(1n), exponent: -1 };
const ONE = fromInteger(1n);
const same = (value: number) => value;

function wholePart(value: BigFloat, budget: Budget): BigFloat {
  spendDigits(budget, Math.max(0, value.exponent));
  return fromInteger(truncate(value));
}

/** Away from zero where it lies in the middle. */
function roundFloat(value: BigFloat, budget: Budget): BigFloat {
  return wholePart(value.negative ? subtract(value, HALF) : add(value, HALF), budget);
}

/** What is above -1 and below 0 becomes 1, as in OPA: its whole part, 0, has lost the sign. */
function ceilFloat(value: BigFloat, budget: Budget): BigFloat {
  const whole = wholePart(value, budget);
  return whole.negative || isInteger(value) ? whole : add(whole, ONE);
}

/** What is above -1 and below 0 becomes 0, for the same reason. */
function floorFloat(value: BigFloat, budget: Budget): BigFloat {
  const whole = wholePart(value, budget);
  return !whole.negative || isInteger(value) ? whole : subtract(whole, ONE);
}

export const ARITHMETIC: BuiltinTable = {
  plus: plus as BuiltinFunction,
  minus: minus as BuiltinFunction,
  mul: mul as BuiltinFunction,
  div: div as BuiltinFunction,
  rem: rem as BuiltinFunction,
  abs: unary(Math.abs, (value) => ({ ...value, negative: false })),
  round: unary(same, roundFloat),
  ceil: unary(same, ceilFloat),
  floor: unary(same, floorFloat),
};
