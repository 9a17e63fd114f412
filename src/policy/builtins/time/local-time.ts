/**
 * What clocks and calendars in a time zone show at an instant.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { type CalendarDate, DAY_S, dateOfDays } from "./calendar.ts";
import type { Zone } from "./zone.ts";

export interface LocalTime {
  /** Days since 1970-01-01, of the local date. */
  readonly days: number;
  readonly date: CalendarDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Of local time, east of Greenwich. */
  readonly offsetS: number;
}

/** At `seconds` since 1970. */
export function localTimeAt(budget: Budget, zone: Zone, seconds: number): LocalTime {
  budget.spend(4);
  const offsetS = zone.offsetAt(budget, seconds);
  const local = seconds + offsetS;
  const days = Math.floor(local / DAY_S);
  const secondOfDay = local - days * DAY_S;
  return {
    days,
    date: dateOfDays(days),
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
    offsetS,
  };
}
