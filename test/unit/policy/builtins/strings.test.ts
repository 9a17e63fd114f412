/** Builtins on strings: every answer is OPA's, and no argument makes them slow. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { STRINGS } from "../../../../src/policy/builtins/strings.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_NUMBERS, AWKWARD_TEXTS, NO_TEXTS } from "../../../support/awkward-texts.ts";
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

const ONE = ["lower", "upper", "trim_space", "strings.reverse"];
const TWO = [
  "contains",
  "startswith",
  "endswith",
  "indexof",
  "indexof_n",
  "split",
  "strings.count",
  "trim",
  "trim_left",
  "trim_right",
  "trim_prefix",
  "trim_suffix",
];
const SEARCHED = [
  ...AWKWARD_TEXTS,
  "X",
  "b",
  "ab",
  "ba",
  "aba",
  "\u0301",
  "\u{1f601}",
  "Σ",
  "\u{10400}",
];

function call(name: string, ...args: readonly Value[]): Value | undefined {
  return STRINGS[name]?.(caseContext(), ...args);
}

it("answers as OPA for one text", async () => {
  const cases = ONE.flatMap((name) =>
    [...AWKWARD_TEXTS, ...NO_TEXTS].map((text): BuiltinCase => [name, text]),
  );
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it.each(TWO)("answers as OPA for two texts: %s", async (name) => {
  const cases: BuiltinCase[] = [];
  for (const text of AWKWARD_TEXTS) {
    for (const other of SEARCHED) cases.push([name, text, other]);
  }
  for (const wrong of NO_TEXTS) cases.push([name, wrong, "a"], [name, "a", wrong]);
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it("cuts out code points as OPA", async () => {
  const cases: BuiltinCase[] = [];
  for (const text of AWKWARD_TEXTS) {
    for (const start of AWKWARD_NUMBERS) {
      for (const length of AWKWARD_NUMBERS) cases.push(["substring", text, start, length]);
      for (const delimiter of ["", "X", "a", "\u{1f600}"]) {
        cases.push(["strings.split_n", text, delimiter, start]);
      }
    }
  }
  for (const wrong of NO_TEXTS) {
    cases.push(
      ["substring", wrong, 0, 1],
      ["substring", "a", wrong, 1],
      ["substring", "a", 0, wrong],
    );
    cases.push(["strings.split_n", wrong, "", 1], ["strings.split_n", "a", wrong, 1]);
    cases.push(["strings.split_n", "a", "", wrong]);
  }
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it("replaces as OPA", async () => {
  const cases: BuiltinCase[] = [];
  for (const text of AWKWARD_TEXTS) {
    for (const old of SEARCHED) {
      // OPA tears code points apart where the empty text is replaced.
      if (old === "" && /[^\0-\x7f]/.test(text)) continue;
      cases.push(["replace", text, old, ""], ["replace", text, old, "<$&\u{1f600}>"]);
      cases.push(["strings.replace_n", { [old]: "1", a: "2", ab: "3", "": "" }, "abab"]);
      cases.push(["strings.replace_n", { [old]: "1", a: "2", X: "bb", b: old }, text]);
    }
  }
  const patterns: readonly Value[] = [
    {},
    { "": "-" },
    { "": "-", b: "c" },
    { a: "b", b: "a" },
    { aba: "1", ab: "2" },
    { ba: "1", b: "2", bab: "3" },
    { a: 1 },
    obj(["a", "b"], ["c", "d"]),
    obj([1, "b"]),
    obj(["a", null]),
    { __proto__: null, a: "x" } as unknown as Value,
    { constructor: "x" },
  ];
  for (const pattern of patterns) {
    for (const text of ["", "a", "abab", "constructor"])
      cases.push(["strings.replace_n", pattern, text]);
  }
  for (const wrong of NO_TEXTS) {
    cases.push(
      ["replace", wrong, "a", "b"],
      ["replace", "a", wrong, "b"],
      ["replace", "a", "b", wrong],
    );
    cases.push(["strings.replace_n", wrong, "a"], ["strings.replace_n", { a: "b" }, wrong]);
  }
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it("joins and compares collections as OPA", async () => {
  const collections: readonly Value[] = [
    ...NO_TEXTS,
    "a",
    ["a", "b"],
    ["b", "", "a"],
    ["a", 1],
    [1],
    set("b", "a", "\u{1f600}", "\uffee"),
    set("a", 1),
    set(1),
    [["a"]],
    ["\u{1f600}", "ä"],
    Array.from({ length: 12 }, (_, index) => `${index}ab${index}`),
    set(...Array.from({ length: 12 }, (_, index) => `${index}`)),
  ];
  const cases: BuiltinCase[] = [];
  for (const one of collections) {
    for (const delimiter of ["", ",", "\u{1f600}", "ab", null, 1])
      cases.push(["concat", delimiter, one]);
    for (const other of [...collections, ...AWKWARD_TEXTS]) {
      for (const name of ["strings.any_prefix_match", "strings.any_suffix_match"]) {
        cases.push([name, one, other], [name, other, one]);
      }
    }
  }
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it("maps every letter as OPA does", async () => {
  const cases: BuiltinCase[] = [];
  for (let plane = 0; plane <= 0x1f; plane++) {
    for (let first = plane << 12; first < (plane + 1) << 12; first += 256) {
      if (first >= 0xd800 && first < 0xe000) continue;
      const points = Array.from({ length: 256 }, (_, offset) =>
        String.fromCodePoint(first + offset),
      );
      // Apart, so that no letter is seen in the context of another.
      const text = points.join("-");
      for (const name of ["lower", "upper"]) cases.push([name, text]);
    }
  }
  expect(await differencesFromOpa(oracle, STRINGS, cases)).toEqual([]);
});

it("counts in code points", () => {
  expect(call("indexof", "a\u{1f600}b", "b")).toBe(2);
  expect(call("indexof", "a", "")).toBeUndefined();
  expect(call("indexof_n", "\u{1f600}aaa", "aa")).toEqual([1, 2]);
  expect(call("substring", "a\u{1f600}b", 1, 1)).toBe("\u{1f600}");
  expect(call("substring", "abc", num("1.0"), -1)).toBe("bc");
  expect(call("strings.count", "\u{1f600}", "")).toBe(2);
  expect(call("strings.reverse", "a\u{1f600}")).toBe("\u{1f600}a");
});

it("has one letter for one", () => {
  expect(call("upper", "ß\u1fb3")).toBe("ß\u1fbc");
  expect(call("lower", "ΑΣ\u0130")).toBe("ασi");
  expect(call("trim_space", "\ufeff a\u0085")).toBe("\ufeff a");
});

it("tells why a call is undefined", () => {
  const context = caseContext();
  STRINGS["lower"]?.(context, 1);
  STRINGS["concat"]?.(context, ",", ["a", null]);
  STRINGS["concat"]?.(context, ",", {});
  STRINGS["substring"]?.(context, "a", 1.5, 1);
  expect(context.messages).toEqual([
    "operand 1 must be string but got number",
    "operand 2 must be array of strings but got array containing null",
    "operand 2 must be one of {set, array} but got object",
    "operand 2 must be integer number but got floating-point number",
  ]);
});

it("finds long texts in linear time", () => {
  const text = `${"a".repeat(300_000)}b`;
  const wanted = "a".repeat(1000);
  expect(call("contains", text, `${wanted}b`)).toBe(true);
  expect(call("contains", text, `b${wanted}`)).toBe(false);
  expect(call("indexof", text, `${wanted}b`)).toBe(299_000);
  expect(call("strings.count", text, wanted)).toBe(300);
  expect(call("split", text, wanted)).toHaveLength(301);
  expect(call("indexof_n", text.slice(-15_001), wanted)).toHaveLength(14_001);
});

it("stops before a result grows beyond the budget", () => {
  const text = "a".repeat(100_000);
  const many = Array.from({ length: 1000 }, () => "a");
  expect(() => call("concat", text, many)).toThrow(BudgetExceeded);
  expect(() => call("replace", text, "a", text)).toThrow(BudgetExceeded);
  expect(() => call("strings.replace_n", { a: text }, text)).toThrow(BudgetExceeded);
  expect(() => call("split", text, "")).toThrow(BudgetExceeded);
  expect(() => call("upper", "a".repeat(5_000_000))).toThrow(BudgetExceeded);
});
