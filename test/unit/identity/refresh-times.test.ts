/** When keys are fetched again, and what their age means. */
import { expect, it } from "vitest";
import {
  pauseAfterFailureMs,
  pauseAfterSuccessMs,
  stalenessOf,
} from "../../../src/identity/refresh-times.ts";

const HOUR_MS = 3_600_000;

it.each([
  [undefined, 540_000, 660_000],
  ["", 540_000, 660_000],
  ["no-store", 540_000, 660_000],
  ["max-age=86400", 540_000, 660_000],
  ["public, max-age=300, must-revalidate", 240_000, 270_000],
  ["MAX-AGE = 100", 80_000, 90_000],
  ['max-age="200"', 160_000, 180_000],
  ["s-maxage=300", 540_000, 660_000],
  ["max-age=-1", 540_000, 660_000],
  ["max-age=99999999999999", 540_000, 660_000],
  ["max-age=60", 60_000, 60_000],
  ["max-age=0", 60_000, 60_000],
])("cache-control %j: next visit after %i to %i ms", (header, least, most) => {
  const pauses = [0, 0.25, 0.5, 0.75, 0.999_999].map((chance) =>
    Math.round(pauseAfterSuccessMs(chance, header)),
  );
  expect([Math.min(...pauses), Math.max(...pauses)]).toEqual([least, most]);
});

it("waits longer after each failure, a minute at most, with full jitter", () => {
  const pausesOf = (chance: number) =>
    [1, 2, 3, 7, 60, 2_000].map((failures) => pauseAfterFailureMs(chance, failures));
  expect(pausesOf(0)).toEqual(Array(6).fill(1_000));
  expect(pausesOf(1)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000, 60_000]);
});

it.each([
  [24 * HOUR_MS, 20 * 60_000, 21.6 * HOUR_MS],
  [600_000, 300_000, 540_000],
])("a budget of %i ms: aging after %i, not ready after %i", (budgetMs, agingMs, unreadyMs) => {
  const stages = [0, agingMs, agingMs + 1, unreadyMs, unreadyMs + 1, budgetMs, budgetMs + 1];
  expect(stages.map((ageMs) => stalenessOf(ageMs, budgetMs))).toEqual([
    "fresh",
    "fresh",
    "aging",
    "aging",
    "unready",
    "unready",
    "refused",
  ]);
});
