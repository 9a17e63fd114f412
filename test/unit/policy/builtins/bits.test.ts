/** Bitwise operations, next to OPA's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BITS } from "../../../../src/policy/builtins/bits.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { AWKWARD_NUMBERS, NO_NUMBERS, pairs } from "../../../support/awkward-numbers.ts";
import { type BuiltinCase, callHere, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const ask = (cases: readonly BuiltinCase[]) => differencesFromOpa(oracle, BITS, cases);

const call = (...one: BuiltinCase) => callHere(BITS, one);

const ALL = [...AWKWARD_NUMBERS, ...NO_NUMBERS];

it.each(["bits.and", "bits.or", "bits.xor"])("%s answers every pair as OPA does", async (name) => {
  expect(await ask(pairs(ALL, ALL).map(([a, b]) => [name, a, b]))).toEqual([]);
});

it("negates as OPA does", async () => {
  expect(await ask(ALL.map((value) => ["bits.negate", value]))).toEqual([]);
});

it.each(["bits.lsh", "bits.rsh"])("%s moves bits as OPA does", async (name) => {
  const distances = ["0", "1", "3.0", "31", "32", "63", "64", "1e2", "1.5", "-1", "-0", "500"];
  const cases = pairs(ALL, [...distances.map(num), null]).map(([a, b]) => [name, a, b] as const);
  expect(await ask(cases)).toEqual([]);
});

it("moves by any distance to the right, and nothing by any to the left", async () => {
  const far = ["1e19", "18446744073709551616", "18446744073709551617", "1e300"].map(num);
  const right = pairs([1, -1, num("1e30"), num("-1e30"), 0], far).map(
    ([a, b]) => ["bits.rsh", a, b] as const,
  );
  const left = far.map((distance) => ["bits.lsh", 0, distance] as const);
  expect(await ask([...right, ...left])).toEqual([]);
});

it.each([
  ["bits.and", "6", "3", "2"],
  ["bits.or", "4294967296", "1", "4294967297"],
  ["bits.xor", "-1", "1", "-2"],
  ["bits.lsh", "1", "64", "18446744073709551616"],
  ["bits.rsh", "-5", "1", "-3"],
  ["bits.lsh", "1", "-1", "undefined"],
])("%s(%s, %s) is %s", (name, a, b, result) => {
  expect(call(name, num(a), num(b))).toBe(result);
});

describe("cost", () => {
  it.each([1e6, 1e9, num("1e19")])("ends a shift to the left by %o", (distance) => {
    expect(() => call("bits.lsh", 1, distance)).toThrow(BudgetExceeded);
  });
});

it("knows no objects", () => {
  expect(call("bits.or", obj([1, 2]), set())).toBe("undefined");
});
