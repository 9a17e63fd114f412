/**
 * Numbers: arithmetic, ranges, and numbers from and as text.
 *
 * @module
 */
import { truncate } from "../plan/values/big-float.ts";
import type { Budget } from "../plan/values/budget.ts";
import { numberFromText, numberText } from "../plan/values/decimal.ts";
import { spendDigits } from "../plan/values/digit-cost.ts";
import { isNumber, type RegoNumber, type Value } from "../plan/values/value.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { bigIntegerOperand, floatOf, integerText, numberFromInteger } from "./number-operands.ts";
import { wrongType } from "./operands.ts";

function range(context: BuiltinContext, from: Value, to: Value): Value | undefined {
  return rangeBy(context, from, to, 1);
}

function rangeBy(context: BuiltinContext, from: Value, to: Value, by: Value): Value | undefined {
  const first = bigIntegerOperand(context, 1, from);
  if (first === undefined) return undefined;
  const last = bigIntegerOperand(context, 2, to);
  if (last === undefined) return undefined;
  const step = bigIntegerOperand(context, 3, by);
  if (step === undefined) return undefined;
  if (step <= 0n) return context.fail("step must be a positive integer");
  return sequence(first, last, step, context.budget);
}

function sequence(first: bigint, last: bigint, step: bigint, budget: Budget): Value {
  const down = first > last;
  const count = Number((down ? first - last : last - first) / step) + 1;
  budget.spend(count);
  budget.create(count);
  const values: RegoNumber[] = [];
  const stride = down ? -step : step;
  for (let index = 0, next = first; index < count; index++, next += stride) {
    values.push(numberFromInteger(next, budget));
  }
  return values;
}

/** What Go's `strconv.ParseFloat` takes, apart from infinities and NaN. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WITH_UNDERSCORES = /^[+-]?\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d[\d_]*)?$/;
const HEXADECIMAL =
  /^[+-]?0[xX](?:[\da-fA-F_]+\.?[\da-fA-F_]*|\.[\da-fA-F][\da-fA-F_]*)[pP][+-]?\d[\d_]*$/;
const LOOSE_UNDERSCORE = /_(?![\da-fA-F])|(?<![\da-fA-FxX])_/;

function toNumber(context: BuiltinContext, value: Value): Value | undefined {
  if (value === null || value === false) return 0;
  if (value === true) return 1;
  if (isNumber(value)) return value;
  if (typeof value !== "string") {
    return wrongType(context, 1, value, "null", "boolean", "number", "string");
  }
  spendDigits(context.budget, value.length);
  return readNumber(value) ?? context.fail("invalid number");
}

/** The text stays the number's text, so that `+1` and `1.` are written as they came. */
function readNumber(text: string): RegoNumber | undefined {
  const isDecimal = DECIMAL.test(text);
  if (!isDecimal && !isWiderNumber(text)) return undefined;
  try {
    const number = numberFromText(text);
    const fits = isDecimal ? Number.isFinite(Number(text)) : fitsDouble(number);
    return fits ? number : undefined;
  } catch {
    return undefined;
  }
}

function isWiderNumber(text: string): boolean {
  return (WITH_UNDERSCORES.test(text) || HEXADECIMAL.test(text)) && !LOOSE_UNDERSCORE.test(text);
}

/** Doubles go no further; text that rounds to infinity is not taken. */
function fitsDouble(value: RegoNumber): boolean {
  if (typeof value === "number") return true;
  const { sign, digits, scale } = value.parts;
  return sign === 0 || Number.isFinite(Number(`0.${digits}e${scale}`));
}

const RADIXES: Readonly<Record<string, number>> = { 2: 2, 8: 8, 10: 10, 16: 16 };
const INTEGER = /^[+-]?\d+$/;
/** The integer forms that Go reads as a machine integer, apart from those without a point. */
const MACHINE_INTEGER = /^[+-]?\d*\.0*$/;
const MACHINE_LENGTH_MAX = 19;
const MACHINE_INTEGER_MAX = 2n ** 63n - 1n;

function formatInt(context: BuiltinContext, value: Value, base: Value): Value | undefined {
  if (!isNumber(value)) return wrongType(context, 1, value, "number");
  if (!isNumber(base)) return wrongType(context, 2, base, "number");
  const text = numberText(base);
  const radix = Object.hasOwn(RADIXES, text) ? RADIXES[text] : undefined;
  if (radix === undefined) return context.fail("operand 2 must be one of {2, 8, 10, 16}");
  if (typeof value === "number" && Number.isSafeInteger(value)) return value.toString(radix);
  return formatBig(value, radix, context.budget);
}

function formatBig(value: RegoNumber, radix: number, budget: Budget): string {
  const text = numberText(value);
  spendDigits(budget, text.length, 4);
  if (INTEGER.test(text)) return BigInt(text.replace("+", "")).toString(radix);
  if (radix === 10 && MACHINE_INTEGER.test(text)) {
    const whole = machineInteger(text);
    if (whole !== undefined) return whole.toString();
  }
  const float = floatOf(value, budget);
  spendDigits(budget, Math.max(0, float.exponent));
  const whole = truncate(float);
  return radix === 10 ? integerText(whole, budget) : whole.toString(radix);
}

function machineInteger(text: string): bigint | undefined {
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned.length > MACHINE_LENGTH_MAX) return undefined;
  const magnitude = BigInt(unsigned.slice(0, unsigned.indexOf(".")));
  if (magnitude > MACHINE_INTEGER_MAX) return undefined;
  return text.startsWith("-") ? -magnitude : magnitude;
}

export const NUMBERS: BuiltinTable = {
  ...ARITHMETIC,
  "numbers.range": range as BuiltinFunction,
  "numbers.range_step": rangeBy as BuiltinFunction,
  to_number: toNumber as BuiltinFunction,
  format_int: formatInt as BuiltinFunction,
};
