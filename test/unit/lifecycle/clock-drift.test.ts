/** Clock watch: a jump of the wall clock is noticed once, ordinary drift is not. */
import { expect, it } from "vitest";
import { watchClock } from "../../../src/lifecycle/clock-drift.ts";
import { handClock } from "../../support/hand-clock.ts";

function rig() {
  const clock = handClock();
  let jumps = 0;
  const stop = watchClock(clock, () => {
    jumps++;
  });
  return { clock, stop, jumps: () => jumps };
}

it.each([3_600_000, -3_600_000, 5_001])("notices a jump of %i ms once", (ms) => {
  const { clock, jumps } = rig();
  clock.jumpWall(ms);
  clock.advance(1_000);
  clock.advance(10_000);
  expect(jumps()).toBe(1);
});

it("takes slewing for what it is", () => {
  const { clock, jumps } = rig();
  for (let second = 0; second < 60; second++) {
    clock.jumpWall(400);
    clock.advance(1_000);
  }
  expect(jumps()).toBe(0);
});

it("stops looking when told", () => {
  const { clock, stop, jumps } = rig();
  stop();
  clock.jumpWall(3_600_000);
  clock.advance(5_000);
  expect(jumps()).toBe(0);
  expect(clock.waiting).toBe(0);
});
