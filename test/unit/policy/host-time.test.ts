/** Host time: hour, weekday and work hours of the host's clock in UTC, at their edges. */
import { describe, expect, it } from "vitest";
import { hostTime, type WorkHours } from "../../../src/policy/host-time.ts";

const work: WorkHours = { start: 9, end: 18, days: [1, 2, 3, 4, 5, 6, 7], timeSlotSeconds: 3_600 };
const at = (text: string, hours = work) => hostTime(Date.parse(text), hours);

describe("work hours", () => {
  it.each([
    ["2026-11-24T08:59:59.999Z", false],
    ["2026-11-24T09:00:00.000Z", true],
    ["2026-11-24T17:59:59.999Z", true],
    ["2026-11-24T18:00:00.000Z", false],
  ])("at %s are %s", (text, expected) => {
    expect(at(text).workHours).toBe(expected);
  });

  it("are empty on a day that is not listed", () => {
    const weekdays = { ...work, days: [1, 2, 3, 4, 5] };
    expect(at("2026-11-28T10:00:00Z", weekdays).workHours).toBe(false);
  });

  it("cover the day from 0 to 24", () => {
    const always = { ...work, start: 0, end: 24 };
    expect(at("2026-11-24T23:59:59Z", always).workHours).toBe(true);
    expect(at("2026-11-24T00:00:00Z", always).workHours).toBe(true);
  });
});

it.each([
  ["1970-01-01T00:00:00Z", 4, true],
  ["2026-11-23T00:00:00Z", 1, true],
  ["2026-11-28T12:00:00Z", 6, false],
  ["2026-11-29T23:59:59Z", 7, false],
])("knows that %s is weekday %i", (text, weekday, businessDay) => {
  expect(at(text)).toMatchObject({ weekday, businessDay });
});

it("changes the slot with the hour, so that no answer outlives it", () => {
  expect(at("2026-11-24T09:59:59Z").slot + 1).toBe(at("2026-11-24T10:00:00Z").slot);
});
