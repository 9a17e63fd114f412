/** Shutdown: the steps run in their order, each within its bound, and what was lost is reported. */
import { expect, it } from "vitest";
import {
  runShutdown,
  SHUTDOWN_TIMES,
  type ShutdownParts,
  shutdownSteps,
} from "../../../src/lifecycle/shutdown.ts";
import { handClock } from "../../support/hand-clock.ts";

function rig(replace: Partial<ShutdownParts> = {}) {
  const clock = handClock();
  const startedMs = clock.monotonicMs();
  const log: string[] = [];
  const note = (name: string) => log.push(`${clock.monotonicMs() - startedMs} ${name}`);
  const parts: ShutdownParts = {
    unready: () => note("unready"),
    drain: async (graceMs) => {
      note(`drain ${graceMs}`);
      return { isGraceful: true };
    },
    flush: async () => void note("flush"),
    close: async () => void note("close"),
    ...replace,
  };
  const report = runShutdown(shutdownSteps(parts, SHUTDOWN_TIMES, clock), clock);
  /** Lets everything run that is due within `ms`, step by step. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed <= ms; passed += 500) {
      await new Promise((resolve) => setImmediate(resolve));
      if (passed < ms) clock.advance(500);
    }
  };
  return { clock, log, report, pass };
}

const never = () => new Promise<never>(() => undefined);

it("says so first, serves on for the notice, then drains, flushes and closes", async () => {
  const { log, report, pass, clock } = rig();
  await pass(1_500);
  expect(log).toEqual(["0 unready"]);
  await pass(500);
  expect(await report).toEqual({ isGraceful: true, problems: [] });
  expect(log).toEqual(["0 unready", "2000 drain 10000", "2000 flush", "2000 close"]);
  expect(clock.waiting).toBe(0);
});

it("cuts off a step that overruns, goes on and reports it", async () => {
  const { log, report, pass } = rig({ flush: never, drain: never });
  await pass(14_500);
  expect(await report).toEqual({
    isGraceful: false,
    problems: ["drain was cut off after 10500 ms", "flush was cut off after 2000 ms"],
  });
  expect(log).toEqual(["0 unready", "14500 close"]);
});

it("is over within 15 s whatever the parts do", async () => {
  const { report, pass } = rig({ drain: never, flush: never, close: never });
  await pass(15_000);
  expect((await report).problems).toHaveLength(3);
});

it("reports a drain that lost something", async () => {
  const { report, pass } = rig({ drain: async () => ({ isGraceful: false }) });
  await pass(2_000);
  expect(await report).toEqual({
    isGraceful: false,
    problems: ["drain could not finish everything"],
  });
});

it("goes on after a step that throws or rejects", async () => {
  const { log, report, pass } = rig({
    unready: () => {
      throw new Error("no latch");
    },
    flush: () => Promise.reject(new Error("disk full")),
  });
  await pass(2_000);
  expect((await report).problems).toEqual(["unready failed: no latch", "flush failed: disk full"]);
  expect(log).toEqual(["2000 drain 10000", "2000 close"]);
});

it("ignores a step that fails after it was cut off", async () => {
  const late = Promise.withResolvers<void>();
  const { report, pass } = rig({ flush: () => late.promise });
  await pass(4_000);
  late.reject(new Error("too late"));
  expect((await report).problems).toEqual(["flush was cut off after 2000 ms"]);
});
