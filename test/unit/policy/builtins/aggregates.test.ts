/** Aggregates, next to OPA's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGGREGATES } from "../../../../src/policy/builtins/aggregates.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_NUMBERS, NO_NUMBERS, pairs } from "../../../support/awkward-numbers.ts";
import {
  type BuiltinCase,
  callHere,
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

const ask = (cases: readonly BuiltinCase[]) => differencesFromOpa(oracle, AGGREGATES, cases);

const call = (...one: BuiltinCase) => callHere(AGGREGATES, one);

const TEXTS = ["", "a", "aä", "\u{1f600}", "a\u{1f600}\u{1f600}b", "\u0000", "e\u0301"];
const few = AWKWARD_NUMBERS.filter((_, index) => index % 3 === 0);
const numberLists: readonly Value[] = [
  ...AWKWARD_NUMBERS.map((value) => [value]),
  ...pairs(few, AWKWARD_NUMBERS).map(([a, b]) => [a, b]),
  ...pairs(pairs(few, few), [num("0.1"), num("3")]).map(([[a, b], c]) => [a, b, c]),
  AWKWARD_NUMBERS,
  [...AWKWARD_NUMBERS].reverse(),
];
const mixed: readonly Value[] = [...NO_NUMBERS, ...TEXTS, 1, num("1.50")];
const collections: readonly Value[] = [
  ...mixed,
  ...pairs(mixed, mixed).flatMap(([a, b]) => [[a, b], set(a, b)]),
  mixed,
  set(...mixed),
  obj([1, "a"], ["a", 1], [[1], 2]),
  { a: 1, b: undefined },
];

describe.each(["sum", "product", "max", "min"])("%s", (name) => {
  it("takes numbers as OPA does", async () => {
    expect(await ask(numberLists.map((list) => [name, list]))).toEqual([]);
  });

  it("takes sets of numbers as OPA does", async () => {
    const sets = pairs(few, few).map(([a, b]) => set(a, b, num("0.7")));
    expect(await ask(sets.map((one) => [name, one]))).toEqual([]);
  });

  it("takes anything else as OPA does", async () => {
    expect(await ask(collections.map((value) => [name, value]))).toEqual([]);
  });
});

it.each(["count", "sort"])("%s takes anything as OPA does", async (name) => {
  expect(await ask([...collections, ...TEXTS].map((value) => [name, value]))).toEqual([]);
});

it("sorts numbers as OPA does", async () => {
  const lists = numberLists.filter((list) => (list as readonly Value[]).length <= 12);
  expect(await ask(lists.map((list) => ["sort", list]))).toEqual([]);
});

it.each<[string, Value, string]>([
  ["count", "a\u{1f600}", "2"],
  ["count", { a: 1, b: undefined }, "1"],
  ["sum", [], "0"],
  ["product", [], "1"],
  ["sum", [9_007_199_254_740_991, 1, 1], "9007199254740993"],
  ["product", [num("0.1"), num("0.1")], "0.01"],
  ["max", [1, num("1.0")], "1.0"],
  ["min", [1, num("1.0")], "1.0"],
  ["max", [], "undefined"],
  ["sort", set("b", 2, "a"), '[2, "a", "b"]'],
])("%s of %o is %s", (name, value, result) => {
  expect(call(name, value)).toBe(result);
});

it("tells what it does not take", () => {
  const context = caseContext();
  AGGREGATES["sum"]?.(context, [1, "2"]);
  expect(context.messages).toEqual([
    "operand 1 must be array of numbers but got array containing string",
  ]);
});

describe("cost", () => {
  it("ends a product that grows too long", () => {
    const factors = new Array<Value>(20_000).fill(num("123456789012345678901234567890"));
    expect(() => call("product", factors)).toThrow(BudgetExceeded);
  });

  it.each(["sum", "product", "max", "min", "sort"])("ends %s of too many elements", (name) => {
    expect(() => call(name, new Array<Value>(300_000).fill(1))).toThrow(BudgetExceeded);
  });

  it("ends a count of too many characters", () => {
    expect(() => call("count", "a".repeat(4_000_000))).toThrow(BudgetExceeded);
  });
});
