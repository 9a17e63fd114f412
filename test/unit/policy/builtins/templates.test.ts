/** String interpolation, as a policy writes it and as a plan calls it. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { TEMPLATES } from "../../../../src/policy/builtins/templates.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_TEXTS, NO_TEXTS } from "../../../support/awkward-texts.ts";
import { caseContext } from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { regoText, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

function join(parts: Value): Value | undefined {
  return TEMPLATES["internal.template_string"]?.(caseContext(), parts);
}

it("writes every value as OPA does in a template", async () => {
  const values: readonly Value[] = [
    ...AWKWARD_TEXTS,
    ...NO_TEXTS,
    [["a", 1]],
    { b: { c: null } },
    set(set()),
  ];
  const rules = values.map(
    (value, index) => `r${index} := $"<{object.get({}, "", ${regoText(value)})}>"`,
  );
  const { results, error, message } = await oracle.ask({
    modules: { "t.rego": `package t\n\n${rules.join("\n")}\n` },
    entrypoints: values.map((_, index) => `t/r${index}`),
  });
  expect([error, message]).toEqual([undefined, undefined]);
  const theirs = values.map((_, index) => results[`t/r${index}`]?.[0]?.json);
  expect(values.map((value) => join(["<", set(value), ">"]))).toEqual(theirs);
});

it("joins strings, scalars and sets of one value", () => {
  expect(join([])).toBe("");
  expect(join(["a", 1, null, true, set("b"), set([1, "x"])])).toBe('a1nulltrueb[1, "x"]');
  expect(join([set(), "!"])).toBe("<undefined>!");
});

it("is undefined for what is no template", () => {
  for (const wrong of [null, "a", set("a"), [["a"]], [{}], [set(1, 2)]]) {
    expect(join(wrong)).toBeUndefined();
  }
});

it("stops at the budget", () => {
  expect(() => join(Array(100).fill("a".repeat(100_000)))).toThrow(BudgetExceeded);
});
