/** The `in` operator, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { MEMBERS } from "../../../../src/policy/builtins/members.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import {
  ALL_VALUES,
  COMPOSITES,
  pairs,
  SCALARS,
  SETS_OF_ALL,
} from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("finds a value as OPA does", async () => {
  const collections = [
    ...ALL_VALUES,
    [...ALL_VALUES],
    [...SCALARS],
    obj([1, [1]], [2, num("1.0")]),
  ];
  const cases = pairs(ALL_VALUES, collections).map(
    ([value, collection]) => ["internal.member_2", value, collection] as const,
  );
  expect(await differencesFromOpa(oracle, MEMBERS, cases)).toEqual([]);
});

it("finds a value under a key as OPA does", async () => {
  const values = [0, 1, num("1.0"), "a", [1], [], { a: 1 }, ...SETS_OF_ALL.slice(0, 3)];
  const cases = [null, true, "a", "", num("-0"), num("1e0"), ...values].flatMap((key) =>
    pairs(values.slice(0, 7), [...COMPOSITES, "a", 1, null]).map(
      ([value, from]) => ["internal.member_3", key, value, from] as const,
    ),
  );
  expect(await differencesFromOpa(oracle, MEMBERS, cases)).toEqual([]);
});

it("tells equal numbers in arrays however they are written", () => {
  const isMember = MEMBERS["internal.member_2"];
  expect(isMember?.(caseContext(), 1, ["1", num("1.0")])).toBe(true);
  expect(isMember?.(caseContext(), num("1.0"), ["1", 1])).toBe(true);
  expect(isMember?.(caseContext(), "1", [1])).toBe(false);
  expect(isMember?.(caseContext(), "toString", {})).toBe(false);
});

it("charges the elements it passes", () => {
  const large = new Array(300_000).fill(0.5);
  expect(() => MEMBERS["internal.member_2"]?.(caseContext(), 1, large)).toThrow(BudgetExceeded);
});
