/**
 * Years, months and days added to a time, and how many lie between two.
 *
 * @module
 */
import { numberText } from "../../plan/values/decimal.ts";
import { isNumber, type Value } from "../../plan/values/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { wrongType } from "../operands.ts";
import { daysInMonth } from "./calendar.ts";
import { type Instant, nsOf } from "./instant.ts";
import { localTimeAt } from "./local-time.ts";
import { type ZonedTime, zonedTimeOf } from "./operands.ts";

const INTEGER = /^-?(?=[0-9.]{1,19}$)(\d*)(?:\.0*)?$/;

/** Go counts years from long ago, so that no year of interest is before its first one. */
const FIRST_YEAR = 292_277_022_400n;
const FIRST_YEAR_DAYS = (FIRST_YEAR / 400n) * 146_097n;
const EPOCH_DAYS = 719_468n;
/** Far beyond all times that nanoseconds can tell, and within those that `Intl` takes. */
const SECONDS_MAX = 1e11;

export function addDate(
  context: BuiltinContext,
  time: Value,
  years: Value,
  months: Value,
  days: Value,
): Value | undefined {
  const zoned = zonedTimeOf(context, time);
  if (zoned === undefined) return undefined;
  const added: bigint[] = [];
  for (const [index, value] of [years, months, days].entries()) {
    const integer = integerOf(context, index + 2, value);
    if (integer === undefined) return undefined;
    added.push(integer);
  }
  const [addedYears = 0n, addedMonths = 0n, addedDays = 0n] = added;
  const result = moved(context, zoned, addedYears, addedMonths, addedDays);
  return nsOf(context, result);
}

/** `2.0` is an integer here, and `2e0` is none. */
function integerOf(context: BuiltinContext, position: number, value: Value): bigint | undefined {
  if (!isNumber(value)) return wrongType(context, position, value, "number");
  const text = numberText(value);
  const digits = INTEGER.exec(text)?.[1];
  const sign = text.startsWith("-") ? -1n : 1n;
  const integer = digits === undefined ? undefined : sign * BigInt(digits);
  if (integer === undefined || integer !== int64(integer)) {
    return context.fail(`operand ${position} must be integer number but got floating-point number`);
  }
  return integer;
}

/** All sums wrap at 64 bits, as Go's do: OPA gives a result for some absurd numbers. */
function moved(
  { budget }: BuiltinContext,
  { instant, zone }: ZonedTime,
  years: bigint,
  months: bigint,
  days: bigint,
): Instant {
  const { date, hour, minute, second } = localTimeAt(budget, zone, instant.seconds);
  const monthIndex = int64(int64(BigInt(date.month) + months) - 1n);
  const inYear = ((monthIndex % 12n) + 12n) % 12n;
  const year = int64(BigInt(date.year) + years + (monthIndex - inYear) / 12n);
  const day = int64(BigInt(date.day) + days);
  const secondOfDay = BigInt(hour * 3600 + minute * 60 + second);
  const local = int64(daysOf(year, inYear + 1n, day) * 86_400n + secondOfDay);
  const seconds = Number(local);
  if (Math.abs(seconds) > SECONDS_MAX) return { seconds, nanos: 0 };
  return { seconds: utcOf(seconds), nanos: instant.nanos };

  /** Of a local time that the zone skips or has twice, as Go chooses. */
  function utcOf(shown: number): number {
    const guess = zone.offsetAt(budget, shown);
    return guess === 0 ? shown : shown - zone.offsetAt(budget, shown - guess);
  }
}

function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Since 1970-01-01, of any year of 64 bits. */
function daysOf(year: bigint, month: bigint, day: bigint): bigint {
  const marchMonth = month > 2n ? month - 3n : month + 9n;
  const sinceFirst = BigInt.asUintN(64, year - (month > 2n ? 0n : 1n) + FIRST_YEAR);
  const century = sinceFirst / 100n;
  const yearDay = (153n * marchMonth + 2n) / 5n;
  const centuryDays = BigInt.asUintN(64, 146_097n * century) / 4n;
  const days = centuryDays + (1461n * (sinceFirst % 100n)) / 4n + yearDay + day - 1n;
  return BigInt.asUintN(64, days) - FIRST_YEAR_DAYS - EPOCH_DAYS;
}

/** Years, months, days, hours, minutes and seconds, in the time zone of the first time. */
export function diff(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  const first = zonedTimeOf(context, a);
  if (first === undefined) return undefined;
  const second = zonedTimeOf(context, b);
  if (second === undefined) return undefined;
  const isReversed = isAfter(first.instant, second.instant);
  const [early, late] = isReversed ? [second, first] : [first, second];
  const { budget } = context;
  const from = localTimeAt(budget, first.zone, early.instant.seconds);
  const to = localTimeAt(budget, first.zone, late.instant.seconds);
  const parts = [
    to.date.year - from.date.year,
    to.date.month - from.date.month,
    to.date.day - from.date.day,
    to.hour - from.hour,
    to.minute - from.minute,
    to.second - from.second,
  ];
  const sizes = [Infinity, 12, daysInMonth(from.date.month, from.date.year), 24, 60, 60];
  for (let index = parts.length - 1; index > 0; index--) {
    const part = parts[index] ?? 0;
    if (part >= 0) continue;
    parts[index] = part + (sizes[index] ?? 0);
    parts[index - 1] = (parts[index - 1] ?? 0) - 1;
  }
  budget.create(1 + parts.length);
  return parts;
}

function isAfter(a: Instant, b: Instant): boolean {
  return a.seconds === b.seconds ? a.nanos > b.nanos : a.seconds > b.seconds;
}
