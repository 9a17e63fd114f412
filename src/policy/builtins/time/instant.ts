/**
 * A point in time to the nanosecond, read from and written as a number of nanoseconds since 1970. Such
 * numbers do not fit a JavaScript number, so whole seconds and the rest are held apart.
 *
 * @module
 */
import { decimalParts, numberFromText, numberText } from "../../plan/values/decimal.ts";
import type { RegoNumber } from "../../plan/values/value.ts";
import type { BuiltinContext } from "../builtin.ts";

export interface Instant {
  /** Since 1970, rounded down. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

const SECOND_NS = 1_000_000_000n;
const NS_MIN = -(2n ** 63n);
const NS_MAX = 2n ** 63n - 1n;
const NS_MAX_TEXT = NS_MAX.toString();
/** A number of the years since 1970, of at most 19 digits. */
const USUAL = /^[1-9][0-9]{9,18}$/;
const NANO_DIGITS = 9;
/** As many digits as any such number has, and as many as OPA's numbers of 64 bits tell apart. */
const DIGITS_EXACT = 19;
/** The longest decimal fraction that lies exactly between two numbers of 64 bits has fewer digits. */
const DIGITS_MAX = 140;
const MANTISSA_BITS = 64;

/** Undefined where the number is no integer of 64 bits. OPA rounds it to 64 binary digits first. */
export function instantOf(context: BuiltinContext, value: RegoNumber): Instant | undefined {
  const text = numberText(value);
  context.budget.spend(8 + text.length / 16);
  if (USUAL.test(text) && (text.length < DIGITS_EXACT || text <= NS_MAX_TEXT)) {
    const seconds = Number(text.slice(0, -NANO_DIGITS));
    return { seconds, nanos: Number(text.slice(-NANO_DIGITS)) };
  }
  const { sign, digits, scale } = decimalParts(text);
  if (sign === 0) return { seconds: 0, nanos: 0 };
  if (scale > DIGITS_EXACT || scale < 0) return undefined;
  const magnitude =
    digits.length <= scale
      ? BigInt(digits.padEnd(scale, "0"))
      : digits.length > DIGITS_EXACT
        ? nearestInteger(digits, scale)
        : undefined;
  if (magnitude === undefined) return undefined;
  const ns = sign < 0 ? -magnitude : magnitude;
  return ns < NS_MIN || ns > NS_MAX ? undefined : instantOfNs(ns);
}

function instantOfNs(ns: bigint): Instant {
  const nanos = Number(((ns % SECOND_NS) + SECOND_NS) % SECOND_NS);
  return { seconds: Number((ns - BigInt(nanos)) / SECOND_NS), nanos };
}

/** The integer that 0.`digits` × 10^`scale` becomes when it is rounded to 64 binary digits, if any. */
function nearestInteger(digits: string, scale: number): bigint | undefined {
  const kept = digits.length > DIGITS_MAX ? `${digits.slice(0, DIGITS_MAX)}1` : digits;
  const numerator = BigInt(kept);
  const denominator = 10n ** BigInt(kept.length - scale);
  const whole = numerator / denominator;
  const isAbove = 2n * (numerator - whole * denominator) >= denominator;
  const nearest = isAbove ? whole + 1n : whole;
  if (nearest === 0n) return undefined;
  const away = nearest * denominator - numerator;
  const distance = away < 0n ? -away : away;
  const exponent = whole === 0n ? -1 : whole.toString(2).length - 1;
  const isRounded = distance << BigInt(MANTISSA_BITS - exponent) <= denominator;
  return isRounded ? nearest : undefined;
}

/** Fails, as OPA does, where the nanoseconds do not fit 64 bits: before 1677-09-21 and after 2262-04-11. */
export function nsOf(context: BuiltinContext, { seconds, nanos }: Instant): RegoNumber | undefined {
  const ns = BigInt(seconds) * SECOND_NS + BigInt(nanos);
  if (ns < NS_MIN || ns > NS_MAX) return context.fail("time outside of valid range");
  return numberFromText(String(ns));
}
