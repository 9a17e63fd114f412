/** `sprintf` as Go writes every verb, flag, width and precision of every type. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { SPRINTF } from "../../../../src/policy/builtins/sprintf.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_TEXTS, NO_TEXTS } from "../../../support/awkward-texts.ts";
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

function sprintf(format: Value, ...values: readonly Value[]): Value | undefined {
  return SPRINTF["sprintf"]?.(caseContext(), format, values);
}

const VERBS = [..."vsdtbocqxXUeEfFgGTOw%p!zä"];
const NUMBERS: readonly Value[] = [
  0,
  num("-0"),
  num("-0.0"),
  1,
  -42,
  97,
  0x1f600,
  0xd800,
  num("9007199254740993"),
  num("9223372036854775807"),
  num("-9223372036854775808"),
  num("9223372036854775808"),
  num("-170141183460469231731687303715884105728"),
  1.5,
  0.5,
  2.5,
  num("1.0"),
  num("1.50"),
  0.1,
  -1234.5678,
  123456789.125,
  1e-7,
  1e21,
  1e20,
  num("1e6"),
  num("100000.0"),
  num("1e400"),
  num("1e-400"),
  5e-324,
  1.7976931348623157e308,
  999999.5,
  0.000099995,
];
const OTHERS: readonly Value[] = [
  ...AWKWARD_TEXTS.filter((text, index) => text.length < 20 && index % 2 === 0),
  "hello, w\u00f6rld",
  "a`b",
  'q"q',
  null,
  true,
  [],
  [1, "a", [null]],
  set(1, "b"),
  set(),
  { b: 1, a: "x" },
  obj([1, 2]),
];

function formats(): readonly string[] {
  const prefixes = [
    "",
    "+",
    "#",
    " ",
    "0",
    "-",
    "8",
    "-8",
    "08",
    "+.3",
    ".0",
    "10.2",
    "# ",
    "#.3",
    "+08.1",
    "-010",
    ".30",
  ];
  return prefixes.flatMap((prefix) => VERBS.map((verb) => `%${prefix}${verb}`));
}

/** Where Go writes an address or the inside of a large number. */
function isTellable(format: string, value: Value): boolean {
  const isLarge = sprintf("%T", value) === "*big.Int";
  return !(isLarge && /[pw]/.test(format));
}

it("writes numbers as OPA", async () => {
  const cases: BuiltinCase[] = [];
  for (const format of formats()) {
    for (const value of NUMBERS) {
      if (isTellable(format, value)) cases.push(["sprintf", format, [value]]);
    }
  }
  expect(await differencesFromOpa(oracle, SPRINTF, cases)).toEqual([]);
});

it("writes everything else as OPA", async () => {
  const cases: BuiltinCase[] = [];
  for (const format of formats()) {
    for (const value of OTHERS) cases.push(["sprintf", format, [value]]);
  }
  expect(await differencesFromOpa(oracle, SPRINTF, cases)).toEqual([]);
});

it("reads formats as OPA", async () => {
  const odd = [
    "",
    "%",
    "%%",
    "a%",
    "%5",
    "%5.",
    "%.",
    "%.d",
    "%.-1d",
    "%-",
    "%[1]d",
    "%[2]d %[1]d",
    "%[3]d",
    "%[0]d",
    "%[]d",
    "%[]",
    "%[",
    "%[1",
    "%[1]",
    "%[x]d",
    "%[-1]d",
    "%[1]5d",
    "%[1].2d",
    "%5[1]d",
    "%.2[1]d",
    "%.[2]*[1]d",
    "%[2]*[1]d",
    "%[1]*d",
    "%*d",
    "%-*d",
    "%.*d",
    "%*.*d",
    "%*s|%s",
    "%.*s",
    "%d %d %d",
    "%d",
    "%s",
    "%!",
    "%z%d",
    "%d%%%d",
    "%99999999d",
    "%1000001d",
    "%.1000001d",
    "%[99999999]d",
    "%\u{1f600}",
    "ä%s\u{1f600}%sß",
    "%+-# 0d",
    "%++d",
    "%00005d",
    "%v%v",
    "%[2]v%v",
    "%[1]s%[1]T",
    "%\u0000",
    "%s %",
    "%.[1]d",
    "%[1]%",
    "%[5]%",
    "%.3.2f",
    "%5.3",
    "% d% d",
    "%l",
    "%ld",
  ];
  const lists: readonly (readonly Value[])[] = [
    [],
    [1],
    [1, 2],
    [3, -2],
    [-5, 7],
    [5, "a"],
    ["abc", 3],
    [num("1.0"), 2],
    [num("99999999999999999999"), 1],
    [2000000, 1],
    [null, [1], { a: 1 }],
    ["a", "b", "c", 4, 1.5],
  ];
  const cases = odd.flatMap((format) =>
    lists.map((list): BuiltinCase => ["sprintf", format, list]),
  );
  for (const wrong of NO_TEXTS) cases.push(["sprintf", wrong, []], ["sprintf", "%v", wrong]);
  cases.push(["sprintf", "%v", "a"]);
  expect(await differencesFromOpa(oracle, SPRINTF, cases)).toEqual([]);
});

it("says what is wrong with a format in its result", () => {
  expect(sprintf("%d", "hi")).toBe("%!d(string=hi)");
  expect(sprintf("%s")).toBe("%!s(MISSING)");
  expect(sprintf("a", 1, "b")).toBe("a%!(EXTRA int64=1, string=b)");
  expect(sprintf("%s", 1.5)).toBe("%!s(float64=1.5)");
  expect(sprintf("%05d|%-4s|%.2f|%x", -42, "ä", 2.005, "hi")).toBe("-0042|ä   |2.00|6869");
  expect(sprintf("%v %v", set(), { a: [true] })).toBe('set() {"a": [true]}');
  expect(sprintf("%p", num("9223372036854775808"))).toBeUndefined();
});

it("writes nothing beyond the budget", () => {
  expect(() => sprintf("%1000000d".repeat(5), 1, 1, 1, 1, 1)).toThrow(BudgetExceeded);
  expect(() => sprintf("%.1000000f".repeat(5), 1.5, 1.5, 1.5, 1.5, 1.5)).toThrow(BudgetExceeded);
  expect(() => sprintf("%s".repeat(100), ...Array(100).fill("a".repeat(100_000)))).toThrow(
    BudgetExceeded,
  );
});
