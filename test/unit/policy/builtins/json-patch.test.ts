/** `json.patch`, against OPA. Patches on which OPA itself panics are left out. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { JSON_PATCH } from "../../../../src/policy/builtins/json-patch.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { ALL_VALUES } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

const DOCUMENTS: readonly Value[] = [
  { a: 1, b: [1, [2, 3], { c: 4 }], d: { e: { f: null } } },
  [1, { a: [1, 2] }, [3], "x"],
  obj([1, { a: 1 }], [num("2.0"), [1]], [[1], "one"], ["s", set(1, "x", [1, 2], { a: 1 }, set(1))]),
  set(1, "a", [1], [[2], 3], { a: { b: 1 } }),
  { s: set([1, 2], [1]), "": { "": 0 }, "a/b": { "~": 1 }, __proto__: 1 },
];

const PATHS: readonly Value[] = [
  "a",
  "/a",
  "b/0",
  "b/-",
  "b/1/0",
  "b/1/-",
  "b/2/c",
  "b/3",
  "b/4",
  "b/-1",
  "b/01",
  "b/1.0",
  "b/+1",
  "b/.",
  "d/e/f",
  "d/e/f/g",
  "d/x/y",
  "0",
  "1/a/0",
  "1/a/2",
  "2/0",
  "4",
  "/",
  "//",
  "a~1b/~0",
  "__proto__",
  [1],
  [num("1.0"), "a"],
  [2, 0],
  [num("2.0"), "-"],
  [num("-0")],
  [1.5],
  [[1]],
  [[1], 0],
  [[num("1.0")]],
  ["s", 1],
  ["s", num("1.0")],
  ["s", "x"],
  ["s", [1, 2]],
  ["s", [1, 2], 1],
  ["s", { a: 1 }, "a"],
  ["s", set(1), 1],
  [[[2], 3], 0, 0],
  [{ a: { b: 1 } }, "a", "b"],
  [null],
  ["b", true],
];

const VALUES: readonly Value[] = [1, num("1.0"), "x", [1], { c: [7] }, null];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

function patches(operations: readonly (readonly Value[])[]): BuiltinCase[] {
  return operations.flatMap((list) => DOCUMENTS.map((one) => ["json.patch", one, list] as const));
}

it("adds, removes, replaces and tests one value as OPA does", async () => {
  const operations = PATHS.flatMap((path) => [
    [{ op: "remove", path }],
    ...["add", "replace", "test"].flatMap((op) => VALUES.map((value) => [{ op, path, value }])),
  ]);
  expect(await differencesFromOpa(oracle, JSON_PATCH, patches(operations))).toEqual([]);
});

it("moves and copies as OPA does", async () => {
  const operations = PATHS.flatMap((from) =>
    ["b/0", "d/new", "1/a/-", ["s", [1, 2]], ""].flatMap((path) => [
      [{ op: "move", from, path }],
      [{ op: "copy", from, path }],
    ]),
  );
  expect(await differencesFromOpa(oracle, JSON_PATCH, patches(operations))).toEqual([]);
});

it("applies operations one after the other as OPA does", async () => {
  const first: readonly Value[] = [
    { op: "remove", path: "b/0" },
    { op: "add", path: "b/0", value: "n" },
    { op: "add", path: "b/-", value: "n" },
    { op: "replace", path: "0", value: "n" },
    { op: "remove", path: "1" },
    { op: "test", path: [num("1.0"), "a"], value: 1 },
    { op: "remove", path: ["s", [1, 2]] },
    { op: "add", path: ["s", [1, 2], 0], value: 9 },
    { op: "replace", path: ["s", { a: 1 }, "a"], value: 9 },
    { op: "add", path: ["s", num("1.0")], value: 1 },
    { op: "remove", path: "a" },
    { op: "copy", from: "d", path: "d/e/f" },
  ];
  const second: readonly Value[] = [
    { op: "test", path: "b/0", value: 1 },
    { op: "test", path: "b/1", value: 1 },
    { op: "add", path: "b/1/0", value: "m" },
    { op: "add", path: "b/0/0", value: "m" },
    { op: "remove", path: "b/0" },
    { op: "copy", from: "b/3", path: "d/x" },
    { op: "copy", from: "b/2", path: "d/x" },
    { op: "remove", path: "2" },
    { op: "copy", from: "1", path: "0" },
    { op: "replace", path: "b", value: [] },
    { op: "add", path: "a", value: "m" },
    { op: "remove", path: "a" },
    { op: "add", path: [1, "z"], value: "m" },
    { op: "remove", path: ["s", [9, 1, 2]] },
    { op: "add", path: ["s", [1, 2], "-"], value: "m" },
    { op: "remove", path: ["s", { a: 9 }] },
    { op: "add", path: ["s", "y"], value: "y" },
  ];
  const operations = first.flatMap((one) => second.map((other) => [one, other]));
  const thrice = operations.flatMap((list) => second.slice(0, 2).map((last) => [...list, last]));
  const cases = patches([...operations, ...thrice]);
  expect(withoutPanics(await differencesFromOpa(oracle, JSON_PATCH, cases))).toEqual([]);
});

/** OPA panics where it has lost count of an array's elements, and after the document was removed. */
function withoutPanics(differences: readonly string[]): readonly string[] {
  return differences.filter((difference) => !difference.endsWith(" OPA panic"));
}

