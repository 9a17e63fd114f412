/** Graphs and `walk`, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { GRAPH } from "../../../../src/policy/builtins/graph.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { termText } from "../../../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES, pairs } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, regoText, set, testBudget } from "../../../support/rego-values.ts";

const GRAPHS: readonly Value[] = [
  {},
  { a: ["b", "c"], b: ["d"], c: ["d"], d: [] },
  { a: ["a"] },
  { a: ["a", "b"], b: ["a"] },
  { a: ["b", "b", "x"], b: set("a", "c"), c: null },
  { a: "b", b: { a: 1 }, c: [["a"]] },
  obj([1, [2, num("1.0")]], [2, [num("1.0"), [1]]], [[1], set(1, set())], [set(), []]),
  obj([num("1.0"), [1]], [null, [true, null]], [true, [null, false]], [false, []]),
  { a: ["b"], b: ["c"], c: ["a", "d"], d: ["b", "e"], e: [] },
  { a: set(), b: [], c: ["a", "b", "c", "z"] },
];

const STARTS: readonly Value[] = [
  ...ALL_VALUES,
  ["a", "b", "c", "d", "z"],
  ["z"],
  set("a", "z"),
  [[1], num("1.0"), 1, 2],
  [null, true],
  ["a", "a"],
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("finds reachable nodes and paths as OPA does", async () => {
  const cases = ["graph.reachable", "graph.reachable_paths"].flatMap((name) => [
    ...pairs(GRAPHS, STARTS).map(([graph, starts]) => [name, graph, starts] as const),
    ...ALL_VALUES.map((value) => [name, value, ["a"]] as const),
    ...ALL_VALUES.map((value) => [name, { a: value }, ["a"]] as const),
  ]);
  expect(await differencesFromOpa(oracle, GRAPH, cases)).toEqual([]);
});

it("walks in OPA's order", async () => {
  const values = [...ALL_VALUES, ALL_VALUES, ...GRAPHS, set([1], { b: 1, a: [2] }, set(set()))];
  const { results, message } = await oracle.ask({
    modules: {
      "a.rego": `package a\n${values.map((value, index) => `r${index} := [p | walk(${regoText(value)}, p)]`).join("\n")}`,
    },
    entrypoints: values.map((_, index) => `a/r${index}`),
  });
  expect(message).toBeUndefined();
  for (const [index, value] of values.entries()) {
    const walked = GRAPH["walk"]?.(caseContext(), value) as Value;
    expect(termText(walked, testBudget())).toBe(results[`a/r${index}`]?.[0]?.text);
  }
  expect(GRAPH["walk"]?.(caseContext(), { b: [7], a: 1 })).toEqual([
    [[], { b: [7], a: 1 }],
    [["a"], 1],
    [["b"], [7]],
    [["b", 0], 7],
  ]);
});

it("follows long ways without recursion", () => {
  const chain = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`n${index}`, [`n${index + 1}`]]),
  );
  const paths = GRAPH["graph.reachable_paths"]?.(caseContext(), chain, ["n0"]) as Value;
  expect(termText(paths, testBudget()).length).toBeGreaterThan(10_000);
});

it("ends an evaluation whose paths are too many or whose values are too deep", () => {
  const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
  const complete = Object.fromEntries(names.map((name) => [name, names]));
  expect(() => GRAPH["graph.reachable_paths"]?.(caseContext(), complete, ["n0"])).toThrow(
    BudgetExceeded,
  );
  let deep: Value = [];
  for (let depth = 0; depth < 10_000; depth++) deep = [deep];
  expect(() => GRAPH["walk"]?.(caseContext(), deep)).toThrow(BudgetExceeded);
  expect(() => GRAPH["walk"]?.(caseContext(), new Array(60_000).fill(1))).toThrow(BudgetExceeded);
});
