/**
 * A number whose JSON text is not the one JavaScript would write: kept as written, compared exactly.
 *
 * @module
 */
import { binaryExponent, fromLiteral } from "./big-float.ts";
import { parseLiteral, trimEnd } from "./number-literal.ts";

export class Decimal {
  /** JSON number literal, exactly as it was read or computed. */
  readonly text: string;
  #parts: DecimalParts | undefined;
  #key: number | string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get parts(): DecimalParts {
    this.#parts ??= decimalParts(this.text);
    return this.#parts;
  }

  /** See `numberKey`. */
  get key(): number | string {
    this.#key ??= keyOfDecimal(this);
    return this.#key;
  }
}

/** `sign` × 0.`digits` × 10^`scale`; digits without leading and trailing zeros, empty for zero. */
export interface DecimalParts {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly scale: number;
}

const ZERO_PARTS: DecimalParts = { sign: 0, digits: "", scale: 0 };
/** Numbers that small pass the check of range only where they underflow: OPA's floats make them zero. */
const UNDERFLOW_SCALE = -1_000_000;

/** @throws {RangeError} for text that is no number. */
export function decimalParts(text: string): DecimalParts {
  const literal = parseLiteral(text);
  if (literal === undefined) throw new RangeError("not a number");
  let { digits, exponentTen } = literal;
  if (literal.exponentTwo !== 0 && digits !== "") {
    const power = literal.exponentTwo;
    if (power < 0) exponentTen += power;
    const factor = power < 0 ? 5n ** BigInt(-power) : 1n << BigInt(power);
    digits = (BigInt(digits) * factor).toString();
  }
  const scale = digits.length + exponentTen;
  if (digits === "" || scale < UNDERFLOW_SCALE) return ZERO_PARTS;
  return { sign: literal.negative ? -1 : 1, digits: trimEnd(digits), scale };
}

/** No number with an exponent that is shorter than this, exponent counted, can be out of range. */
const DIGITS_MAX_UNCHECKED = 25_000;
const BINARY_EXPONENT_MAX = 100_000;
const EXPONENT_MARK = /[eE]/;

/**
 * The one representation of a number literal. As in OPA, an exponent beyond 2^±100000 is refused; only
 * numbers written without one may be longer, since they cost what they weigh.
 *
 * @throws {RangeError} for text that is no number or out of range.
 */
export function numberFromText(text: string): number | Decimal {
  const float = Number(text);
  if (String(float) === text && Number.isFinite(float)) return float;
  const decimal = new Decimal(text);
  const mark = text.search(EXPONENT_MARK);
  if (mark >= 0 && !isInRange(text, mark)) throw new RangeError("number out of range");
  void decimal.parts;
  return decimal;
}

/** Digits that decide about the range: more only move the number within its own last places. */
const RANGE_DIGITS_MAX = 1_000;

function isInRange(text: string, mark: number): boolean {
  if (mark + Math.abs(Number(text.slice(mark + 1))) <= DIGITS_MAX_UNCHECKED) return true;
  const literal = parseLiteral(text);
  if (literal === undefined) return false;
  const digits = literal.digits.slice(0, RANGE_DIGITS_MAX);
  const exponentTen = literal.exponentTen + literal.digits.length - digits.length;
  const float = fromLiteral({ ...literal, digits, exponentTen });
  if (float === undefined || float.infinite) return false;
  return Math.abs(binaryExponent(float)) <= BINARY_EXPONENT_MAX;
}

export function numberText(value: number | Decimal): string {
  return typeof value === "number" ? String(value === 0 ? 0 : value) : value.text;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** @throws {RangeError} for a number that text in another notation was made into, such as `+1`. */
export function jsonNumber(value: Decimal): string {
  if (!JSON_NUMBER.test(value.text)) throw new RangeError("number in no JSON notation");
  return value.text;
}

/** Below, equal or above zero as `a` is less than, equal to or greater than `b`, exactly. */
export function compareNumbers(a: number | Decimal, b: number | Decimal): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  const x = typeof a === "number" ? decimalParts(numberText(a)) : a.parts;
  const y = typeof b === "number" ? decimalParts(numberText(b)) : b.parts;
  const order = compareParts(x, y);
  return order !== 0 && areSameDoubles(numberText(a), numberText(b)) ? 0 : order;
}

function compareParts(x: DecimalParts, y: DecimalParts): number {
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.scale !== y.scale) return x.scale < y.scale ? -x.sign : x.sign;
  return x.digits < y.digits ? -x.sign : x.digits > y.digits ? x.sign : 0;
}

const FRACTION = /\..*[^.0]/;

/** OPA takes two fractions that both end with zeros as equal where their doubles are. */
function areSameDoubles(a: string, b: string): boolean {
  if (!isZeroEnded(a) || !isZeroEnded(b)) return false;
  const double = Number(a);
  return double === Number(b) && Number.isFinite(double);
}

function isZeroEnded(text: string): boolean {
  return text.endsWith("0") && FRACTION.test(text);
}

/**
 * Equal numbers have equal keys, however they are written: a `number` where one is exactly equal. (OPA's
 * sets also tell equal numbers apart that no double can hold, such as 1e400 and 10e399; these do not.)
 */
export function numberKey(value: number | Decimal): number | string {
  if (typeof value === "number") return value === 0 ? 0 : value;
  return value.key;
}

function keyOfDecimal(value: Decimal): number | string {
  const { sign, digits, scale } = value.parts;
  if (sign === 0) return 0;
  const float = Number(value.text);
  if (Number.isFinite(float) && compareParts(decimalParts(String(float)), value.parts) === 0)
    return float;
  return `\u0000d${sign < 0 ? "-" : ""}${digits}e${scale}`;
}
