/** `time.parse_ns` and `time.parse_rfc3339_ns`: products of layouts and texts that are edges. */
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
import { num } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const DATES = [
  ...[
    "2026-11-24",
    "1970-01-01",
    "2000-02-29",
    "1900-02-29",
    "2023-02-29",
    "2024-02-29",
    "2026-02-30",
  ],
  ...[
    "2026-04-31",
    "2026-13-01",
    "2026-00-01",
    "2026-01-00",
    "2026-01-32",
    "0000-01-01",
    "1677-09-21",
  ],
  ...[
    "1677-09-20",
    "2262-04-11",
    "2262-04-12",
    "9999-12-31",
    "26-11-24",
    "+026-11-24",
    "2026-1-24",
  ],
];
const CLOCKS = [
  ...["12:34:56", "00:12:43.145224192", "00:12:43.145224191", "23:47:16.854775807"],
  ...["23:47:16.854775808", "24:00:00", "23:60:00", "23:59:60", "5:04:05", "05:4:05", "05:04:5"],
  ...["12:34:56,789", "12:34:56.", "12:34:56.1234567891", "12:34:56.x", "-1:00:00", "123456"],
];
const OFFSETS = [
  ...["Z", "z", "+00:00", "-00:00", "+01:00", "-23:59", "+24:60", "+25:00", "+00:61", "-0100"],
  ...["+1:00", "", " Z", "Z ", "+01", "UTC", "Zulu", "*01:00", "+é:00", "+01:0"],
];

