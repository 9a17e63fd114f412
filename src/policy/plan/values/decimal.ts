/**
 * A number whose JSON text is not the one JavaScript would write: kept as written, compared exactly.
 *
 * @module
 */
export class Decimal {
  /** JSON number literal, exactly as it was read or computed. */
  readonly text: string;
  #parts: DecimalParts | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get parts(): DecimalParts {
    this.#parts ??= decimalParts(this.text);
    return this.#parts;
  }
}

/** `sign` × 0.`digits` × 10^`scale`; digits without leading and trailing zeros, empty for zero. */
export interface DecimalParts {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly scale: number;
}

const LITERAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** @throws {RangeError} for text that is no JSON number. */
export function decimalParts(text: string): DecimalParts {
  const match = LITERAL.exec(text);
  if (match === null) throw new RangeError("not a number");
  const [, minus = "", whole = "", fraction = "", exponent = "0"] = match;
  const all = whole + fraction;
  const digits = all.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return { sign: 0, digits: "", scale: 0 };
  const scale = whole.length - (all.length - digits.length) + Number(exponent);
  return { sign: minus === "" ? 1 : -1, digits: trimmed, scale };
}

/** The one representation of a number literal. @throws {RangeError} for text that is no JSON number. */
export function numberFromText(text: string): number | Decimal {
  const float = Number(text);
  if (String(float) === text && Number.isFinite(float)) return float;
  const decimal = new Decimal(text);
  void decimal.parts;
  return decimal;
}

export function numberText(value: number | Decimal): string {
  return typeof value === "number" ? String(value === 0 ? 0 : value) : value.text;
}

/** Below, equal or above zero as `a` is less than, equal to or greater than `b`, exactly. */
export function compareNumbers(a: number | Decimal, b: number | Decimal): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  const x = typeof a === "number" ? decimalParts(numberText(a)) : a.parts;
  const y = typeof b === "number" ? decimalParts(numberText(b)) : b.parts;
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.sign === 0) return 0;
  return x.sign * compareMagnitudes(x, y);
}

function compareMagnitudes(x: DecimalParts, y: DecimalParts): number {
  if (x.scale !== y.scale) return x.scale < y.scale ? -1 : 1;
  return x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0;
}

/** Equal numbers have equal keys, however they are written: a `number` where one is exactly equal. */
export function numberKey(value: number | Decimal): number | string {
  if (typeof value === "number") return value === 0 ? 0 : value;
  const float = Number(value.text);
  if (Number.isFinite(float) && compareNumbers(float, value) === 0) return float === 0 ? 0 : float;
  const { sign, digits, scale } = value.parts;
  return `\u0000d${sign < 0 ? "-" : ""}${digits}e${scale}`;
}
