/** `json.filter` and `json.remove`, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { JSON_PATHS } from "../../../../src/policy/builtins/json-paths.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES, OBJECTS_OF_ALL, pairs } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

const DOCUMENTS: readonly Value[] = [
  ...OBJECTS_OF_ALL,
  { a: [1, { b: [10, 20, 30] }, [[]]], "": { "": 1 }, "a/b": { "~": 1, "~1": 2 } },
  obj(["s", set(1, "x", [1, 2], { a: 1, b: 2 }, set(1))], [1, { a: 1 }], [[1], { a: [1, 2] }]),
  obj(["s", set([1, 2], [2, 2], [3, 2])], ["\u0000a", { "\u{1f600}": { a: 1 } }]),
];

const PATHS: readonly Value[] = [
  "",
  "/",
  "//",
  "a",
  "/a",
  "///a/",
  "a/b",
  "a/b/c",
  "a/0",
  "a/1/b/1",
  "a/1/b/00",
  "a/2/0",
  "a//b",
  "a~1b/~0",
  "a~1b/~01",
  "b/a",
  "b/c/1",
  "1",
  "__proto__/a",
  "constructor",
  [],
  ["a", 0],
  ["a", "0"],
  ["a", "1", "b", "2"],
  [1, "a"],
  [num("1.0"), "a"],
  [[num("1.0")], "a", "0"],
  [set("a"), "a"],
  ["s", 1],
  ["s", num("1.0")],
  ["s", [1, 2], "0"],
  ["s", [2, 2], "0"],
  ["s", { a: 1, b: 2 }, "b"],
  ["s", set(1), 1],
  ["\u0000a", "\u{1f600}", "a"],
  ["", ""],
  null,
  1,
  set("a"),
  { a: 1 },
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("follows one path as OPA does", async () => {
  const cases = ["json.filter", "json.remove"].flatMap((name) =>
    pairs(DOCUMENTS, PATHS).map(([document, path]) => [name, document, [path]] as const),
  );
  expect(await differencesFromOpa(oracle, JSON_PATHS, cases)).toEqual([]);
});

it("follows several paths, in arrays and sets, as OPA does", async () => {
  const valid = PATHS.filter((path) => typeof path === "string" || Array.isArray(path));
  const cases = ["json.filter", "json.remove"].flatMap((name) =>
    DOCUMENTS.slice(-3).flatMap((document) =>
      pairs(valid, valid).flatMap(([a, b]) => [
        [name, document, [a, b]] as const,
        ...(a === "a" || b === "s" ? [[name, document, set(a, b)] as const] : []),
      ]),
    ),
  );
  const all = DOCUMENTS.map((document) => ["json.filter", document, valid] as const);
  expect(await differencesFromOpa(oracle, JSON_PATHS, [...cases, ...all])).toEqual([]);
});

it("takes only objects and collections of paths, as OPA does", async () => {
  const cases = ["json.filter", "json.remove"].flatMap((name) => [
    ...ALL_VALUES.map((value) => [name, value, ["a"]] as const),
    ...ALL_VALUES.map((value) => [name, { a: 1 }, value] as const),
  ]);
  expect(await differencesFromOpa(oracle, JSON_PATHS, cases)).toEqual([]);
});

it("says what is wrong with a path and bounds the tree of paths", () => {
  const context = caseContext();
  expect(JSON_PATHS["json.filter"]?.(context, {}, [1])).toBeUndefined();
  expect(JSON_PATHS["json.filter"]?.(context, {}, "a")).toBeUndefined();
  expect(context.messages).toEqual([
    "operand 2 must be one of {set, array} containing string paths or array of path segments but got number",
    "operand 2 must be one of {set, array} but got string",
  ]);
  const long = ["a/".repeat(60_000)];
  expect(() => JSON_PATHS["json.remove"]?.(caseContext(), {}, long)).toThrow(BudgetExceeded);
});
