/** Explanations: what held, what failed where, what was read; and the same answer as without one. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltinFunction } from "../../../../src/policy/builtins/builtin.ts";
import { BUILTINS } from "../../../../src/policy/builtins/registry.ts";
import type { Explanation } from "../../../../src/policy/plan/explain.ts";
import { PlanPolicy } from "../../../../src/policy/plan/plan-policy.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";

const SOURCE = `package test

default allow := false

allow if {
	input.user.role == "admin"
	input.mfa
}

allow if {
	some team in input.user.teams
	data.owners[team] == input.resource
	not blocked
}

blocked if input.user.id in data.blocked

level := "high" if {
	input.risk == 3
} else := "low" if {
	input.risk == 1
} else := "none"

r := {"allow": allow, "level": level}
`;

const DATA = { owners: { blue: "db", red: "web" }, blocked: ["eve"] };
const MEMBER: BuiltinFunction = (_, x, list) => Array.isArray(list) && list.includes(x);

let oracle: OpaOracle;
let policy: PlanPolicy;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  const { plan } = await oracle.ask({
    modules: { "test.rego": SOURCE },
    entrypoints: ["test/r"],
    plan: true,
  });
  const planText = JSON.stringify(plan);
  policy = PlanPolicy.load({
    planText,
    data: DATA,
    builtins: new Map([["internal.member_2", MEMBER]]),
  });
});
afterAll(() => oracle.close());

function explained(input: Value): Explanation {
  const { results, explanation } = policy.explain("test/r", input, 0);
  expect(results).toEqual(policy.evaluate("test/r", input, 0).results);
  return explanation;
}

const failures = (explanation: Explanation, rule: string) =>
  explanation.rules.find((one) => one.rule === `data.test.${rule}`)?.bodies;

it("names the expression at which each body ended", () => {
  const explanation = explained({ user: { role: "admin" }, risk: 1 });
  expect(failures(explanation, "allow")).toMatchObject([
    { position: "test.rego:5:1", holds: false, failedAt: "test.rego:7:2" },
    { position: "test.rego:10:1", holds: false, failedAt: "test.rego:11:2" },
    { position: "test.rego:3:9", holds: true, failedAt: undefined },
  ]);
});

it("tells how far the best of many elements got", () => {
  const user = { id: "eve", teams: ["green", "red", "blue"] };
  expect(failures(explained({ user, resource: "web" }), "allow")?.[1]).toMatchObject({
    position: "test.rego:10:1",
    holds: false,
    failedAt: "test.rego:13:2",
  });
  const other = { ...user, id: "ann" };
  expect(failures(explained({ user: other, resource: "web" }), "allow")?.[1]?.holds).toBe(true);
});

it("tells which branch of an else chain held, and which were not tried", () => {
  const told = (risk: number) =>
    failures(explained({ risk }), "level")?.map(({ holds, isSkipped }) => [holds, isSkipped]);
  expect(told(3)).toEqual([
    [true, false],
    [false, true],
    [false, true],
  ]);
  expect(told(1)).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
  expect(told(0)?.at(-1)).toEqual([true, false]);
});

it("lists what was read of input and data, present or not", () => {
  const { reads, rows } = explained({ user: { id: "ann", teams: ["red"] }, resource: "db" });
  expect(reads).toEqual([
    "data.owners",
    "data.owners.red",
    "input.resource",
    "input.risk",
    "input.user",
    "input.user.role",
    "input.user.teams",
    "input.user.teams[0]",
  ]);
  expect(rows).toContain("test.rego:12");
  expect(rows).not.toContain("test.rego:7");
});

it("gives rules before those they depend on", () => {
  const { rules } = explained({ risk: 3, user: { teams: ["red"] }, resource: "web" });
  expect(rules.map(({ rule, value, depth }) => [rule, depth, value])).toEqual([
    ["data.test.r", 0, expect.anything()],
    ["data.test.allow", 1, true],
    ["data.test.blocked", 2, undefined],
    ["data.test.level", 1, "high"],
  ]);
});

it("tells what the builtin says at which a body ended, and nothing of earlier ones", async () => {
  const { plan } = await oracle.ask({
    modules: {
      "test.rego": `package test
r if {
	not to_number(input.text)
	1 / input.n > 0
}
s if {
	not never
	not to_number(input.text)
	never
}
never if input.missing
all := [x | x := r] == [y | y := s]`,
    },
    entrypoints: ["test/all"],
    plan: true,
  });
  const divided = PlanPolicy.load({
    planText: JSON.stringify(plan),
    data: {},
    builtins: BUILTINS,
  });
  const { explanation } = divided.explain("test/all", { text: "no number", n: 0 }, 0);
  const reasons = ["r", "s"].map((rule) =>
    failures(explanation, rule)?.map(({ failedAt, failedBecause }) => [failedAt, failedBecause]),
  );
  expect(reasons).toEqual([[["test.rego:4:2", "divide by zero"]], [["test.rego:9:2", undefined]]]);
});
