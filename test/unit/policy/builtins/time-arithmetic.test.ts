/** `time.add_date` and `time.diff`: month ends, leap days, changes of the clock, and absurd numbers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIME } from "../../../../src/policy/builtins/time.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

/** 2024-01-31, 2024-02-29, 2023-12-31T23:59:59.999999999Z, 2026-03-29 and 2026-10-25 in the night. */
const INSTANTS = [
  ...["0", "-1", "1706659200000000000", "1709164800000000000", "1704067199999999999"],
  ...["1774744200000000000", "1792891800000000000", "1795523696789012345"],
  ...["-9223372036854775808", "9223372036854775807", "-2208988800000000001"],
].map(num);
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"];
const YEARS = [0, 1, -1, 4, 236, -348];
const MONTHS = [0, 1, -1, 13, -25];
const DAYS = [0, 1, -1, 29, 366, -1000];
const ODD_NUMBERS: readonly Value[] = [
  ...["1.0", "1e0", "1.5", "-0", "-1.000", "1.00000000000000000", "1.000000000000000000"].map(num),
  ...["9223372036854775807", "-9223372036854775808", "9223372036854775808"].map(num),
  ...["-9223372036854775807", "-9223372036854775809", "99999999999999999999", "1e400"].map(num),
  ...["292277022399", "-292277022400", "4611686018427387904", "213503982334601", "2147483648"].map(
    num,
  ),
  ...["584554049253", "584554049254", "-584554049253", "213503982334602", "7014648591048"].map(num),
  ...[null, "1", true, [], {}, set()],
];

describe("time.add_date", () => {
  it("answers as OPA does for every instant, zone and distance", async () => {
    const times = INSTANTS.flatMap((ns): Value[] => [ns, ...ZONES.map((zone) => [ns, zone])]);
    const distances = YEARS.flatMap((years) => MONTHS.map((months) => [years, months] as const));
    const cases = times.flatMap((time, row) => [
      ...DAYS.map((days): BuiltinCase => ["time.add_date", time, 0, 0, days]),
      ...distances.map(([years, months], column): BuiltinCase => {
        const days = DAYS[(row + column) % DAYS.length] ?? 0;
        return ["time.add_date", time, years, months, days];
      }),
    ]);
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answers as OPA does where the clock is changed", async () => {
    const cases: BuiltinCase[] = [];
    for (const zone of [
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Cairo",
    ]) {
      for (let day = 80; day < 320; day += 1) {
        const ns = num(String(1_767_225_600_000_000_000n + BigInt(day) * 86_400_000_000_000n));
        for (const hour of [0n, 1n, 2n]) {
          const at = num(String(BigInt(String(ns)) + hour * 3_540_000_000_000n));
          cases.push(["time.add_date", [at, zone], 0, 0, 1]);
        }
      }
    }
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answers as OPA does for odd arguments", async () => {
    const cases: BuiltinCase[] = [];
    for (const value of ODD_NUMBERS) {
      cases.push(["time.add_date", value, 0, 0, 0]);
      for (const other of [0, 1, ...ODD_NUMBERS]) {
        cases.push(
          ["time.add_date", 0, value, other, 0],
          ["time.add_date", 0, other, 0, value],
          ["time.add_date", [0, "Europe/Berlin"], 0, value, other],
        );
      }
    }
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("says what is meant", () => {
    // 2024-01-31 and a month: 2024-02-31, which is 2024-03-02.
    expect(call("time.add_date", num("1706659200000000000"), 0, 1, 0)).toEqual(
      num("1709337600000000000"),
    );
    expect(problem("time.add_date", 0, 300, 0, 0)).toBe("time outside of valid range");
    expect(problem("time.add_date", 0, 0, "1", 0)).toBe("operand 3 must be number but got string");
    expect(problem("time.add_date", 0, 0, 0, 0.5)).toBe(
      "operand 4 must be integer number but got floating-point number",
    );
  });
});

describe("time.diff", () => {
  it("answers as OPA does for all pairs", async () => {
    const times = INSTANTS.flatMap((ns): Value[] => [ns, ...ZONES.map((zone) => [ns, zone])]);
    const cases = times.flatMap((a, row) =>
      times
        .filter((_, index) => (row + index) % 2 === 0)
        .map((b): BuiltinCase => ["time.diff", a, b]),
    );
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answers as OPA does for odd arguments", async () => {
    const cases = ODD_NUMBERS.flatMap((value): BuiltinCase[] => [
      ["time.diff", value, 0],
      ["time.diff", 0, value],
      ["time.diff", [value, "Nowhere"], [0, 1]],
    ]);
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("says what is meant", () => {
    const [january, march] = ["1706659200000000000", "1709251200000000000"].map(num) as [
      Value,
      Value,
    ];
    expect(call("time.diff", march, january)).toEqual([0, 1, 1, 0, 0, 0]);
    expect(call("time.diff", 0, 0)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

function call(name: string, ...args: readonly Value[]): Value | undefined {
  return TIME[name]?.(caseContext(), ...args);
}

function problem(name: string, ...args: readonly Value[]): string | undefined {
  const context = caseContext();
  expect(TIME[name]?.(context, ...args)).toBeUndefined();
  return context.messages[0];
}
