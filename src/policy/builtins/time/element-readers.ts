/**
 * How each element of a layout is read.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "./calendar.ts";
import { fractionDigits, isFraction } from "./layout.ts";
import { numberIn, type Reading } from "./reading.ts";
import { readOffset, readZoneName } from "./zone-readers.ts";

/** False where the text is not what the element asks for. */
type Reader = (reading: Reading, next: string) => boolean;

const SHORT_NAME_LENGTH = 3;
const CENTURY_TURN = 69;
const NANO_DIGITS = 9;

/** `next` is the element after this one. */
export function readElement(reading: Reading, element: string, next: string): boolean {
  const read = READERS.get(element);
  if (read !== undefined) return read(reading, next);
  return isFraction(element) ? readFraction(reading, element) : readOffset(reading, element);
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["2006", readYear],
  ["06", readShortYear],
  ["January", (reading) => readMonthName(reading)],
  ["Jan", (reading) => readMonthName(reading, SHORT_NAME_LENGTH)],
  ["01", (reading) => readMonth(reading, true)],
  ["1", (reading) => readMonth(reading, false)],
  ["Monday", (reading) => reading.nameIn(WEEKDAYS) !== undefined],
  ["Mon", (reading) => reading.nameIn(WEEKDAYS, SHORT_NAME_LENGTH) !== undefined],
  ["02", (reading) => readDay(reading, true)],
  ["_2", (reading) => skipSpaces(reading, 1) && readDay(reading, false)],
  ["2", (reading) => readDay(reading, false)],
  ["002", (reading) => readYearDay(reading, true)],
  ["__2", (reading) => skipSpaces(reading, 2) && readYearDay(reading, false)],
  ["15", (reading) => readHour(reading, false, 23)],
  ["03", (reading) => readHour(reading, true, 12)],
  ["3", (reading) => readHour(reading, false, 12)],
  ["04", (reading) => readMinute(reading, true)],
  ["4", (reading) => readMinute(reading, false)],
  ["05", (reading, next) => readSecond(reading, true, next)],
  ["5", (reading, next) => readSecond(reading, false, next)],
  ["PM", (reading) => readHalfOfDay(reading, "AM", "PM")],
  ["pm", (reading) => readHalfOfDay(reading, "am", "pm")],
  ["MST", readZoneName],
]);

function readYear(reading: Reading): boolean {
  if (!reading.isDigit()) return false;
  const year = numberIn(reading.take(4) ?? "none");
  reading.year = year ?? 0;
  return year !== undefined;
}

/** 69 to 99 are of the 20th century, all others of the 21st. A sign and a digit are taken too. */
function readShortYear(reading: Reading): boolean {
  const year = numberIn(reading.take(2) ?? "none");
  if (year === undefined) return false;
  reading.year = year + (year >= CENTURY_TURN ? 1900 : 2000);
  return true;
}

function readMonthName(reading: Reading, length?: number): boolean {
  const index = reading.nameIn(MONTHS, length);
  if (index === undefined) return false;
  reading.month = index + 1;
  return true;
}

function readMonth(reading: Reading, isFixed: boolean): boolean {
  reading.month = reading.shortNumber(isFixed);
  if (reading.month === undefined) return false;
  if (reading.month < 1 || reading.month > 12) reading.outOfRange = "month";
  return true;
}

/** Whether the month has such a day is seen when all is read. */
function readDay(reading: Reading, isFixed: boolean): boolean {
  reading.day = reading.shortNumber(isFixed);
  return reading.day !== undefined;
}

function skipSpaces(reading: Reading, max: number): true {
  for (let count = 0; count < max; count++) reading.takeIf(" ");
  return true;
}

function readYearDay(reading: Reading, isFixed: boolean): boolean {
  const length = Math.min(reading.digitRun(0), 3);
  if (length === 0 || (isFixed && length !== 3)) return false;
  reading.yearDay = Number(reading.take(length));
  return true;
}

function readHour(reading: Reading, isFixed: boolean, hourMax: number): boolean {
  const hour = reading.shortNumber(isFixed);
  if (hour === undefined) return false;
  if (hour > hourMax) reading.outOfRange = "hour";
  reading.hour = hour;
  return true;
}

function readMinute(reading: Reading, isFixed: boolean): boolean {
  const minute = reading.shortNumber(isFixed);
  if (minute === undefined) return false;
  if (minute > 59) reading.outOfRange = "minute";
  reading.minute = minute;
  return true;
}

/** A fraction may follow although the layout shows none. */
function readSecond(reading: Reading, isFixed: boolean, next: string): boolean {
  const second = reading.shortNumber(isFixed);
  if (second === undefined) return false;
  reading.second = second;
  if (second > 59) reading.outOfRange = "second";
  else if (isAtFraction(reading) && !isFraction(next)) {
    return readDigits(reading, 1 + reading.digitRun(1));
  }
  return true;
}

function readHalfOfDay(reading: Reading, morning: string, afternoon: string): boolean {
  const half = reading.take(2);
  if (half === afternoon) reading.isAfternoon = true;
  else if (half === morning) reading.isMorning = true;
  else return false;
  return true;
}

/** `.000` wants exactly so many digits; `.999` takes what there is, and nothing. */
function readFraction(reading: Reading, element: string): boolean {
  if (element[1] === "0") return readDigits(reading, 1 + fractionDigits(element));
  return isAtFraction(reading) ? readDigits(reading, 1 + reading.digitRun(1)) : true;
}

function isSeparator(text: string | undefined): boolean {
  return text === "." || text === ",";
}

function isAtFraction(reading: Reading): boolean {
  return isSeparator(reading.value[reading.at]) && reading.isDigit(1);
}

/** A separator and digits, of which those after the ninth do not count. */
function readDigits(reading: Reading, length: number): boolean {
  const text = reading.take(length);
  if (text === undefined || !isSeparator(text[0])) return false;
  const digits = text.slice(1, 1 + NANO_DIGITS);
  const value = numberIn(digits);
  if (value === undefined) return false;
  if (value < 0) reading.outOfRange = "fractional second";
  reading.nanos = value * 10 ** (NANO_DIGITS - digits.length);
  return true;
}
