/**
 * `input.context.time`: what a rule may know of the hour, computed from the host's wall clock in UTC.
 *
 * @module
 */
export interface WorkHours {
  /** Hour of the day, 0-24; the interval is start <= hour < end. */
  readonly start: number;
  readonly end: number;
  /** 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[];
  /** Length of a slot; an answer that depends on the hour never outlives its slot. */
  readonly timeSlotSeconds: number;
}

export interface HostTime {
  readonly slot: number;
  readonly hour: number;
  readonly weekday: number;
  readonly workHours: boolean;
  readonly businessDay: boolean;
}

const HOUR_S = 3_600;
const DAY_S = 86_400;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY_OFFSET = 3;
const LAST_BUSINESS_WEEKDAY = 5;

export function hostTime(unixMs: number, work: WorkHours): HostTime {
  const unixS = Math.floor(unixMs / 1_000);
  const hour = Math.floor(unixS / HOUR_S) % 24;
  const weekday = ((Math.floor(unixS / DAY_S) + EPOCH_WEEKDAY_OFFSET) % 7) + 1;
  return {
    slot: Math.floor(unixS / work.timeSlotSeconds),
    hour,
    weekday,
    workHours: hour >= work.start && hour < work.end && work.days.includes(weekday),
    businessDay: weekday <= LAST_BUSINESS_WEEKDAY,
  };
}
