/**
 * Bitwise operations on integers of any size, negative ones in two's complement.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import type { RegoNumber, Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { bigIntegerOperand, bitsAtMost, numberFromInteger } from "./number-operands.ts";

const BITS_PER_BYTE = 8;
const BITS_PER_STEP = 1_024;

function binary(
  small: (a: number, b: number) => number,
  exact: (a: bigint, b: bigint) => bigint,
): BuiltinFunction {
  return (context, a, b) => {
    if (isSmall(a) && isSmall(b)) return small(a, b);
    const x = bigIntegerOperand(context, 1, a as Value);
    if (x === undefined) return undefined;
    const y = bigIntegerOperand(context, 2, b as Value);
    return y === undefined ? undefined : numberFromInteger(exact(x, y), context.budget);
  };
}

/** What JavaScript's own operators take as it is: an integer of 32 bits. */
function isSmall(value: Value | undefined): value is number {
  return typeof value === "number" && (value | 0) === value;
}

function negate(context: BuiltinContext, value: Value): Value | undefined {
  if (isSmall(value)) return ~value;
  const integer = bigIntegerOperand(context, 1, value);
  return integer === undefined ? undefined : numberFromInteger(~integer, context.budget);
}

const NEGATIVE = "operand 2 must be an unsigned integer number but got a negative integer";
/** OPA's shifts only look at so many bits of their distance. */
const DISTANCE_BITS = 64;

function shift(move: (value: bigint, distance: bigint, budget: Budget) => RegoNumber) {
  return (context: BuiltinContext, a: Value, b: Value): Value | undefined => {
    const value = bigIntegerOperand(context, 1, a);
    if (value === undefined) return undefined;
    const distance = bigIntegerOperand(context, 2, b);
    if (distance === undefined) return undefined;
    if (distance < 0n) return context.fail(NEGATIVE);
    return move(value, BigInt.asUintN(DISTANCE_BITS, distance), context.budget);
  };
}

function left(value: bigint, distance: bigint, budget: Budget): RegoNumber {
  if (value === 0n) return 0;
  budget.allocate(Number(distance) / BITS_PER_BYTE);
  budget.spend(Number(distance) / BITS_PER_STEP);
  return numberFromInteger(value << distance, budget);
}

function right(value: bigint, distance: bigint, budget: Budget): RegoNumber {
  // What is shifted out completely leaves only the sign; such a distance may be too far for BigInt.
  if (distance >= bitsAtMost(value)) return value < 0n ? -1 : 0;
  return numberFromInteger(value >> distance, budget);
}

export const BITS: BuiltinTable = {
  "bits.and": binary(
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  "bits.or": binary(
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  "bits.xor": binary(
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  "bits.negate": negate as BuiltinFunction,
  "bits.lsh": shift(left) as BuiltinFunction,
  "bits.rsh": shift(right) as BuiltinFunction,
};
