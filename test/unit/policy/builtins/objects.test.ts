/** Builtins on objects, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { OBJECTS } from "../../../../src/policy/builtins/objects.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { parseJson } from "../../../../src/policy/plan/values/json.ts";
import { termText } from "../../../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import {
  ALL_VALUES,
  ARRAYS_OF_ALL,
  COMPOSITES,
  OBJECTS_OF_ALL,
  pairs,
  SETS_OF_ALL,
} from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set, testBudget } from "../../../support/rego-values.ts";

/** Objects that meet in keys, written differently, on several levels. */
const OVERLAPPING: readonly Value[] = [
  { a: { b: 1, c: { d: 1 } } },
  { a: { b: { e: 2 }, c: { d: num("1.0") } } },
  { a: 4, x: set(1) },
  { a: null, x: null },
  { a: { b: [1], c: {} } },
  obj([1, { a: 1 }], [[1], { a: 1 }]),
  obj([num("1.0"), { a: num("1.0") }], [[num("1.0")], { b: 2 }]),
  {},
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("gets members and paths as OPA does", async () => {
  const document = obj(
    ["a", ["x", { b: [set([1], "s", 2), obj([1, "one"])] }]],
    ["s", set(1, num("2.0"), [1])],
    ["n", null],
  );
  const paths: readonly Value[] = [
    ["a", 0],
    ["a", num("-0")],
    ["a", num("1.0"), "b", 0, [1]],
    ["a", 1, "b", 0, [num("1.0")], 0],
    ["a", num("1e0")],
    ["a", 1, "b", 1, num("1.0")],
    ["a", -1],
    ["a", "0"],
    ["a", 9],
    ["s", 2],
    ["s", [num("1.0")], 0],
    ["s", 3],
    ["n"],
    ["n", "x"],
    ["a", "toString"],
    ["a", "length"],
    [["a"]],
    set("a"),
  ];
  const cases = [
    ...paths.map((path) => ["object.get", document, path, "none"] as const),
    ...pairs(OBJECTS_OF_ALL, ALL_VALUES).map(([a, key]) => ["object.get", a, key, key] as const),
    ...pairs(OBJECTS_OF_ALL, ALL_VALUES).map(([a, key]) => ["object.get", a, [key], {}] as const),
    ...ALL_VALUES.map((value) => ["object.get", value, "a", 1] as const),
    ["object.get", { a: null }, "a", 1] as const,
  ];
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("filters and removes keys as OPA does", async () => {
  const names = [
    ...ALL_VALUES,
    [...ALL_VALUES],
    set(num("1.0"), "a", [1], set("a")),
    ["a", num("1.0")],
  ];
  const cases = ["object.filter", "object.remove"].flatMap((name) => [
    ...pairs(OBJECTS_OF_ALL, names).map(([a, b]) => [name, a, b] as const),
    ...ALL_VALUES.map((value) => [name, value, ["a"]] as const),
  ]);
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("tells keys as OPA does", async () => {
  const cases = ALL_VALUES.map((value) => ["object.keys", value] as const);
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("tells subsets as OPA does", async () => {
  const runs: readonly Value[] = [[1, 1, 2], [1, 2], [2, 1, 1, 2], [1, 2, 3], [1], [], [2, 1]];
  const nested = [...runs, ...SETS_OF_ALL, ...OBJECTS_OF_ALL].map((value) => ({ a: value }));
  const cases = [
    ...pairs(COMPOSITES, ALL_VALUES),
    ...pairs(ALL_VALUES.slice(0, 8), COMPOSITES),
    ...pairs(runs, [...runs, set(1, 2), set(1), set(2, 3), set(), set(1, 2, 4)]),
    ...pairs(nested, nested),
    ...pairs(OVERLAPPING, OVERLAPPING),
    ...pairs(
      [
        ["a", "a"],
        ["a", "b", "a"],
      ],
      [set("a", "b"), set("a", "c")],
    ),
  ].map(([whole, part]) => ["object.subset", whole, part] as const);
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("joins two objects as OPA does", async () => {
  const objects = [...OBJECTS_OF_ALL, ...OVERLAPPING];
  const cases = [
    ...pairs(objects, objects),
    ...pairs(ALL_VALUES, [{ a: 1 }]),
    ...pairs([{ a: 1 }], ALL_VALUES),
  ].map(([a, b]) => ["object.union", a, b] as const);
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("joins many objects as OPA does", async () => {
  const triples = OVERLAPPING.flatMap((a) =>
    pairs(OVERLAPPING, OVERLAPPING).map((rest) => [a, ...rest]),
  );
  const cases = [
    ...triples,
    ...triples.slice(150, 250).map((triple) => [...triple, { a: { c: { d: {} } } }]),
    ...pairs(OBJECTS_OF_ALL, OBJECTS_OF_ALL).map((pair) => [...pair]),
    ...ALL_VALUES.map((value) => [{ a: 1 }, value]),
    ...ALL_VALUES.map((value) => [value]),
    ...ALL_VALUES,
    ARRAYS_OF_ALL,
  ].map((value) => ["object.union_n", value] as const);
  expect(await differencesFromOpa(oracle, OBJECTS, cases)).toEqual([]);
});

it("takes prototypes for data and leaves arguments as they are", () => {
  const document = parseJson('{"__proto__": {"a": 1}, "b": {"c": 1}}');
  const context = caseContext();
  const text = (value: Value | undefined) => termText(value as Value, testBudget());
  expect(OBJECTS["object.get"]?.(context, document, "constructor", "none")).toBe("none");
  expect(OBJECTS["object.get"]?.(context, document, ["__proto__", "a"], "none")).toBe(1);
  expect(text(OBJECTS["object.union"]?.(context, document, { b: { d: 2 } }))).toBe(
    '{"__proto__": {"a": 1}, "b": {"c": 1, "d": 2}}',
  );
  expect(text(document)).toBe('{"__proto__": {"a": 1}, "b": {"c": 1}}');
  expect(OBJECTS["object.union_n"]?.(context, [{}, 1])).toBeUndefined();
  expect(OBJECTS["object.remove"]?.(context, {}, "a")).toBeUndefined();
  expect(context.messages).toEqual([
    "operand 1 must be array of objects but got array containing number",
    "operand 2 must be one of {object, set, array} but got string",
  ]);
});

it("ends an evaluation whose objects grow too large or deep", () => {
  const large = Object.fromEntries(
    Array.from({ length: 60_000 }, (_, index) => [`k${index}`, index]),
  );
  let deep: Value = {};
  for (let depth = 0; depth < 10_000; depth++) deep = { a: deep, [`b${depth}`]: 1 };
  for (const [name, ...args] of [
    ["object.keys", large],
    ["object.union", large, { a: 1 }],
    ["object.union", deep, { ...deep, b: 2 }],
    ["object.union_n", [deep, { ...deep, b: 2 }]],
    ["object.subset", new Array(100_000).fill(1), [...new Array(50_000).fill(1), 2]],
  ] as const) {
    expect(() => OBJECTS[name]?.(caseContext(), ...args), name).toThrow(BudgetExceeded);
  }
});
