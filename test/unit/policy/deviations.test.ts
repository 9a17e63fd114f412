/** agree: the same but for what the table of deviations allows. */
import { expect, it } from "vitest";
import { agree, DEVIATIONS, deviatingBuiltins } from "../../../src/policy/deviations.ts";

it.each<[string, unknown, unknown]>([
  ["equal documents", { a: [1, "x", null, true] }, { a: [1, "x", null, true] }],
  ["members in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["a set in another order", [[1, 2, { a: [3, 4] }]], [[{ a: [4, 3] }, 2, 1]]],
  ["the neighbour of a large number", 1.5e19, 1.5e19 * (1 + Number.EPSILON)],
  ["a number without end", Number.POSITIVE_INFINITY, null],
  ["the member __proto__", JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
])("takes %s as the same", (_name, plan, wasm) => {
  expect(agree(plan, wasm)).toBe(true);
});

it.each<[string, unknown, unknown]>([
  ["another boolean", true, false],
  ["another text", "a", "b"],
  ["another whole number", 1, 2],
  ["another fraction", 0.1, 0.2],
  ["a number and its text", 1, "1"],
  ["null and nothing", null, undefined],
  ["null and an object", null, {}],
  ["an object and null", {}, null],
  ["a list and an object", [], {}],
  ["an object and a list", {}, []],
  ["an element more often", [1, 1, 2], [1, 2, 2]],
  ["a shorter list", [1], [1, 2]],
  ["a member of another name", { a: 1 }, { b: 1 }],
  ["a member more", { a: 1 }, { a: 1, b: 1 }],
  ["an inherited member", { toString: undefined }, { a: 1 }],
  ["an infinite number and a finite one", Number.POSITIVE_INFINITY, 1e308],
])("tells %s apart", (_name, plan, wasm) => {
  expect(agree(plan, wasm)).toBe(false);
});

it("does not sort a list of any length", () => {
  const long = Array.from({ length: 257 }, (_, index) => index);
  expect(agree(long, [...long])).toBe(true);
  expect(agree(long, long.toReversed())).toBe(false);
});

it("gives up where lists in lists stand in another order and it would take too long", () => {
  const list = (from: number) => Array.from({ length: 140 }, (_, index) => from + index);
  const lists = Array.from({ length: 140 }, (_, index) => list(index * 1_000));
  expect(agree(lists, lists.map((one) => one.toReversed()).toReversed())).toBeUndefined();
  expect(agree(lists, structuredClone(lists))).toBe(true);
});

it("names the builtins that keep a policy from being compared, sorted", () => {
  expect(deviatingBuiltins(["count", "sprintf", "json.marshal"])).toEqual([
    "json.marshal",
    "sprintf",
  ]);
  expect(deviatingBuiltins(["count", "lower"])).toEqual([]);
});

it("says something of both sides in every row", () => {
  for (const { what, opa, wasm } of DEVIATIONS) {
    expect(what.length * opa.length * wasm.length).toBeGreaterThan(0);
  }
});
