/**
 * A time from text, by a layout. What the layout does not show is zero, or one for month and day.
 *
 * @module
 */
import type { BuiltinContext } from "../builtin.ts";
import { DAY_S, daysBeforeMonth, daysInMonth, daysOfDate, isLeapYear } from "./calendar.ts";
import { readElement } from "./element-readers.ts";
import { goQuoted } from "./go-quoted.ts";
import type { Instant } from "./instant.ts";
import { elementsOf, type LayoutElement } from "./layout.ts";
import { Reading } from "./reading.ts";

/** Of reading a time, however short. */
const STEPS_MIN = 32;
/** Error texts repeat the value, in up to four letters for each byte. */
const QUOTE_GROWTH = 16;
const YEAR_DAYS = 365;
const FEBRUARY_29 = 60;

export function parseTime(
  context: BuiltinContext,
  layout: string,
  value: string,
): Instant | undefined {
  context.budget.spend(STEPS_MIN + value.length);
  context.budget.allocate((layout.length + value.length) * QUOTE_GROWTH);
  const elements = elementsOf(context.budget, layout);
  const reading = new Reading(value);
  const refused = (found: string) => context.fail(`parsing time ${goQuoted(value)}${found}`);
  for (const [index, element] of elements.entries()) {
    const problem = problemWith(reading, element, elements[index + 1], layout);
    if (problem !== undefined) return refused(problem);
  }
  const problem = completeDate(reading);
  return problem === undefined ? instantRead(reading) : refused(problem);
}

/** Reads one element; the text is what OPA says after the value. */
function problemWith(
  reading: Reading,
  { prefix, text }: LayoutElement,
  next: LayoutElement | undefined,
  layout: string,
): string | undefined {
  const cannot = (rest: string, wanted: string) =>
    ` as ${goQuoted(layout)}: cannot parse ${goQuoted(rest)} as ${goQuoted(wanted)}`;
  if (!reading.skip(prefix)) return cannot(reading.rest(), prefix);
  const held = reading.at;
  if (text === "") {
    return reading.isAtEnd() ? undefined : `: extra text: ${goQuoted(reading.rest())}`;
  }
  const isRead = readElement(reading, text, next?.text ?? "");
  if (reading.outOfRange !== undefined) return `: ${reading.outOfRange} out of range`;
  return isRead ? undefined : cannot(reading.value.slice(held), text);
}

/** Month and day are told by the day of the year where that is given; all must agree. */
function completeDate(reading: Reading): string | undefined {
  if (reading.yearDay === undefined) {
    reading.month ??= 1;
    reading.day ??= 1;
  } else {
    const problem = takeYearDay(reading, reading.yearDay);
    if (problem !== undefined) return problem;
  }
  const { month = 1, day = 1, year } = reading;
  return day < 1 || day > daysInMonth(month, year) ? ": day out of range" : undefined;
}

function takeYearDay(reading: Reading, yearDay: number): string | undefined {
  const isLeapDay = isLeapYear(reading.year) && yearDay === FEBRUARY_29;
  const plainDay = isLeapYear(reading.year) && yearDay >= FEBRUARY_29 ? yearDay - 1 : yearDay;
  if (plainDay < 1 || plainDay > YEAR_DAYS) return ": day-of-year out of range";
  let month = 1;
  while (daysBeforeMonth(month + 1) < plainDay) month += 1;
  const day = isLeapDay ? 29 : plainDay - daysBeforeMonth(month);
  if (reading.month !== undefined && reading.month !== month) {
    return ": day-of-year does not match month";
  }
  if (reading.day !== undefined && reading.day !== day) return ": day-of-year does not match day";
  reading.month = month;
  reading.day = day;
  return undefined;
}

/** An abbreviation other than `UTC` is not known, and `GMT+3` only names a zone: both count as UTC. */
function instantRead(reading: Reading): Instant {
  const { year, month = 1, day = 1, minute, second, nanos } = reading;
  let { hour } = reading;
  if (reading.isAfternoon && hour < 12) hour += 12;
  else if (reading.isMorning && hour === 12) hour = 0;
  const days = daysOfDate({ year, month, day });
  const local = days * DAY_S + hour * 3600 + minute * 60 + second;
  const offsetS = reading.isUtc ? 0 : (reading.offsetS ?? 0);
  return { seconds: local - offsetS, nanos };
}
