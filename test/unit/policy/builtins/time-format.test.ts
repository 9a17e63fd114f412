/** `time.format` and its siblings: every layout element, at instants and in zones that are edges. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIME } from "../../../../src/policy/builtins/time.ts";
import {
  Budget,
  BudgetExceeded,
  DEFAULT_LIMITS,
} from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const INSTANTS = [
  "0",
  "-1",
  "1",
  "999999999",
  "1000000000",
  "951782400000000000",
  "951868799999999999",
  "1709164800000000001",
  "1795523696789012345",
  "1000000000123000000",
  "1735689599100000000",
  "-86400000000001",
  "4102444800000000000",
  "-9223372036854775808",
  "9223372036854775807",
].map(num);

const ELEMENTS = [
  ...["January", "Jan", "01", "1", "Monday", "Mon", "_2", "02", "2", "002", "__2", "15", "3", "03"],
  ...["04", "4", "05", "5", "2006", "06", "PM", "pm", "MST", "Z07:00", "Z0700", "Z07", "Z070000"],
  ...["Z07:00:00", "-07:00", "-0700", "-07", "-070000", "-07:00:00"],
  ...[".0", ".000", ".000000", ".000000000", ".0000000000", ",000", ".9", ".999", ",999999999"],
  ...[".9999999999", "_2006", "__2006", "Januaryx", "Janx", "JanX", "Monx", "Mondayx", "MSTx"],
];

const LAYOUTS = [
  ...["ANSIC", "UnixDate", "RubyDate", "RFC822", "RFC822Z", "RFC850", "RFC1123", "RFC1123Z"],
  ...["RFC3339", "RFC3339Nano", "Kitchen", "Stamp", "DateTime", "ansic", "", " ", "é😀2006é"],
  ...[
    "2006-01-02T15:04:05.999999999Z07:00",
    "05.000",
    "05,999",
    "5.0001",
    "5.00a",
    "0",
    "00",
    "07",
  ],
  ...["20060102150405", "2006.002", "1504", "31415", "22006", "016", "P", "p", "-08", "-0", "Z08"],
  ...[
    "Ja",
    "J",
    "M",
    "Mo",
    "_",
    "__",
    "___2",
    ".",
    ",",
    ".1",
    ".09",
    ".90",
    "..000",
    "Z",
    "%Y",
    "\n",
  ],
  `.${"0".repeat(4095)}`,
  `.${"0".repeat(4096)}`,
  `.${"9".repeat(4097)}x`,
];

const ZONES = [
  ...["", "UTC", "Local", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"],
  ...["America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia", "Etc/GMT+12"],
];

function products(): BuiltinCase[] {
  const cases: BuiltinCase[] = [];
  for (const layout of ELEMENTS) {
    for (const ns of INSTANTS) cases.push(["time.format", [ns, "America/St_Johns", layout]]);
  }
  for (const layout of LAYOUTS) {
    for (const ns of INSTANTS.slice(0, 9)) cases.push(["time.format", [ns, "UTC", layout]]);
  }
  for (const zone of ZONES) {
    for (const ns of INSTANTS) {
      for (const name of ["time.format", "time.date", "time.clock", "time.weekday"]) {
        cases.push([name, [ns, zone]], [name, ns], [name, [ns]]);
      }
      cases.push(["time.format", [ns, zone, "RFC850"]], ["time.format", [ns, zone, ""]]);
    }
  }
  return cases;
}

const ODD_TIMES: readonly Value[] = [
  ...[null, true, "0", "", [], {}, set(), set(1), obj([1, 2])],
  ...["1.0", "1e3", "1.5", "-0", "-0.0", "0.5", "1e18", "1E18", "1e19", "1e400", "1e-400"].map(num),
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775809"].map(num),
  ...["9223372036854775807.0", "9223372036854775807.25", "9223372036854775807.5"].map(num),
  ...["9007199254740993", "0.99999999999999999999999", "1.000000000000000000000001"].map(num),
  ...["0.9999999999999999", "4611686018427387904.25", "4611686018427387903.75"].map(num),
  ...["1.000000000000000000054", "1.000000000000000000055", "0.99999999999999999997"].map(num),
  ...["-3.00000000000000000000000000001", "1234567890123456789.00000000000001"].map(num),
  ...[[null], ["0"], [true], [[]], [0, 1], [0, null], [0, "UTC", 1], [0, "UTC", null]],
  ...[
    [0, "UTC", "2006", 1, 2, 3],
    [0, "Nowhere"],
    ["0", "Nowhere"],
    [num("1e400"), "Nowhere"],
  ],
  ...[
    [0, "europe/berlin"],
    [0, "utc"],
    [0, "local"],
    [0, "+01:00"],
    [0, "Europe/../UTC"],
  ],
  ...[
    [0, "/UTC"],
    [0, "\\UTC"],
    [0, "."],
    [0, "Europe"],
    [0, "Europe/"],
    [0, " UTC"],
    [0, "é"],
  ],
  ...[
    [0, "__proto__"],
    [0, "constructor"],
    [0, "Factory"],
    [0, "CTT"],
    [0, "PNT"],
    [0, "SST"],
  ],
  ...[
    [0.5, "UTC"],
    [num("1.0"), "UTC"],
  ],
];

describe("time.format, date, clock and weekday", () => {
  it("answer as OPA does for every element, layout and zone", async () => {
    expect(await differencesFromOpa(oracle, TIME, products())).toEqual([]);
  });

  it("answer as OPA does for arguments that are no time", async () => {
    const names = ["time.format", "time.date", "time.clock", "time.weekday"];
    const cases = names.flatMap((name) => ODD_TIMES.map((value): BuiltinCase => [name, value]));
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("say what is meant", () => {
    expect(call("time.format", num("1795523696789012345"))).toBe("2026-11-24T12:34:56.789012345Z");
    expect(call("time.format", [0, "Asia/Kolkata", "RFC850"])).toBe(
      "Thursday, 01-Jan-70 05:30:00 IST",
    );
    expect(call("time.date", [-1, "Europe/Berlin"])).toEqual([1970, 1, 1]);
    expect(call("time.clock", [-1, "Europe/Berlin"])).toEqual([0, 59, 59]);
    expect(call("time.weekday", -1)).toBe("Wednesday");
    expect(call("time.now_ns")).toEqual(num("1795523696789012345"));
  });

  it("tell what is wrong", () => {
    expect(problem("time.date", "0")).toBe(
      "operand 1 must be either number (ns) or [number (ns), string (tz)] but got string",
    );
    expect(problem("time.date", [null])).toBe("operand 1 must be number but got null");
    expect(problem("time.date", [0, 1])).toBe("operand 1 must be string but got number");
    expect(problem("time.date", [0, "Nowhere"])).toBe("unknown time zone Nowhere");
    expect(problem("time.date", 0.5)).toBe("timestamp too big");
  });

  it("stop at the budget", () => {
    const long = "1".repeat(5_000_000);
    expect(() => call("time.format", [0, "UTC", long])).toThrow(BudgetExceeded);
    expect(() => call("time.format", [0, long])).toThrow(BudgetExceeded);
    expect(() => call("time.date", num(long))).toThrow(BudgetExceeded);
    const budget = new Budget({ ...DEFAULT_LIMITS, stepsMax: 300 });
    const context = { ...caseContext(), budget };
    expect(() => TIME["time.date"]?.(context, [0, "Asia/Tokyo"])).toThrow(BudgetExceeded);
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
