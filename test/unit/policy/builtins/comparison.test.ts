/** Comparisons, next to OPA's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPARISON } from "../../../../src/policy/builtins/comparison.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_NUMBERS, NO_NUMBERS, pairs } from "../../../support/awkward-numbers.ts";
import { type BuiltinCase, callHere, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const ask = (cases: readonly BuiltinCase[]) => differencesFromOpa(oracle, COMPARISON, cases);

const call = (...one: BuiltinCase) => callHere(COMPARISON, one);

const NAMES = ["equal", "neq", "lt", "lte", "gt", "gte"];
const MIXED: readonly Value[] = [
  ...NO_NUMBERS,
  ...AWKWARD_NUMBERS.filter((_, index) => index % 4 === 0),
  false,
  "\uffee",
  "\u{1f600}",
  [num("1.0")],
  [1, 2],
  { a: num("1.0") },
  obj(["a", 1]),
  obj([num("1.0"), 2]),
  { b: 0 },
  set(num("1.0")),
  set(1, 2),
  [set()],
];

describe.each(NAMES)("%s", (name) => {
  it("compares numbers as OPA does", async () => {
    const cases = pairs(AWKWARD_NUMBERS, AWKWARD_NUMBERS).map(([a, b]) => [name, a, b] as const);
    expect(await ask(cases)).toEqual([]);
  });

  it("compares anything as OPA does", async () => {
    expect(await ask(pairs(MIXED, MIXED).map(([a, b]) => [name, a, b]))).toEqual([]);
  });
});

it.each<[string, Value, Value, string]>([
  ["equal", 1, num("1.0"), "true"],
  ["equal", num("9007199254740993"), 9_007_199_254_740_992, "false"],
  ["equal", num("0.10"), num("0.100000000000000000010"), "true"],
  ["equal", num("0.1"), num("0.100000000000000000010"), "false"],
  ["lt", "\uffee", "\u{1f600}", "true"],
  ["gt", [], 1, "true"],
  ["lte", num("1e400"), num("10e399"), "true"],
  ["gte", set(), {}, "true"],
  ["neq", null, false, "true"],
])("%s(%o, %o) is %s", (name, a, b, result) => {
  expect(call(name, a, b)).toBe(result);
});

it("is charged for", () => {
  const long = (last: string) => [...new Array<Value>(300_000).fill(1), last];
  expect(() => call("lt", long("a"), long("b"))).toThrow(BudgetExceeded);
});