it("takes documents of any type and refuses what is no patch, as OPA does", async () => {
  const cases: BuiltinCase[] = [
    ...ALL_VALUES.flatMap((value): BuiltinCase[] => [
      ["json.patch", value, []],
      ["json.patch", value, [{ op: "replace", path: "", value: 7 }]],
      ["json.patch", value, [{ op: "test", path: "", value: num("1.0") }]],
      ["json.patch", value, [{ op: "add", path: "x", value: 7 }]],
      ["json.patch", { a: 1 }, value],
      ["json.patch", { a: 1 }, [value]],
      ["json.patch", { a: 1 }, [{ op: value, path: "a", value: 1 }]],
      ["json.patch", { a: 1 }, [{ op: "test", path: value, value: 1 }]],
      ["json.patch", { a: 1 }, [{ op: "copy", path: "b", from: value }]],
      ["json.patch", { a: 1 }, [{ op: "add", path: "b", value }]],
    ]),
    ["json.patch", { a: 1 }, [{ op: "add", path: "b" }]],
    ["json.patch", { a: 1 }, [{ op: "move", path: "b" }]],
    ["json.patch", { a: 1 }, [{ op: "remove" }]],
    ["json.patch", { a: 1 }, [{ path: "a" }]],
    [
      "json.patch",
      { a: 1 },
      [
        { op: "remove", path: "" },
        { op: "add", path: "a", value: 1 },
      ],
    ],
    [
      "json.patch",
      { a: 1 },
      [
        { op: "remove", path: "" },
        { op: "remove", path: "" },
      ],
    ],
    [
      "json.patch",
      { a: 1 },
      [
        { op: "remove", path: "" },
        { op: "add", path: "", value: 1 },
      ],
    ],
    ["json.patch", { a: 1 }, [{ op: "move", from: "", path: "" }]],
    ["json.patch", { a: 1 }, [{ op: "copy", from: "", path: "a" }]],
  ];
  expect(withoutPanics(await differencesFromOpa(oracle, JSON_PATCH, cases))).toEqual([]);
});

it("is undefined where OPA panics, says why, and leaves the document as it is", () => {
  const context = caseContext();
  const document = { a: [1, 2] };
  expect(
    JSON_PATCH["json.patch"]?.(context, document, [{ op: "remove", path: "" }]),
  ).toBeUndefined();
  expect(
    JSON_PATCH["json.patch"]?.(context, document, [{ op: "remove", path: "a/7" }]),
  ).toBeUndefined();
  expect(context.messages).toEqual([
    "the document was removed",
    "index for array delete out of bounds",
  ]);
  JSON_PATCH["json.patch"]?.(context, document, [{ op: "remove", path: "a/0" }]);
  expect(document).toEqual({ a: [1, 2] });
});

it("ends an evaluation whose patches cost too much", () => {
  const large = new Array(3000).fill(0);
  const operations = new Array(3000).fill({ op: "add", path: "0", value: 1 });
  expect(() => JSON_PATCH["json.patch"]?.(caseContext(), large, operations)).toThrow(
    BudgetExceeded,
  );
});
