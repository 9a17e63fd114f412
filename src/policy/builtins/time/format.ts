/**
 * A time as text, by a layout.
 *
 * @module
 */
import type { BuiltinContext } from "../builtin.ts";
import { dayOfYear, MONTHS, WEEKDAYS, weekdayOfDays } from "./calendar.ts";
import { elementsOf, fractionDigits, isFraction, layoutNamed } from "./layout.ts";
import { type LocalTime, localTimeAt } from "./local-time.ts";
import type { ZonedTime } from "./operands.ts";

const DEFAULT_LAYOUT = "RFC3339Nano";
const SHORT_NAME_LENGTH = 3;
const NANO_DIGITS = 9;
/** No element is written with more than twice as many letters as it has itself. */
const GROWTH_MAX = 2;

interface Shown extends LocalTime {
  readonly nanos: number;
  readonly abbreviation: string;
}

export function formatTime(context: BuiltinContext, time: ZonedTime): string {
  const layout = layoutNamed(time.layout === "" ? DEFAULT_LAYOUT : time.layout);
  context.budget.allocate(layout.length * GROWTH_MAX);
  const { seconds, nanos } = time.instant;
  const local = localTimeAt(context.budget, time.zone, seconds);
  const abbreviation = time.zone.abbreviationAt(seconds, local.offsetS);
  const shown = { ...local, nanos, abbreviation };
  let text = "";
  for (const element of elementsOf(context.budget, layout)) {
    text += element.prefix + written(element.text, shown);
  }
  return text;
}

type Writer = (shown: Shown) => string;

const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ["2006", ({ date }) => padded(date.year, 4)],
  ["06", ({ date }) => padded(date.year % 100, 2)],
  ["January", ({ date }) => monthName(date.month)],
  ["Jan", ({ date }) => monthName(date.month).slice(0, SHORT_NAME_LENGTH)],
  ["01", ({ date }) => padded(date.month, 2)],
  ["1", ({ date }) => String(date.month)],
  ["Monday", ({ days }) => weekdayName(days)],
  ["Mon", ({ days }) => weekdayName(days).slice(0, SHORT_NAME_LENGTH)],
  ["02", ({ date }) => padded(date.day, 2)],
  ["_2", ({ date }) => String(date.day).padStart(2)],
  ["2", ({ date }) => String(date.day)],
  ["002", ({ date }) => padded(dayOfYear(date), 3)],
  ["__2", ({ date }) => String(dayOfYear(date)).padStart(3)],
  ["15", ({ hour }) => padded(hour, 2)],
  ["03", ({ hour }) => padded(hour % 12 || 12, 2)],
  ["3", ({ hour }) => String(hour % 12 || 12)],
  ["04", ({ minute }) => padded(minute, 2)],
  ["4", ({ minute }) => String(minute)],
  ["05", ({ second }) => padded(second, 2)],
  ["5", ({ second }) => String(second)],
  ["PM", ({ hour }) => (hour < 12 ? "AM" : "PM")],
  ["pm", ({ hour }) => (hour < 12 ? "am" : "pm")],
  ["MST", ({ abbreviation }) => abbreviation],
  ["", () => ""],
]);

function written(element: string, shown: Shown): string {
  const write = WRITERS.get(element);
  if (write !== undefined) return write(shown);
  return isFraction(element) ? fraction(element, shown.nanos) : offset(element, shown.offsetS);
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

function monthName(month: number): string {
  return MONTHS[month - 1] ?? "";
}

export function weekdayName(days: number): string {
  return WEEKDAYS[weekdayOfDays(days)] ?? "";
}

/** `.000` has that many digits, `.999` that many at most. */
function fraction(element: string, nanos: number): string {
  const isTrimmed = element[1] === "9";
  const count = fractionDigits(element);
  if (isTrimmed && (count === 0 || nanos === 0)) return "";
  const digits = padded(nanos, NANO_DIGITS).slice(0, count);
  if (!isTrimmed) return `${element[0]}${digits}`;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : `${element[0]}${trimmed}`;
}

/** The seconds of an offset are only written where the layout has them; the sign is that of minutes. */
function offset(element: string, offsetS: number): string {
  if (element.startsWith("Z") && offsetS === 0) return "Z";
  const minutes = Math.trunc(offsetS / 60);
  const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const second = minutes < 0 ? Math.abs(offsetS) % 60 : offsetS % 60;
  const colon = element.includes(":") ? ":" : "";
  let text = (minutes < 0 ? "-" : "+") + padded(hour, 2);
  if (element.length > "-07".length) text += colon + padded(minute, 2);
  if (element.replaceAll(":", "").length > "-0700".length) text += colon + padded(second, 2);
  return text;
}
