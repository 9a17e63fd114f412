/** Questions for the type of a value, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { TYPES } from "../../../../src/policy/builtins/types.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("answers for every type as OPA does", async () => {
  const cases = Object.keys(TYPES).flatMap((name) =>
    ALL_VALUES.map((value) => [name, value] as const),
  );
  expect(cases.length).toBeGreaterThan(300);
  expect(await differencesFromOpa(oracle, TYPES, cases)).toEqual([]);
});

it("is false, not undefined, for other types", () => {
  const context = caseContext();
  expect(TYPES["is_set"]?.(context, [1])).toBe(false);
  expect(TYPES["is_number"]?.(context, num("1.50"))).toBe(true);
  expect(TYPES["is_object"]?.(context, set())).toBe(false);
  expect(TYPES["type_name"]?.(context, num("1e400"))).toBe("number");
});
