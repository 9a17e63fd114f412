/** Host builtins: time is UTC, constant within one evaluation, and known to have been read. */
import { describe, expect, it } from "vitest";
import {
  type EvaluationTime,
  hostBuiltins,
  missingBuiltins,
} from "../../../src/policy/wasm-builtins.ts";

function rig(ns = 0) {
  const time: EvaluationTime = { ns, wasRead: false };
  const builtins = hostBuiltins(time);
  return { time, call: (name: string, ...args: unknown[]) => decoded(builtins[name]?.(...args)) };
}

/** The engine takes JSON text in a buffer, and undefined. */
function decoded(result: unknown): unknown {
  return result instanceof ArrayBuffer ? JSON.parse(Buffer.from(result).toString()) : result;
}

const MS = 1_000_000;

describe("time.now_ns", () => {
  it("gives the evaluation's time and remembers that it was asked", () => {
    const { time, call } = rig(5);
    expect(time.wasRead).toBe(false);
    expect(call("time.now_ns")).toBe(5);
    expect(time.wasRead).toBe(true);
  });

  it("is written as the exact literal for any millisecond", () => {
    for (let offset = 0; offset < 2_000; offset++) {
      const ms = 1_764_000_000_000 + offset;
      expect(JSON.stringify(rig(ms * MS).call("time.now_ns"))).toBe(`${ms}000000`);
    }
  });
});

describe("time.clock", () => {
  it.each([
    ["seconds where nanoseconds are due", 1_732_280_000, [0, 0, 1]],
    ["the epoch", 0, [0, 0, 0]],
    ["before the epoch", -1, [23, 59, 59]],
    ["16:00:00.005", 1_764_000_000_005 * MS, [16, 0, 0]],
    ["the last second of a day", 1_764_028_799_999 * MS, [23, 59, 59]],
  ])("reads %s", (_name, ns, expected) => {
    expect(rig().call("time.clock", ns)).toEqual(expected);
  });
});

describe("time.weekday", () => {
  it.each([
    [0, "Thursday"],
    [-1, "Wednesday"],
    [1_764_000_000_000 * MS, "Monday"],
    [1_764_028_800_000 * MS, "Tuesday"],
  ])("names the day of %d", (ns, expected) => {
    expect(rig().call("time.weekday", ns)).toBe(expected);
  });
});

it.each([["time.clock"], ["time.weekday"]])("%s of what is no time is undefined", (name) => {
  for (const argument of ["1", null, [0, "Nowhere/None"], {}]) {
    expect(rig().call(name, argument)).toBeUndefined();
  }
});

it("reads time zones", () => {
  expect(rig().call("time.clock", [0, "Asia/Tokyo"])).toEqual([9, 0, 0]);
});

it("misses what neither the package nor the host provides, and what the package should not", () => {
  const { time } = rig();
  const needed = ["sprintf", "time.now_ns", "http.send", "regex.split", "toString"];
  expect(missingBuiltins(needed, hostBuiltins(time))).toEqual([
    "http.send",
    "regex.split",
    "toString",
  ]);
});
