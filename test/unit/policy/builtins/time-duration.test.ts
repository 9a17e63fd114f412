/** `time.parse_duration_ns`: Go's units and OPA's, fractions, signs and limits. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIME } from "../../../../src/policy/builtins/time.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
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

const UNITS = [
  ...["ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h", "d", "w", "y"],
  ...["", "H", "D", "x", "é", "day", "mo", "n", "u"],
];
const NUMBERS = [
  ...["0", "1", "00", "007", "1.5", ".5", "5.", ".", "", "1.5.2", "..", "0.1", "0.3", "1e3", "1_0"],
  ...["0.000000001", "0.0000000000001", "0.3333333333333333333", "2.9999999999999999999999"],
  ...["9223372036854775807", "9223372036854775808", "9223372036854775809", "18446744073709551616"],
  ...[
    "0.9223372036854775807",
    "0.92233720368547758089",
    "0.99999999999999999999",
    "106751.99116730064",
  ],
  ...["2562047.788015215", "2562047", "2562048", "153722867.28", "9223372036.854775807", "106751"],
  ...["292.471208677", "15250.28", "1".repeat(30), "0".repeat(400), `0.${"0".repeat(400)}1`],
  ...["9".repeat(310), "1".repeat(22), "0.0000001", "123456789012345678.9"],
];
const SIGNS = ["", "-", "+", "--", " "];
const WHOLE_TEXTS = [
  ...["0", "-0", "+0", "0.0", "", "-", "+", " ", "1h30m", "1h 30m", "1.5h1.5m1.5s", "1s1h", "1h1h"],
  ...[
    "1d2h30m",
    "1d1w1y",
    "1.5d",
    "-1d1h",
    "1d-1h",
    "1h-1m",
    "1d0",
    "0d",
    "1d1µs",
    "1d1μs",
    "1x1d",
  ],
  ...["1d.5h", "1d.h", ".d", "1..d", "1d\n", "\n1d", "1h\n", "106751d23h47m16.854775807s"],
  ...["106751d23h47m16.854775808s", "-106751d23h47m16.854775808s", "292y", "293y", "-293y"],
  ...["9223372036854775807ns", "9223372036854775807ns1ns", "-9223372036854775808ns", "1ns1dx"],
  ...["0.1ns0.9ns", "1sé", "é1s", "1s😀", "١s", "1 s", "0x1s", "Infs", "NaNd", "1sd", "dd", "1mss"],
];
const ODD: readonly Value[] = [null, 0, true, [], {}, set(), ["1s"]];

describe("time.parse_duration_ns", () => {
  it("answers as OPA does for every number, unit and sign", async () => {
    const cases = SIGNS.flatMap((sign) =>
      NUMBERS.flatMap((number) =>
        UNITS.map((unit): BuiltinCase => ["time.parse_duration_ns", `${sign}${number}${unit}`]),
      ),
    );
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answers as OPA does for whole texts and other arguments", async () => {
    const cases = [...WHOLE_TEXTS, ...ODD].map(
      (value): BuiltinCase => ["time.parse_duration_ns", value],
    );
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("says what is meant", () => {
    expect(parse("1h15m30.918273645s")).toBe(4_530_918_273_645);
    expect(parse("-1.5d")).toBe(-129_600_000_000_000);
    expect(parse("292y")).toEqual(num("9208512000000000000"));
    expect(problem("1")).toBe('time: missing unit in duration "1"');
    expect(problem("1é")).toBe('time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"');
    expect(problem("")).toBe('time: invalid duration ""');
    expect(problem(1)).toBe("operand 1 must be string but got number");
  });

  it("stops at the budget", () => {
    expect(() => parse("1s".repeat(200_000))).toThrow(BudgetExceeded);
    expect(() => parse("1d".repeat(200_000))).toThrow(BudgetExceeded);
    expect(() => parse("0".repeat(400_000))).toThrow(BudgetExceeded);
  });
});

function parse(value: Value): Value | undefined {
  return TIME["time.parse_duration_ns"]?.(caseContext(), value);
}

function problem(value: Value): string | undefined {
  const context = caseContext();
  expect(TIME["time.parse_duration_ns"]?.(context, value)).toBeUndefined();
  return context.messages[0];
}
