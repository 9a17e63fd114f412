/** Builtins on sets, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { SETS } from "../../../../src/policy/builtins/sets.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { termText } from "../../../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES, pairs, SETS_OF_ALL } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, set, testBudget } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("joins and intersects two sets as OPA does", async () => {
  const arguments_ = [
    ...pairs(SETS_OF_ALL, ALL_VALUES),
    ...pairs(ALL_VALUES, SETS_OF_ALL),
    ...pairs([1, [1], {}], [1, [1], {}]),
  ];
  const cases = ["and", "or"].flatMap((name) => arguments_.map(([a, b]) => [name, a, b] as const));
  expect(await differencesFromOpa(oracle, SETS, cases)).toEqual([]);
});

it("joins and intersects the sets in a set as OPA does", async () => {
  const sets: readonly Value[] = [
    ...ALL_VALUES,
    ...pairs(SETS_OF_ALL, ALL_VALUES).map(([a, b]) => set(a, b)),
    ...pairs(SETS_OF_ALL, SETS_OF_ALL).map(([a, b]) => set(a, b, set(num("2.0"), 1, 3))),
  ];
  const cases = ["intersection", "union"].flatMap((name) =>
    sets.map((one) => [name, one] as const),
  );
  expect(await differencesFromOpa(oracle, SETS, cases)).toEqual([]);
});

it("keeps its arguments and the element that comes first", () => {
  const a = set(num("1.0"), 2);
  const b = set(1, 3);
  const joined = SETS["or"]?.(caseContext(), a, b) as Value;
  expect(termText(joined, testBudget())).toBe("{1.0, 2, 3}");
  expect(a.size + b.size).toBe(4);
  const context = caseContext();
  expect(SETS["union"]?.(context, set(a, 1))).toBeUndefined();
  expect(SETS["and"]?.(context, a, [1])).toBeUndefined();
  expect(context.messages).toEqual([
    "operand 1 must be set but got number",
    "operand 2 must be set but got array",
  ]);
});

it("ends an evaluation whose sets grow too large", () => {
  const budget = { ...caseContext() };
  const large = set(...Array.from({ length: 30_000 }, (_, index) => index));
  const other = set(...Array.from({ length: 30_000 }, (_, index) => index + 0.5));
  expect(() => SETS["or"]?.(budget, large, other)).toThrow(BudgetExceeded);
});
