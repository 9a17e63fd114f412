/**
 * Floating point as text: the shortest decimal that reads back as the same value in the value's own
 * precision, found and written as Go does.
 *
 * @module
 */
import { type BigFloat, bitLength, isInteger } from "./big-float.ts";
import type { Budget } from "./budget.ts";
import { spendDigits } from "./digit-cost.ts";
import { trimEnd } from "./number-literal.ts";

/** 0.`digits` × 10^`point`, without zeros at either end. */
interface Decimals {
  readonly digits: string;
  readonly point: number;
}

const FIVE_DIGITS = Math.log10(5);
const TWO_DIGITS = Math.log10(2);
const NINE = 9;
/** Below and from here on, counted in digits before the point, an exponent is written. */
const POINT_MIN = -3;
const POINT_MAX = 6;

/** Integers in full, others with an exponent where that is Go's habit. @throws {BudgetExceeded} */
export function floatText(value: BigFloat, budget: Budget): string {
  // Numbers as big as this cost far more to write than any budget allows.
  if (value.infinite) budget.stop("bytes");
  const sign = value.negative ? "-" : "";
  if (value.mantissa === 0n) return `${sign}0`;
  const decimals = shortest(value, budget);
  if (isInteger(value)) return sign + withoutExponent(decimals);
  const { point } = decimals;
  const small = point < POINT_MIN || point > POINT_MAX;
  return sign + (small ? withExponent(decimals) : withoutExponent(decimals));
}

function shortest(value: BigFloat, budget: Budget): Decimals {
  // One bit more than the precision, so that the last one is half a unit of it.
  const shift = value.precision + 1 - bitLength(value.mantissa);
  const mantissa = shift < 0 ? value.mantissa >> BigInt(-shift) : value.mantissa << BigInt(shift);
  const exponent = value.exponent - shift;
  spendDigits(budget, digitsAtMost(exponent) + value.precision, 3);
  const scale = exponent < 0 ? 5n ** BigInt(-exponent) : 1n << BigInt(exponent);
  const decimals = (units: bigint): Decimals => {
    const all = (units * scale).toString();
    return { digits: trimEnd(all), point: all.length + Math.min(exponent, 0) };
  };
  const isEven = (mantissa & 2n) === 0n;
  return between(decimals(mantissa - 1n), decimals(mantissa), decimals(mantissa + 1n), isEven);
}

/** Digits of 2^`exponent`: those of a power of two, or of one of five with as many places. */
function digitsAtMost(exponent: number): number {
  return exponent < 0 ? -exponent * FIVE_DIGITS : exponent * TWO_DIGITS;
}

/** Fewest digits within the bounds, which themselves count where `inclusive`. */
function between(lower: Decimals, exact: Decimals, upper: Decimals, inclusive: boolean): Decimals {
  for (let index = 0; index < exact.digits.length; index++) {
    const digit = digitAt(exact, index);
    const above = digitAt(upper, index);
    const isLast = inclusive && index + 1 === lower.digits.length;
    const down = digitAt(lower, index) !== digit || isLast;
    const farther = digit + 1 < above || index + 1 < upper.digits.length;
    const up = digit !== above && (inclusive || farther);
    if (down && up) return nearest(exact, index + 1);
    if (down) return cutDown(exact, index + 1);
    if (up) return cutUp(exact, index + 1);
  }
  return exact;
}

function digitAt({ digits }: Decimals, index: number): number {
  return index < digits.length ? digits.charCodeAt(index) - 0x30 : 0;
}

function nearest(exact: Decimals, count: number): Decimals {
  if (count >= exact.digits.length) return exact;
  const next = digitAt(exact, count);
  const isHalf = next === 5 && count + 1 === exact.digits.length;
  const up = isHalf ? digitAt(exact, count - 1) % 2 === 1 : next >= 5;
  return up ? cutUp(exact, count) : cutDown(exact, count);
}

function cutDown(exact: Decimals, count: number): Decimals {
  return { digits: trimEnd(exact.digits.slice(0, count)), point: exact.point };
}

function cutUp(exact: Decimals, count: number): Decimals {
  if (count >= exact.digits.length) return exact;
  let kept = count;
  while (kept > 0 && digitAt(exact, kept - 1) === NINE) kept--;
  if (kept === 0) return { digits: "1", point: exact.point + 1 };
  const last = digitAt(exact, kept - 1) + 1;
  return { digits: `${exact.digits.slice(0, kept - 1)}${last}`, point: exact.point };
}

function withExponent({ digits, point }: Decimals): string {
  const exponent = point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0)}${fraction}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}

function withoutExponent({ digits, point }: Decimals): string {
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return digits.padEnd(point, "0");
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}
