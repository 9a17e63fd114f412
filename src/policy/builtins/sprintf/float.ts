/**
 * Floats, as Go's `fmt` writes them.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { type Digits, exactDigits, floatBits, rounded, shortestDigits } from "./digits.ts";
import { type Field, padded } from "./field.ts";

const DEFAULT_PRECISION = 6;
const EXACT_STEPS = 200;

/** Undefined for a verb that is none of a float's. */
export function floatText(
  value: number,
  verb: string,
  field: Field,
  budget: Budget,
): string | undefined {
  if (!/^[vbgGxXfFeE]$/.test(verb)) return undefined;
  const form = verb === "v" ? "g" : verb === "F" ? "f" : verb;
  const precision = field.precision ?? (/[feE]/.test(form) ? DEFAULT_PRECISION : -1);
  budget.spend(precision < 0 ? 8 : EXACT_STEPS);
  budget.allocate(400 + precision);
  let text = unsigned(value, form, precision);
  if (field.sharp && form !== "b") text = withPoint(text, form, precision);
  return signed(value, text, field, budget);
}

/** Zeros go between the sign and the digits. */
function signed(value: number, text: string, field: Field, budget: Budget): string {
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = isNegative ? "-" : field.plus ? "+" : field.space ? " " : "";
  if (sign === "" || !field.zero || field.minus) return padded(sign + text, field, budget);
  const { width } = field;
  const rest = { ...field, width: width === undefined ? undefined : width - 1 };
  return sign + padded(text, rest, budget);
}

function unsigned(value: number, form: string, precision: number): string {
  switch (form) {
    case "b":
      return binary(value);
    case "x":
    case "X":
      return hexadecimal(value, form, precision);
    case "f": {
      const exact = exactDigits(value);
      return fixed(rounded(exact, exact.point + precision), precision);
    }
    case "g":
    case "G":
      return general(value, form, precision);
    default:
      return exponential(rounded(exactDigits(value), precision + 1), precision, form);
  }
}

function general(value: number, form: string, wanted: number): string {
  const isShortest = wanted < 0;
  let precision = Math.max(wanted, 1);
  const digits = isShortest ? shortestDigits(value) : rounded(exactDigits(value), precision);
  const count = digits.digits.length;
  if (isShortest) precision = count;
  let exponentFrom = precision;
  if (exponentFrom > count && count >= digits.point) exponentFrom = count;
  if (isShortest) exponentFrom = DEFAULT_PRECISION;
  const exponent = digits.point - 1;
  if (exponent < -4 || exponent >= exponentFrom) {
    return exponential(digits, Math.min(precision, count) - 1, form === "g" ? "e" : "E");
  }
  if (precision > digits.point) precision = count;
  return fixed(digits, Math.max(precision - digits.point, 0));
}

function exponential({ digits, point }: Digits, precision: number, letter: string): string {
  const all = digits.slice(0, precision + 1).padEnd(Math.max(precision, 0) + 1, "0");
  const fraction = precision > 0 ? `.${all.slice(1)}` : "";
  return `${all[0]}${fraction}${letter}${exponentText(digits === "" ? 0 : point - 1)}`;
}

function exponentText(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function fixed({ digits, point }: Digits, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, "0")}`;
}

function binary(value: number): string {
  const { mantissa, exponent } = floatBits(value);
  const power = exponent - 52;
  return `${mantissa}p${power < 0 ? "" : "+"}${power}`;
}

/** With one bit before the point; 15 digits after it hold every float. */
function hexadecimal(value: number, letter: "x" | "X", precision: number): string {
  let { mantissa, exponent } = floatBits(value);
  if (mantissa === 0n) exponent = 0;
  mantissa <<= 8n;
  while (mantissa !== 0n && mantissa < 1n << 60n) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision >= 0 && precision < 15) {
    const cut = 60n - BigInt(precision * 4);
    const extra = mantissa & ((1n << cut) - 1n);
    mantissa >>= cut;
    const half = 1n << (cut - 1n);
    if (extra > half || (extra === half && (mantissa & 1n) === 1n)) mantissa++;
    mantissa <<= cut;
    if (mantissa >= 1n << 61n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const fraction = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, "0");
  const shown =
    precision < 0
      ? fraction.replace(/0+$/, "")
      : fraction.padEnd(precision, "0").slice(0, precision);
  const text = `0x${mantissa >> 60n}${shown === "" ? "" : `.${shown}`}p${exponentText(exponent)}`;
  return letter === "X" ? text.toUpperCase() : text;
}

/** The flag `#`: always a point, and for `g` as many digits as its precision says. */
function withPoint(text: string, form: string, precision: number): string {
  const [number = "", tail = ""] = apart(text, /x/i.test(form) ? /[pP]/ : /[eE]/);
  let missing = 0;
  if (/[gGx]/.test(form)) missing = precision === -1 ? DEFAULT_PRECISION : precision;
  missing -= number.replace(".", "").replace(/^0+/, "").length;
  const hasPoint = number.includes(".");
  if (!hasPoint && number === "0") missing--;
  return number + (hasPoint ? "" : ".") + "0".repeat(Math.max(missing, 0)) + tail;
}

function apart(text: string, mark: RegExp): readonly [string, string] {
  const index = text.search(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index)];
}
