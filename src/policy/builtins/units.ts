/**
 * Amounts with a unit: `10Ki`, `1.5GB`, `100m`.
 *
 * @module
 */
import { fromInteger, fromText, multiply, truncate } from "../plan/values/big-float.ts";
import type { Budget } from "../plan/values/budget.ts";
import { numberFromText } from "../plan/values/decimal.ts";
import { spendDigits } from "../plan/values/digit-cost.ts";
import { parseLiteral } from "../plan/values/number-literal.ts";
import type { RegoNumber, Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { numberFromInteger } from "./number-operands.ts";
import { wrongType } from "./operands.ts";

/** A factor as a fraction. */
interface Factor {
  readonly over: bigint;
  readonly under: bigint;
}

/** By their power of a thousand. */
const PREFIXES = "1kmgtpe";

const power = (prefix: string) => BigInt(PREFIXES.indexOf(prefix.toLowerCase()));

/** `m` is a thousandth as a double holds it, not exactly; `M` is a million. */
const MILLI: Factor = { over: 1_152_921_504_606_847n, under: 2n ** 60n };
const KINDS_OF_BYTES = /^(?:([kmgtpe])b?|([kmgtpe])ib?)?$/;
const KINDS_OF_UNITS = /^(?:([kKMgGtTpPeE])|([kKmMgGtTpPeE])i)?$/;

interface Amount {
  readonly number: string;
  readonly unit: string;
}

const EXPONENT_DIGITS_MAX = 6;
const EXPONENT = /[eE](?:[+-]?(\d*))/g;
/** Digits, points and signs, and exponents: an `e` before a digit or a sign. */
const NUMBER_PART = /^(?:[\d.+-]|[eE](?=[\d+-])[+-]?)*/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Number and unit apart, or why they cannot be. */
function split(text: string): Amount | string {
  if (text.includes(" ")) return "spaces not allowed in resource strings";
  const number = NUMBER_PART.exec(text)?.[0] ?? "";
  for (const [, digits = ""] of number.matchAll(EXPONENT)) {
    if (digits.length > EXPONENT_DIGITS_MAX) return "exponent too large";
  }
  return { number, unit: text.slice(number.length) };
}

function parse(context: BuiltinContext, value: Value): Value | undefined {
  if (typeof value !== "string") return wrongType(context, 1, value, "string");
  const { budget } = context;
  budget.spend(value.length);
  const amount = split(value.replaceAll('"', ""));
  if (typeof amount === "string") return context.fail(amount);
  if (amount.number === "") return context.fail("no amount provided");
  const unit = amount.unit.slice(0, 1) + lowerCase(amount.unit.slice(1));
  const factor = unitFactor(unit);
  if (factor === undefined) return context.fail(`unit ${unit} not recognized`);
  const result = NUMBER.test(amount.number) ? scaled(amount.number, factor, budget) : undefined;
  return result ?? context.fail("could not parse amount to a number");
}

function unitFactor(unit: string): Factor | undefined {
  if (unit === "m") return MILLI;
  const match = KINDS_OF_UNITS.exec(unit);
  if (match === null) return undefined;
  return { over: wholeFactor(match[1], match[2]), under: 1n };
}

function wholeFactor(decimal: string | undefined, binary: string | undefined): bigint {
  if (decimal !== undefined) return 1_000n ** power(decimal);
  return binary === undefined ? 1n : 1_024n ** power(binary);
}

/** Beyond it OPA reads no fraction. */
const EXPONENT_MAX = 1_000_000;
const FRACTION_DIGITS = 10;
const FRACTION_SCALE = 10n ** BigInt(FRACTION_DIGITS);

/** Exactly: an integer in full, anything else with ten digits after the point. */
function scaled(text: string, { over, under }: Factor, budget: Budget): RegoNumber | undefined {
  const literal = parseLiteral(text);
  if (literal === undefined) return undefined;
  const { negative, digits, exponentTen } = literal;
  if (digits === "") return 0;
  if (Math.abs(exponentTen) > EXPONENT_MAX) return undefined;
  spendDigits(budget, text.length + Math.abs(exponentTen), 3);
  const ten = 10n ** BigInt(Math.abs(exponentTen));
  const top = BigInt(digits) * over * (exponentTen > 0 ? ten : 1n);
  const bottom = under * (exponentTen < 0 ? ten : 1n);
  const sign = negative ? "-" : "";
  if (top % bottom === 0n) return numberFromText(`${sign}${top / bottom}`);
  const units = (2n * top * FRACTION_SCALE + bottom) / (2n * bottom);
  const all = units.toString().padStart(FRACTION_DIGITS + 1, "0");
  const point = all.length - FRACTION_DIGITS;
  return numberFromText(`${sign}${all.slice(0, point)}.${all.slice(point)}`);
}

function parseBytes(context: BuiltinContext, value: Value): Value | undefined {
  if (typeof value !== "string") return wrongType(context, 1, value, "string");
  const { budget } = context;
  budget.spend(value.length);
  const amount = split(lowerCase(value).replaceAll('"', ""));
  if (typeof amount === "string") return context.fail(amount);
  if (amount.number === "") return context.fail("no byte amount provided");
  const match = KINDS_OF_BYTES.exec(amount.unit);
  if (match === null) return context.fail(`byte unit ${amount.unit} not recognized`);
  spendDigits(budget, amount.number.length);
  const number = NUMBER.test(amount.number) ? fromText(amount.number) : undefined;
  if (number === undefined) return context.fail("could not parse byte amount to a number");
  const bytes = multiply(number, fromInteger(wholeFactor(match[1], match[2])));
  spendDigits(budget, Math.max(0, bytes.exponent));
  return numberFromInteger(truncate(bytes), budget);
}

/** Go's: a dotted capital I becomes a plain small one. */
function lowerCase(text: string): string {
  return text.replaceAll("\u0130", "i").toLowerCase();
}

export const UNITS: BuiltinTable = {
  "units.parse": parse as BuiltinFunction,
  "units.parse_bytes": parseBytes as BuiltinFunction,
};