/** Each with texts that it takes and texts that it does not. */
const BY_LAYOUT: Readonly<Record<string, readonly string[]>> = {
  "2006": ["2026", "202", "20261", "2 26", "1+23", "+123", ""],
  "06": ["26", "68", "69", "99", "+5", "-5", "5", "é1", "2"],
  January: ["January", "JANUARY", "february", "May", "Jan", "Marchx", "", "m\u0101y", "ſune"],
  Jan: ["Jan", "JUN", "dec", "December", "Ma", "xxx"],
  "Jan 2": ["Feb 29", "Feb 28", "Feb  3", "Feb3", "Feb ", "Apr 31"],
  "01": ["01", "12", "13", "00", "1", "1x", "é"],
  "1": ["1", "12", "13", "0", "123", ""],
  Monday: ["Monday", "sunday", "Mon", "Mondayx", "Mo"],
  Mon: ["Mon", "SUN", "Monday", "M"],
  "02": ["02", "31", "32", "00", "2", "99"],
  _2: ["2", " 2", "  2", "22", "02", "", " "],
  "2": ["2", " 2", "31", "32", "0", "311"],
  "2006 002": ["2024 060", "2023 060", "2024 366", "2023 366", "2024 000", "2024 61", "2024 1"],
  "2006 __2": ["2024  60", "2023   1", "2024 366", "2024 367", "2023   0", "2024    1", "2024 "],
  "2006 002 01 02": ["2024 060 02 29", "2024 060 03 01", "2024 060 02 28", "2023 060 03 01"],
  "2006 002 Jan": ["2024 001 Jan", "2024 032 Jan", "2024 032 Feb"],
  "15": ["00", "23", "24", "5", "123", "x"],
  "03": ["03", "12", "13", "00", "3"],
  "3": ["3", "12", "13", "0"],
  "3PM": ["3PM", "12PM", "12AM", "0AM", "3pm", "13PM", "3P", "3XM"],
  "3pm": ["3pm", "12pm", "12am", "3PM", "3"],
  "15PM": ["15PM", "12AM", "00PM", "11PM"],
  PMpm: ["AMpm", "PMam"],
  "3PM pm": ["12PM am", "12AM pm", "3PM am"],
  "04": ["04", "59", "60", "4"],
  "4": ["4", "59", "60"],
  "05": ["05", "59", "60", "5", "05.5", "05,25", "05.", "05.1234567899", "05.x"],
  "5": ["5", "59.999999999", "5,0", "60"],
  "05.000": ["05.123", "05,123", "05.12", "05.1234", "05.+12", "05.-12", "05", "05x123"],
  "05,000": ["05.123", "05,123", "05.1 3"],
  "05.0": ["05.1", "05.12", "05.+", "05.-", "05."],
  "05.0000000000": ["05.1234567890", "05.123456789", "05.123456789x", "05.+123456789"],
  "05.9": ["05", "05.1", "05.123456789123", "05.", "05,5", "05.-1"],
  "05 .000": ["05 .123", "05.5 .123", "05.5"],
  "05 15.000": ["05.5 12.000", "05 12.000"],
  ".000": [".123", "x123", ".1"],
  "Z07:00": ["Z", "+01:00", "-01:30", "+0130", "+01:60", "+24:00", "+25:00", "z", ""],
  Z0700: ["Z", "+0100", "-0130", "+01:00", "+01", "*0100"],
  Z07: ["Z", "+01", "-24", "-25", "+1", "Z07"],
  Z070000: ["Z", "+010203", "-000001", "+000001", "+000061", "+006100"],
  "Z07:00:00": ["Z", "+01:02:03", "-00:00:01", "+00:00:60", "+00:00:61", "+01:02"],
  "-07:00": ["+01:00", "-01:00", "Z", "+99:00", "+aa:00", "+00:aa"],
  "-0700": ["+0100", "-0100", "Z", "+01000", "+2500"],
  "-07": ["+01", "-01", "-1", "+01:00"],
  "-070000": ["+010203", "+0102", "-000001"],
  "-07:00:00": ["+01:02:03", "-00:00:01", "+01:02:0", "+01:02-03"],
  "MST -07": ["CET +01", "UTC +01", "GMT+3 +01", "CET -00"],
  "MST -07:00:00": ["GMT+3 -00:00:01", "CET -00:00:01", "GMT+3 -00:00:02"],
  MST: [
    ...["UTC", "UTCx", "CET", "CEST", "WITA", "ABCD", "ABCDT", "ABCDE", "ABCDEF", "ChST", "MeST"],
    ...[
      "GMT",
      "GMT+3",
      "GMT-3",
      "GMT+23",
      "GMT+24",
      "GMT+",
      "GMT+00003",
      "GMT+99999999999999999999",
    ],
    ...[
      "+03",
      "-23",
      "+24",
      "+",
      "+0",
      "+0x",
      "AB",
      "ABc",
      "ABCd",
      "cet",
      "MST",
      "CETx",
      "É",
      "GMTx",
    ],
  ],
  "Jan _2 15:04:05 2006": ["Nov 24 12:34:56 2026", "Nov  4 1:34:56 2026", "Nov 24 12:34:56  2026"],
  "  2006  ": ["2026", " 2026 ", "    2026", "2026      ", "x2026", "  2026x"],
  "é2006😀": ["é2026😀", "e2026😀", "é2026\ud83d", "é2026"],
  "": ["", " ", "x"],
  " ": ["", "   ", "x"],
  ANSIC: ["Tue Nov 24 12:34:56 2026", "Tue Nov  4 12:34:56 2026", "2026"],
  UnixDate: ["Tue Nov 24 12:34:56 CET 2026", "Tue Nov 24 12:34:56 GMT+3 2026"],
  RubyDate: ["Tue Nov 24 12:34:56 +0100 2026"],
  RFC822: ["24 Nov 26 12:34 MST", "24 Nov 69 12:34 UTC"],
  RFC822Z: ["24 Nov 26 12:34 -0700"],
  RFC850: ["Tuesday, 24-Nov-26 12:34:56 EST", "Tues, 24-Nov-26 12:34:56 EST"],
  RFC1123: ["Tue, 24 Nov 2026 12:34:56 GMT", "Tue, 24 Nov 2026 12:34:56 GMT+1"],
  RFC1123Z: ["Tue, 24 Nov 2026 12:34:56 +0100"],
  RFC3339: ["2026-11-24T12:34:56Z"],
  RFC3339Nano: ["2026-11-24T12:34:56.789Z", "2026-11-24T12:34:56Z", "2026-11-24T12:34:56,7Z"],
  Kitchen: ["3:04PM", "Kitchen"],
  rfc3339: ["rfc3339", "2026-11-24T12:34:56Z"],
};

/** Texts that many layouts meet although they are made for another. */
function crossed(): BuiltinCase[] {
  const layouts = Object.keys(BY_LAYOUT);
  const texts = Object.values(BY_LAYOUT).flat();
  return layouts.flatMap((layout, row) =>
    texts
      .filter((_, index) => (index + row) % 7 === 0)
      .map((text): BuiltinCase => ["time.parse_ns", layout, text]),
  );
}

