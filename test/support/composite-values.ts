/** Values at which builtins on arrays, objects and sets go wrong, for products of arguments. */
import { parseJson } from "../../src/policy/plan/values/json.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { num, obj, set } from "./rego-values.ts";

export const SCALARS: readonly Value[] = [
  null,
  false,
  true,
  0,
  num("-0"),
  1,
  num("1.0"),
  num("1e0"),
  1.5,
  num("9007199254740993"),
  num("1e400"),
  "",
  "a",
  "1",
  "\u0000a",
  "\u{1f600}",
  "__proto__",
];

export const ARRAYS_OF_ALL: readonly Value[] = [
  [],
  [1],
  [num("1.0")],
  [1, 2, 3],
  [3, 2, 1, 2],
  ["a", "b"],
  [[1], [[2]], []],
  [null, false, set(1)],
  [{ a: 1 }, obj([1, "a"])],
];

export const SETS_OF_ALL: readonly Value[] = [
  set(),
  set(1),
  set(num("1.0"), 2),
  set(1, 2, 3),
  set("a", "b", "\u0000a"),
  set([1], [num("1.0"), 2], set(1), set()),
  set({ a: 1 }, obj([1, "a"])),
  set(set(1, 2), set(2, num("3.0")), set(2)),
];

export const OBJECTS_OF_ALL: readonly Value[] = [
  {},
  { a: 1 },
  obj(["a", num("1.0")]),
  { a: 1, b: { a: 1, c: [1, 2] } },
  { a: { b: { c: 1 } }, b: set(1, 2) },
  { a: { b: [1] }, "": {}, "1": "one" },
  obj([1, "a"], ["a", { b: num("2.0") }]),
  obj([num("1.0"), "b"], [null, 0], [true, 1]),
  obj([[1], set(1)], [set("a"), { a: 1 }], [{ a: 1 }, []]),
  parseJson('{"__proto__": {"a": 1}, "constructor": 2}'),
];

export const COMPOSITES: readonly Value[] = [...ARRAYS_OF_ALL, ...SETS_OF_ALL, ...OBJECTS_OF_ALL];

export const ALL_VALUES: readonly Value[] = [...SCALARS, ...COMPOSITES];

/** Every pair of the two lists. */
export function pairs(
  left: readonly Value[],
  right: readonly Value[],
): readonly (readonly [Value, Value])[] {
  return left.flatMap((a) => right.map((b) => [a, b] as const));
}
