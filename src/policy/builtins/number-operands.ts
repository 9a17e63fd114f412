/**
 * Numbers as builtins take and give them: as integers of any size, as OPA's floats, and back as text.
 *
 * @module
 */
import { type BigFloat, fromText } from "../plan/values/big-float.ts";
import { floatText } from "../plan/values/big-float-text.ts";
import type { Budget } from "../plan/values/budget.ts";
import { decimalParts, numberFromText, numberText } from "../plan/values/decimal.ts";
import { spendDigits } from "../plan/values/digit-cost.ts";
import { isNumber, type RegoNumber, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";
import { wrongType } from "./operands.ts";

const BITS_PER_DIGIT = 3.3;

/** The integer that the number is, however it is written (`1.0`, `1e2`); undefined for a fraction. */
export function integerOf(value: RegoNumber, budget: Budget): bigint | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  const { sign, digits, scale } = partsOf(value);
  if (scale < digits.length) return undefined;
  spendDigits(budget, scale);
  const magnitude = BigInt(digits.padEnd(scale, "0"));
  return sign < 0 ? -magnitude : magnitude;
}

export function isIntegral(value: RegoNumber): boolean {
  if (typeof value === "number" && Number.isSafeInteger(value)) return true;
  const { digits, scale } = partsOf(value);
  return scale >= digits.length;
}

function partsOf(value: RegoNumber) {
  return typeof value === "number" ? decimalParts(numberText(value)) : value.parts;
}

/** The number in 64 bits of mantissa. */
export function floatOf(value: RegoNumber, budget: Budget): BigFloat {
  const text = numberText(value);
  spendDigits(budget, text.length);
  const float = fromText(text);
  // Every number was checked when it was made; only one without an exponent mark can be too long.
  if (float === undefined) return budget.stop("bytes");
  return float;
}

export function numberFromInteger(value: bigint, budget: Budget): RegoNumber {
  if (value >= -MAX_SAFE && value <= MAX_SAFE) return Number(value);
  return numberFromText(integerText(value, budget));
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Decimal text, charged by its length. */
export function integerText(value: bigint, budget: Budget): string {
  spendDigits(budget, bitsAtMost(value) / BITS_PER_DIGIT);
  return value.toString();
}

/** Rounded up to words. */
export function bitsAtMost(value: bigint): number {
  let bits = 64;
  while (BigInt.asIntN(bits, value) !== value) bits *= 2;
  return bits;
}

export function numberFromFloat(value: BigFloat, budget: Budget): RegoNumber {
  return numberFromText(floatText(value, budget));
}

/** Operand `position` as an integer of any size; otherwise the call fails and this is undefined. */
export function bigIntegerOperand(
  context: BuiltinContext,
  position: number,
  value: Value,
): bigint | undefined {
  if (!isNumber(value)) return wrongType(context, position, value, "integer");
  const integer = integerOf(value, context.budget);
  if (integer !== undefined) return integer;
  return context.fail(`operand ${position} must be integer number but got floating-point number`);
}
