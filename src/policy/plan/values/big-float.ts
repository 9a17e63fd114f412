/**
 * Binary floating point of any precision, rounded to nearest even, as OPA computes with it (Go's
 * `math/big`): 64 bits unless a value was made from an integer that needs more.
 *
 * @module
 */
import { type NumberLiteral, parseLiteral } from "./number-literal.ts";

/** ± `mantissa` × 2^`exponent`. A mantissa of zero is a zero with a sign. */
export interface BigFloat {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
  /** Bits to which results with this operand are rounded. */
  readonly precision: number;
  readonly infinite: boolean;
}

/** What OPA's floats have unless they are told otherwise. */
export const PRECISION = 64;
/** Of a float that Go makes from one of its own doubles. */
export const DOUBLE_PRECISION = 53;
const BINARY_EXPONENT_MIN = -(2 ** 31);
const BINARY_EXPONENT_MAX = 2 ** 31 - 1;

const DOUBLE = new DataView(new ArrayBuffer(8));
const DOUBLE_EXPONENT_SHIFT = 20;
const DOUBLE_EXPONENT_BIAS = 1_022;
const BITS_PER_HEX_DIGIT = 4;

/** Read off a double's exponent where the value has one. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const double = Number(value);
  if (double === Number.POSITIVE_INFINITY) return longBitLength(value);
  DOUBLE.setFloat64(0, double);
  const bits = (DOUBLE.getUint32(0) >>> DOUBLE_EXPONENT_SHIFT) - DOUBLE_EXPONENT_BIAS;
  // The double may have been rounded up to a power of two.
  return bits > DOUBLE_PRECISION && value >> BigInt(bits - 1) === 0n ? bits - 1 : bits;
}

function longBitLength(value: bigint): number {
  const hex = value.toString(16);
  const first = 32 - Math.clz32(Number.parseInt(hex.charAt(0), 16));
  return (hex.length - 1) * BITS_PER_HEX_DIGIT + first;
}

/** The exponent that the value has with a mantissa from ½ to below 1; 0 for zero. */
export function binaryExponent(value: BigFloat): number {
  return value.mantissa === 0n ? 0 : value.exponent + bitLength(value.mantissa);
}

export function isInteger(value: BigFloat): boolean {
  if (value.infinite) return false;
  if (value.mantissa === 0n || value.exponent >= 0) return true;
  return (value.mantissa & ((1n << BigInt(-value.exponent)) - 1n)) === 0n;
}

function special(negative: boolean, precision: number, infinite: boolean): BigFloat {
  return { negative, mantissa: 0n, exponent: 0, precision, infinite };
}

function rounded(
  negative: boolean,
  mantissa: bigint,
  exponent: number,
  precision: number,
): BigFloat {
  const bits = bitLength(mantissa);
  const leading = exponent + bits;
  if (bits === 0 || leading < BINARY_EXPONENT_MIN) return special(negative, precision, false);
  if (leading > BINARY_EXPONENT_MAX) return special(negative, precision, true);
  const excess = bits - precision;
  if (excess <= 0) return { negative, mantissa, exponent, precision, infinite: false };
  const shift = BigInt(excess);
  const half = 1n << (shift - 1n);
  const kept = mantissa >> shift;
  const cut = mantissa & ((half << 1n) - 1n);
  const up = cut > half || (cut === half && (kept & 1n) === 1n);
  const result = up ? kept + 1n : kept;
  return { negative, mantissa: result, exponent: exponent + excess, precision, infinite: false };
}

/** Exactly, with as many bits as it takes and 64 at least. */
export function fromInteger(value: bigint): BigFloat {
  const negative = value < 0n;
  const mantissa = negative ? -value : value;
  const precision = Math.max(bitLength(mantissa), PRECISION);
  return { negative, mantissa, exponent: 0, precision, infinite: false };
}

/** Undefined where Go reads no number: other text, or an exponent that overflows before rounding. */
export function fromText(text: string): BigFloat | undefined {
  const literal = parseLiteral(text);
  return literal === undefined ? undefined : fromLiteral(literal);
}

export function fromLiteral(literal: NumberLiteral): BigFloat | undefined {
  const { negative, digits, exponentTen, exponentTwo } = literal;
  if (digits === "") return special(negative, PRECISION, false);
  const mantissa = BigInt(digits);
  const exponent = exponentTen + exponentTwo;
  const leading = bitLength(mantissa) + exponent;
  if (leading < BINARY_EXPONENT_MIN || leading > BINARY_EXPONENT_MAX) return undefined;
  if (exponentTen === 0) return rounded(negative, mantissa, exponent, PRECISION);
  const value = { negative, mantissa, exponent, precision: PRECISION, infinite: false };
  const power = powerOfFive(Math.abs(exponentTen));
  return exponentTen < 0 ? divide(value, power, PRECISION) : multiply(value, power, PRECISION);
}

