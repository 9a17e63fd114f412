/** Builtins without an effect. */
import { expect, it } from "vitest";
import { NOTES } from "../../../../src/policy/builtins/notes.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { obj, set } from "../../../support/rego-values.ts";

it("traces as OPA does where nobody looks", async () => {
  const oracle = await OpaOracle.open();
  const values = ["", "a", "%s\n", "😀", null, false, 1, [], ["a"], {}, obj([1, 2]), set("a")];
  const cases = values.map((value) => ["trace", value] as const);
  expect(await differencesFromOpa(oracle, NOTES, cases)).toEqual([]);
  oracle.close();
});

it("is true and does nothing", () => {
  const context = caseContext();
  const { steps } = context.budget;
  expect(NOTES["trace"]?.(context, "a")).toBe(true);
  expect(NOTES["internal.print"]?.(context, [set(1)])).toBe(true);
  expect(context.budget.steps).toBe(steps);
  expect(context.messages).toEqual([]);
});
