/**
 * Durations such as `1h15m30.5s`, in nanoseconds; and, as OPA adds to Go's, days, weeks and years.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { goQuoted } from "./go-quoted.ts";

const UNITS_NS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);
const EXTENDED_HOURS: ReadonlyMap<string, number> = new Map([
  ["d", 24],
  ["w", 7 * 24],
  ["y", 365 * 24],
]);
const NS_LIMIT = 2n ** 63n;
/** A fraction stops counting once another digit might not fit 63 bits. */
const FRACTION_MAX = (NS_LIMIT - 1n) / 10n;
/** More digits than the longest number that fits. */
const WHOLE_DIGITS_MAX = 19;
const PART_STEPS = 8;

const EXTENDED = /^[-+]?(?:[0-9.]+(?:ms|us|\u00b5s|ns|[a-z]))+$/;
const EXTENDED_PART = /([0-9.]+)(ms|us|\u00b5s|ns|[a-z])/g;
/** Sticky, so that a text that fits nowhere costs no more than its length. */
const PART = /([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/y;

const INVALID = "invalid duration";

/** A text is what OPA says is wrong. */
export function durationNs(budget: Budget, text: string): bigint | string {
  budget.spend(1 + text.length);
  if (!/[dwy]/.test(text)) return standardNs(budget, text);
  if (!EXTENDED.test(text)) return INVALID;
  const rewritten: string[] = [/^[-+]/.exec(text)?.[0] ?? ""];
  for (const [, digits = "", unit = ""] of text.matchAll(EXTENDED_PART)) {
    budget.spend(PART_STEPS);
    const part = standardPart(digits, unit);
    if (part === undefined) return INVALID;
    rewritten.push(part);
  }
  return standardNs(budget, rewritten.join(""));
}

function standardPart(digits: string, unit: string): string | undefined {
  const hours = EXTENDED_HOURS.get(unit);
  if (hours === undefined) return digits + unit;
  const product = Number(digits) * hours;
  return Number.isFinite(Number(digits)) ? `${plainNotation(product)}h` : undefined;
}

/** The shortest digits that tell the number apart, without an exponent. */
function plainNotation(value: number): string {
  if (!Number.isFinite(value)) return "+Inf";
  const [mantissa = "", exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  const [whole = "", fraction = ""] = mantissa.split(".");
  const scale = Number(exponent);
  if (scale < 0) return `0.${"0".repeat(-scale - 1)}${whole}${fraction}`;
  return `${whole}${fraction.padEnd(scale, "0")}`;
}

/** As Go counts: each part is cut to whole nanoseconds, the fraction by way of 64-bit floats. */
function standardNs(budget: Budget, text: string): bigint | string {
  const signed = /^[-+]/.test(text) ? 1 : 0;
  if (text.slice(signed) === "0") return 0n;
  if (text.length === signed) return INVALID;
  let sum = 0n;
  for (PART.lastIndex = signed; PART.lastIndex < text.length; ) {
    budget.spend(PART_STEPS);
    const [, whole = "", fraction = "", unit = ""] = PART.exec(text) ?? [];
    const part = partNs(whole, fraction, unit);
    if (typeof part !== "bigint") return part;
    sum += part;
    if (sum > NS_LIMIT) return INVALID;
  }
  if (text.startsWith("-")) return -sum;
  return sum === NS_LIMIT ? INVALID : sum;
}

function partNs(whole: string, fraction: string, unit: string): bigint | string {
  if (whole === "" && fraction === "") return INVALID;
  const digits = whole.replace(/^0+/, "");
  if (digits.length > WHOLE_DIGITS_MAX) return INVALID;
  const value = BigInt(digits);
  if (value > NS_LIMIT) return INVALID;
  if (unit === "") return "missing unit in duration";
  const unitNs = UNITS_NS.get(unit);
  if (unitNs === undefined) return `unknown unit ${goQuoted(unit)} in duration`;
  if (value > NS_LIMIT / unitNs) return INVALID;
  const ns = value * unitNs + fractionNs(fraction, unitNs);
  return ns > NS_LIMIT ? INVALID : ns;
}

function fractionNs(fraction: string, unitNs: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of fraction) {
    if (value > FRACTION_MAX) break;
    const next = value * 10n + BigInt(digit);
    if (next > NS_LIMIT) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unitNs) / scale)));
}
