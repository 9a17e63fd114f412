/** Builtins on arrays, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ARRAYS } from "../../../../src/policy/builtins/arrays.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES, ARRAYS_OF_ALL, pairs, SCALARS } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num } from "../../../support/rego-values.ts";

const INDICES = [
  ...[-9, -1, 0, 1, 2, 3, 4, 100, 2.5, "1", null].values(),
  ...["-0", "1.0", "1.00", "1e0", "-1.0", "2.10", "9223372036854775807", "9223372036854775808"].map(
    num,
  ),
  ...["-9223372036854775808", "-9223372036854775809", "1e400", "0.00000000000000000000"].map(num),
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("concatenates as OPA does", async () => {
  const cases = pairs(ALL_VALUES, ALL_VALUES).map(([a, b]) => ["array.concat", a, b] as const);
  expect(await differencesFromOpa(oracle, ARRAYS, cases)).toEqual([]);
});

it("slices as OPA does", async () => {
  const cases = [[1], ["a", "b", "c"], SCALARS, "abc"].flatMap((array) =>
    pairs(INDICES, INDICES).map(([from, to]) => ["array.slice", array, from, to] as const),
  );
  expect(await differencesFromOpa(oracle, ARRAYS, cases)).toEqual([]);
});

it("reverses and flattens as OPA does", async () => {
  const cases = ["array.reverse", "array.flatten"].flatMap((name) =>
    [...ALL_VALUES, ARRAYS_OF_ALL, [[]], [[[]]], [[], [1]]].map((value) => [name, value] as const),
  );
  expect(await differencesFromOpa(oracle, ARRAYS, cases)).toEqual([]);
});

it("leaves its arguments as they are and says what is wrong with them", () => {
  const context = caseContext();
  const array = [1, [2, [3]]];
  expect(ARRAYS["array.reverse"]?.(context, array)).toEqual([[2, [3]], 1]);
  expect(ARRAYS["array.flatten"]?.(context, array)).toEqual([1, 2, [3]]);
  expect(ARRAYS["array.slice"]?.(context, array, 1, 2)).toEqual([[2, [3]]]);
  expect(array).toEqual([1, [2, [3]]]);
  expect(ARRAYS["array.slice"]?.(context, array, 1.5, 2)).toBeUndefined();
  expect(ARRAYS["array.concat"]?.(context, array, "x")).toBeUndefined();
  expect(context.messages).toEqual([
    "operand 2 must be integer number but got floating-point number",
    "operand 2 must be array but got string",
  ]);
});

it("ends an evaluation whose arrays grow too large", () => {
  const large = new Array(30_000).fill(0);
  expect(() => ARRAYS["array.concat"]?.(caseContext(), large, large)).toThrow(BudgetExceeded);
  expect(() => ARRAYS["array.flatten"]?.(caseContext(), [large, large])).toThrow(BudgetExceeded);
});
