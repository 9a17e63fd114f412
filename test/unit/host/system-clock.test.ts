/** The platform's clocks move, and its timers can be taken back. */
import { expect, it } from "vitest";
import { systemClock } from "../../../src/host/system-clock.ts";
import { systemRandom } from "../../../src/host/system-random.ts";

it("tells the time in whole and in broken milliseconds", () => {
  expect(Number.isInteger(systemClock.unixMs())).toBe(true);
  const before = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before);
});

it("sleeps, and wakes with the reason when aborted", async () => {
  await systemClock.sleep(1);
  const stop = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, stop.signal);
  stop.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  await expect(systemClock.sleep(3_600_000, stop.signal)).rejects.toThrow("enough");
});

it("repeats a task until told otherwise", async () => {
  let count = 0;
  await new Promise<void>((resolve) => {
    const stop = systemClock.every(1, () => {
      count += 1;
      if (count < 3) return;
      stop();
      resolve();
    });
  });
  await systemClock.sleep(10);
  expect(count).toBe(3);
});

it("draws bytes, fractions and version 4 UUIDs", () => {
  expect(systemRandom.bytes(16)).toHaveLength(16);
  expect(systemRandom.float()).toBeLessThan(1);
  expect(systemRandom.uuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