const ODD: readonly Value[] = [null, 0, true, [], {}, ["2006"], ""];

describe("time.parse_ns and time.parse_rfc3339_ns", () => {
  it("answer as OPA does for every date, clock and offset", async () => {
    const cases = DATES.flatMap((date) =>
      CLOCKS.flatMap((clock) =>
        OFFSETS.map(
          (offset): BuiltinCase => ["time.parse_rfc3339_ns", `${date}T${clock}${offset}`],
        ),
      ),
    );
    for (const text of ["2026-11-24t12:34:56Z", "2026-11-24 12:34:56Z", "2026-11-24", "", "x"]) {
      cases.push(["time.parse_rfc3339_ns", text]);
    }
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answer as OPA does for every element of a layout", async () => {
    const cases = Object.entries(BY_LAYOUT).flatMap(([layout, texts]) => [
      ...texts.map((text): BuiltinCase => ["time.parse_ns", layout, text]),
      ...texts.map((text): BuiltinCase => ["time.parse_ns", `2006 ${layout}`, `2026 ${text}`]),
      ...texts.map((text): BuiltinCase => ["time.parse_ns", `06${layout}5`, `26${text}5`]),
    ]);
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("answer as OPA does for layouts and texts that do not belong together", async () => {
    expect(await differencesFromOpa(oracle, TIME, crossed())).toEqual([]);
  });

  it("answer as OPA does for arguments that are no text", async () => {
    const cases = ODD.flatMap((value): BuiltinCase[] => [
      ["time.parse_rfc3339_ns", value],
      ["time.parse_ns", value, "2026"],
      ["time.parse_ns", "2006", value],
    ]);
    expect(await differencesFromOpa(oracle, TIME, cases)).toEqual([]);
  });

  it("say what is meant", () => {
    expect(call("time.parse_rfc3339_ns", "2026-11-24T13:34:56.789012345+01:00")).toEqual(
      num("1795523696789012345"),
    );
    expect(call("time.parse_ns", "Jan 2 2006", "Feb 29 2000")).toEqual(num("951782400000000000"));
    expect(call("time.parse_ns", "2006 MST", "1970 GMT-1")).toBe(0);
    expect(call("time.parse_ns", "2006 -07", "1970 -01")).toBe(3_600_000_000_000);
  });

  it("tell what is wrong as OPA does", async () => {
    const texts: readonly (readonly [string, string])[] = [
      ["2006-01-02", "2026-1"],
      ["2006-01-02", "2026-13-01"],
      ["2006-01-02", "2026-02-30"],
      ["2006", '2026 é"\\\u007f\u0001'],
      ["2006", "2262"],
      ["2006 é MST", "2026 é cet"],
      ["2006", "9999"],
      ["-07:00", "+25:00"],
      ["2006 002", "2023 366"],
    ];
    const rules = texts.map(
      ([layout, text], index) =>
        `r${index} := time.parse_ns(${JSON.stringify(layout)}, ${JSON.stringify(text)})`,
    );
    const { results } = await oracle.ask({
      modules: { "a.rego": `package a\n${rules.join("\n")}` },
      entrypoints: texts.map((_, index) => `a/r${index}`),
      strict: true,
    });
    for (const [index, [layout, text]] of texts.entries()) {
      const theirs = results[`a/r${index}`]?.[0]?.message?.split("time.parse_ns: ")[1];
      expect(problem("time.parse_ns", layout, text)).toBe(theirs);
    }
  });

  it("stop at the budget", () => {
    const long = "2006 ".repeat(1_000_000);
    expect(() => call("time.parse_ns", long, "2026")).toThrow(BudgetExceeded);
    expect(() => call("time.parse_ns", "2006", long)).toThrow(BudgetExceeded);
    expect(() => call("time.parse_rfc3339_ns", long)).toThrow(BudgetExceeded);
  });
});

function call(name: string, ...args: readonly Value[]): Value | undefined {
  return TIME[name]?.(caseContext(), ...args);
}

function problem(name: string, ...args: readonly Value[]): string | undefined {
  const context = caseContext();
  TIME[name]?.(context, ...args);
  return context.messages[0];
}
