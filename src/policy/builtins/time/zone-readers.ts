/**
 * Time zones in the text of a time: an offset such as `+01:00`, or an abbreviation.
 *
 * @module
 */
import type { Reading } from "./reading.ts";

/** By the element's text without its first letter: what an offset looks like. */
const OFFSET_FORMS: ReadonlyMap<string, RegExp> = new Map([
  ["07", /^(.)(..)()()/s],
  ["0700", /^(.)(..)(..)()/s],
  ["07:00", /^(.)(..):(..)()/s],
  ["070000", /^(.)(..)(..)(..)/s],
  ["07:00:00", /^(.)(..):(..):(..)/s],
]);
const TWO_DIGITS = /^\d\d$/;
const LONGEST_OFFSET = "-07:00:00".length;
const HOURS_MAX = 24;
const SIXTY = 60;

/** `Z` stands for UTC where the element begins with it. */
export function readOffset(reading: Reading, element: string): boolean {
  if (element.startsWith("Z") && reading.takeIf("Z")) {
    reading.isUtc = true;
    return true;
  }
  const form = OFFSET_FORMS.get(element.slice(1));
  const text = reading.value.slice(reading.at, reading.at + LONGEST_OFFSET);
  const [whole, sign, hours, minutes, seconds] = form?.exec(text) ?? [];
  if (whole === undefined) return false;
  reading.at += whole.length;
  const parts = [hours, minutes, seconds].map((part) => part || "00");
  const firstBad = parts.findIndex((part) => !TWO_DIGITS.test(part));
  const [hour = 0, minute = 0, second = 0] = parts.map((part, index) =>
    firstBad >= 0 && index >= firstBad ? 0 : Number(part),
  );
  if (hour > HOURS_MAX) reading.outOfRange = "time zone offset hour";
  if (minute > SIXTY) reading.outOfRange = "time zone offset minute";
  if (second > SIXTY) reading.outOfRange = "time zone offset second";
  if (firstBad >= 0 || (sign !== "+" && sign !== "-")) return false;
  takeOffset(reading, (hour * 60 + minute) * 60 + second, sign);
  return true;
}

/** Go marks the absence of an offset by -1, so that one second west of Greenwich is none. */
function takeOffset(reading: Reading, magnitudeS: number, sign: string): void {
  const offsetS = sign === "-" ? -magnitudeS : magnitudeS;
  reading.offsetS = offsetS === -1 ? undefined : offsetS;
}

export function readZoneName(reading: Reading): boolean {
  if (reading.takeIf("UTC")) {
    reading.isUtc = true;
    return true;
  }
  const length = zoneNameLength(reading);
  reading.at += length;
  return length > 0;
}

/** Three capitals, or four or five of which the last is a T; and a few that are known otherwise. */
const LETTERS = /^(?:ChST|MeST|[A-Z]{3}(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{4}T(?![A-Z]))/;
const LETTERS_MAX = 6;
const HOURS_EAST_MAX = 23;

function zoneNameLength(reading: Reading): number {
  const { value, at } = reading;
  if (value.length - at < 3) return 0;
  if (value.startsWith("GMT", at)) return 3 + signedHoursLength(reading, 3);
  const first = value[at];
  if (first === "+" || first === "-") return signedHoursLength(reading, 0);
  return LETTERS.exec(value.slice(at, at + LETTERS_MAX))?.[0].length ?? 0;
}

/** Of `+3` or `-03`, up to 23 hours; 0 where there is no such thing. */
function signedHoursLength(reading: Reading, from: number): number {
  const sign = reading.value[reading.at + from];
  if (sign !== "+" && sign !== "-") return 0;
  const digits = reading.digitRun(from + 1);
  const start = reading.at + from + 1;
  const hours = Number(reading.value.slice(start, start + digits));
  return digits === 0 || hours > HOURS_EAST_MAX ? 0 : 1 + digits;
}
