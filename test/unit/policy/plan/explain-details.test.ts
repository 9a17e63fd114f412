/** Explanations of sets, objects, functions, `every`, `with` and stopped evaluations; their bounds. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltinFunction } from "../../../../src/policy/builtins/builtin.ts";
import { BUILTINS } from "../../../../src/policy/builtins/registry.ts";
import {
  ExplainedFailure,
  type Explanation,
  type RuleExplanation,
} from "../../../../src/policy/plan/explain.ts";
import { PlanPolicy } from "../../../../src/policy/plan/plan-policy.ts";
import { PlanConflict } from "../../../../src/policy/plan/run-time.ts";
import { BudgetExceeded, DEFAULT_LIMITS } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";

const SOURCE = `package test

deny contains name if {
	some name in input.names
	name != "ok"
}

deny contains "always" if input.always

ages[name] := age if some name, age in input.ages

within(x, max) if x <= max

small if {
	within(input.a, 3)
	within(input.b, 3)
}

many if {
	some x in input.xs
	within(x, 0)
}

safe if {
	every x in input.xs {
		x > 1
		x < 9
	}
}

elsewhere if allowed with input.user as "root"

allowed if input.user == "root"

quiet if {
	not allowed
	not loud
}

loud if input.loud

listed := [x | some x in input.xs; x > 100]

clash := 1 if input.one

clash := 2 if input.two

pairs := count([1 | some x in input.xs; some y in input.xs; x == y])
`;

const ENTRYPOINTS = [
  ...["deny", "ages", "small", "many", "safe", "elsewhere", "quiet", "listed", "clash", "pairs"],
];

let oracle: OpaOracle;
let planText: string;
let policy: PlanPolicy;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  const { plan } = await oracle.ask({
    modules: { "test.rego": SOURCE },
    entrypoints: ENTRYPOINTS.map((name) => `test/${name}`),
    plan: true,
  });
  planText = JSON.stringify(plan);
  policy = load();
});
afterAll(() => oracle.close());

function load(builtins: ReadonlyMap<string, BuiltinFunction> = BUILTINS, steps = 100_000) {
  const limits = { ...DEFAULT_LIMITS, stepsMax: steps };
  return PlanPolicy.load({ planText, data: {}, builtins, limits });
}

function explained(entrypoint: string, input: Value): Explanation {
  const { results, explanation } = policy.explain(`test/${entrypoint}`, input, 0);
  expect(results).toEqual(policy.evaluate(`test/${entrypoint}`, input, 0).results);
  return explanation;
}

function rulesOf(explanation: Explanation, rule: string): readonly RuleExplanation[] {
  return explanation.rules.filter((one) => one.rule === `data.test.${rule}`);
}

it("tells which body put which elements into a set", () => {
  const [deny] = rulesOf(explained("deny", { names: ["a", "ok", "b"], always: true }), "deny");
  expect(deny?.bodies.map(({ holds, elements }) => [holds, elements])).toEqual([
    [true, [{ key: "a" }, { key: "b" }]],
    [true, [{ key: "always" }]],
  ]);
});

it("tells the members of an object, bounded, with their number", () => {
  const ages = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, index]));
  const [rule] = rulesOf(explained("ages", { ages }), "ages");
  expect(rule?.bodies[0]).toMatchObject({ holds: true, elementCount: 50 });
  expect(rule?.bodies[0]?.elements).toHaveLength(20);
  expect(rule?.bodies[0]?.elements[1]).toEqual({ key: "n1", value: 1 });
});

it("tells calls of a function apart by their arguments", () => {
  const calls = rulesOf(explained("small", { a: 2, b: 7 }), "within");
  expect(calls.map(({ args, value, bodies }) => [args, value, bodies[0]?.failedAt])).toEqual([
    [[2, 3], true, undefined],
    [[7, 3], undefined, "test.rego:12:19"],
  ]);
});

it("keeps the last of many calls and counts them", () => {
  const xs = Array.from({ length: 25 }, (_, index) => index + 1);
  const calls = rulesOf(explained("many", { xs }), "within");
  expect(calls.map(({ calls: count }) => count)).toEqual([...new Array(9).fill(1), 16]);
  expect(calls.at(-1)?.args).toEqual([25, 0]);
});

it("names the loop when there is nothing to go through", () => {
  const [rule] = rulesOf(explained("many", { xs: [] }), "many");
  expect(rule?.bodies).toMatchObject([{ holds: false, failedAt: "test.rego:20:2" }]);
});

it("names the expression inside every that an element failed", () => {
  const [rule] = rulesOf(explained("safe", { xs: [5, 9, 4] }), "safe");
  expect(rule?.bodies).toMatchObject([
    { holds: false, failedAt: "test.rego:25:2", failedInside: "test.rego:27:3" },
  ]);
  const [good] = rulesOf(explained("safe", { xs: [5] }), "safe");
  expect(good?.bodies).toMatchObject([{ holds: true, failedInside: undefined }]);
  for (const input of [{}, { xs: "text" }]) {
    const [none] = rulesOf(explained("safe", input), "safe");
    expect(none?.bodies).toMatchObject([{ holds: false, failedInside: undefined }]);
    expect(none?.bodies[0]?.failedAt).toMatch(/^test\.rego:25:/);
  }
});

it("follows a rule through with, where it is evaluated once more", () => {
  const explanation = explained("elsewhere", { user: "ann" });
  expect(explanation.rules.map(({ rule, depth, value }) => [rule, depth, value])).toEqual([
    ["data.test.elsewhere", 0, true],
    ["data.test.allowed", 1, true],
  ]);
});

it("points at the negated expression, and its rule follows with what made it true", () => {
  const { rules } = explained("quiet", { loud: true });
  expect(rules.map(({ rule, value }) => [rule, value])).toEqual([
    ["data.test.quiet", undefined],
    ["data.test.allowed", undefined],
    ["data.test.loud", true],
  ]);
  expect(rules[0]?.bodies[0]).toMatchObject({ holds: false, failedAt: "test.rego:37:2" });
});

it("does not take what a comprehension leaves out for a failure", () => {
  const [rule] = rulesOf(explained("listed", { xs: [1, 2] }), "listed");
  expect(rule?.bodies).toMatchObject([{ holds: true, failedAt: undefined }]);
});

it("says in which rule a conflict is, with all that was known by then", () => {
  expect(() => policy.evaluate("test/clash", { one: true, two: true }, 0)).toThrow(PlanConflict);
  let thrown: unknown;
  try {
    policy.explain("test/clash", { one: true, two: true }, 0);
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown).toBeInstanceOf(ExplainedFailure);
  const { cause, stoppedIn, explanation } = thrown as ExplainedFailure;
  expect(cause).toBeInstanceOf(PlanConflict);
  expect(stoppedIn).toMatch(/^data\.test\.clash \(test\.rego:46:1\)$/);
  expect(explanation.rules.map(({ rule }) => rule)).toEqual(["data.test.clash"]);
});

it("explains within a larger budget what is answered within the smaller one", () => {
  const xs = Array.from({ length: 20 }, (_, index) => index);
  const { steps } = policy.evaluate("test/pairs", { xs }, 0);
  const tight = load(BUILTINS, steps);
  expect(tight.explain("test/pairs", { xs }, 0).results).toEqual(
    tight.evaluate("test/pairs", { xs }, 0).results,
  );
  expect(() => load(BUILTINS, steps - 1).evaluate("test/pairs", { xs }, 0)).toThrow(BudgetExceeded);
  expect(() => load(BUILTINS, 2).explain("test/pairs", { xs }, 0)).toThrow(ExplainedFailure);
});

it("bounds what was read and says so", () => {
  const xs = Array.from({ length: 3_000 }, (_, index) => index + 1);
  const { reads, readsLeftOut } = explained("many", { xs });
  expect(reads).toHaveLength(1_000);
  expect(readsLeftOut).toBe(true);
  const names = { ["k".repeat(10_000)]: 1 };
  for (const path of explained("ages", { ages: names }).reads) {
    expect(path.length).toBeLessThan(400);
  }
});

it("lists the rows there are, of which an evaluation tells those it evaluated", () => {
  const rows = policy.rows();
  expect(rows[0]).toBe("test.rego:3");
  expect(rows).not.toContain("test.rego:2");
  expect(new Set(rows).size).toBe(rows.length);
  const { rows: reached } = explained("deny", { names: ["ok"] });
  expect(reached).toEqual(["test.rego:4", "test.rego:5", "test.rego:8"]);
  for (const row of reached) expect(rows).toContain(row);
});