const FIVE_EXACT_MAX = 27;
const FIVE_PRECISION = PRECISION + 64;
const FACTOR_PRECISION = FIVE_PRECISION + 64;

const ONE_OF_FIVE: BigFloat = { ...fromInteger(1n), precision: FIVE_PRECISION };

/** 5^`power` in 128 bits, multiplied up by squares in Go's order: each step's rounding counts. */
function powerOfFive(power: number): BigFloat {
  const exact = Math.min(power, FIVE_EXACT_MAX);
  const mantissa = 5n ** BigInt(exact);
  let result: BigFloat = { ...ONE_OF_FIVE, mantissa };
  let factor: BigFloat = { ...ONE_OF_FIVE, mantissa: 5n, precision: FACTOR_PRECISION };
  for (let left = power - exact; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, factor, FIVE_PRECISION);
    factor = multiply(factor, factor, FACTOR_PRECISION);
  }
  return result;
}

const wider = (a: BigFloat, b: BigFloat): number => Math.max(a.precision, b.precision);

function negate(value: BigFloat): BigFloat {
  return { ...value, negative: !value.negative };
}

export function subtract(a: BigFloat, b: BigFloat): BigFloat {
  return add(a, negate(b));
}

export function add(a: BigFloat, b: BigFloat, precision = wider(a, b)): BigFloat {
  if (a.infinite || (b.mantissa === 0n && !b.infinite)) return addNothing(a, b, precision);
  if (b.infinite || a.mantissa === 0n) return addNothing(b, a, precision);
  const [high, low] = binaryExponent(a) >= binaryExponent(b) ? [a, b] : [b, a];
  const guard = precision + 2;
  const gap = high.exponent - binaryExponent(low);
  // What lies far below only tells on which side of `high` the sum is: one unit says the same.
  if (gap > guard) {
    const unit = { ...low, mantissa: 1n, exponent: high.exponent - guard };
    return sum(high, unit, precision);
  }
  return sum(high, low, precision);
}

function sum(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  const exponent = Math.min(a.exponent, b.exponent);
  const total = signed(a, exponent) + signed(b, exponent);
  const negative = total < 0n;
  return rounded(negative, negative ? -total : total, exponent, precision);
}

function signed(value: BigFloat, exponent: number): bigint {
  const mantissa = value.mantissa << BigInt(value.exponent - exponent);
  return value.negative ? -mantissa : mantissa;
}

/** `a` with a zero beside it, or an infinity with anything. Two zeros are negative if both are. */
function addNothing(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  if (a.infinite) return special(a.negative, precision, true);
  if (a.mantissa === 0n) return special(a.negative && b.negative, precision, false);
  return rounded(a.negative, a.mantissa, a.exponent, precision);
}

export function multiply(a: BigFloat, b: BigFloat, precision = wider(a, b)): BigFloat {
  const negative = a.negative !== b.negative;
  if (a.infinite || b.infinite) return special(negative, precision, true);
  return rounded(negative, a.mantissa * b.mantissa, a.exponent + b.exponent, precision);
}

/** `b` is not zero. */
export function divide(a: BigFloat, b: BigFloat, precision = wider(a, b)): BigFloat {
  const negative = a.negative !== b.negative;
  if (a.infinite) return special(negative, precision, true);
  if (b.infinite || a.mantissa === 0n) return special(negative, precision, false);
  const missing = precision + 2 + bitLength(b.mantissa) - bitLength(a.mantissa);
  const shift = Math.max(0, missing);
  const dividend = a.mantissa << BigInt(shift);
  const quotient = dividend / b.mantissa;
  const rest = dividend - quotient * b.mantissa === 0n ? 0n : 1n;
  const exponent = a.exponent - b.exponent - shift - 1;
  return rounded(negative, (quotient << 1n) | rest, exponent, precision);
}

/** Towards zero. `value` is not infinite. */
export function truncate(value: BigFloat): bigint {
  const { negative, mantissa, exponent } = value;
  const whole = exponent < 0 ? mantissa >> BigInt(-exponent) : mantissa << BigInt(exponent);
  return negative ? -whole : whole;
}
