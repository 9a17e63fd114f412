/** Whole policies through the engine: what is asked, what is remembered, what is refused. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BuiltinFunction } from "../../../../src/policy/builtins/builtin.ts";
import { PlanPolicy } from "../../../../src/policy/plan/plan-policy.ts";
import { OpaOracle, type OracleQuestion } from "../../../support/opa-oracle.ts";
import { differencesOfPlans, toldByPlan } from "../../../support/plan-run.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const NONE = new Map<string, BuiltinFunction>();

const INPUTS = [
  "{}",
  '{"role": "admin"}',
  '{"role": ["admin", "user"], "n": 1}',
  '{"role": {"a": "admin"}, "n": 2, "deep": {"a": {"b": null}}}',
  '{"__proto__": {"role": "admin"}, "constructor": "c", "n": 1.0}',
  '["admin"]',
  '"admin"',
];

const MODULES: Readonly<Record<string, string>> = {
  "complete rules and else": `
    r := "admin" if { input.role == "admin" } else := "list" if { input.role[_] == "admin" } else := "none"`,
  defaults: `
    default r := false
    r if input.role == "admin"`,
  conflicts: `
    r := 1 if input.role
    r := 2 if input.n`,
  "conflicts of functions": `
    f(x) := 1 if x.role
    f(x) := 2 if x.n
    r := f(input)`,
  negation: `
    r if not input.role
    else := "absent" if not input.n`,
  "partial sets and objects": `
    s contains x if some x in [1, input.n, "a", input.role]
    o[k] := v if some k, v in input.role
    r := {"s": s, "o": o}`,
  "object conflicts": `
    r[k] := v if { some v in input.role; k := "one" }`,
  comprehensions: `
    r := {"a": [x | some x in input.role], "s": {x | some x in input.role}, "o": {k: v | some k, v in input.role}}`,
  "sets in order": `
    s contains x if some x in ["b", "a", 10, 9, [1], {"x": 1}, null]
    s contains input.n
    r := [x | some x in s]`,
  "objects in order": `
    r := [[k, v] | some k, v in {"b": 1, "a": input.n, 3: "c", [1]: {2}}]`,
  every: `
    r if every x in input.role { not x == "user" }`,
  "with on input": `
    inner := input.role
    r := [inner, x] if { x := inner with input.role as "other" }`,
  "with on data": `
    d := data.base.x
    r := [d, e, f] if { e := d with data.base.x as input.n; f := d with data.base as {"x": "y"} }`,
  "dynamic rules": `
    p.a := 1
    p.b := input.n
    r := {k: v | some k in ["a", "b", "c"]; v := data.test.p[k]}`,
  "base and virtual documents": `
    r := [data.base, data.test.sub]
    sub.virtual := input.n`,
  "own properties only": `
    r := [x | some k in ["__proto__", "constructor", "toString", "length"]; x := input[k]]`,
  "null and false are values": `
    n := null
    f := false
    c := [n, f, n, f]
    g(x) := x.nothing
    r := [n, n, f, f, c, c, x] if { x := g({"nothing": null}) }`,
  unification: `
    r := [a, b] if [a, {"b": b}] = [input.role, input.deep.a]`,
  "walk free numbers": `
    r := {"x": 1.50, "y": -0, "z": 9007199254740993, "w": 1e400, "v": input.n}`,
};

function question(rules: string): OracleQuestion {
  return {
    modules: { "test.rego": `package test\n${rules}` },
    dataText: '{"base": {"x": 1.50, "list": [3, 1]}, "test": {"sub": {"base": 1}}}',
    entrypoints: ["test/r"],
    inputTexts: INPUTS,
  };
}

describe("answers as OPA does", () => {
  it.each(Object.entries(MODULES))("%s", async (_name, rules) => {
    expect(await differencesOfPlans(oracle, question(rules), NONE)).toEqual([]);
  });
});

async function loaded(rules: string, builtins = NONE): Promise<PlanPolicy> {
  const { plan, message } = await oracle.ask({ ...question(rules), plan: true });
  expect(message).toBeUndefined();
  return PlanPolicy.load({ planText: JSON.stringify(plan), data: {}, builtins });
}

it("refuses a builtin it is not given, and says who calls it where", async () => {
  await expect(loaded("r := count(input)")).rejects.toThrow(
    "builtin count is not provided, but called by data.test.r (test.rego:2:6)",
  );
});

it("tells when a policy read the time, and only then", async () => {
  const now: BuiltinFunction = (context) => context.nowNs();
  const policy = await loaded(
    'r := time.now_ns() if input.x else := "timeless"',
    new Map([["time.now_ns", now]]),
  );
  expect(policy.evaluate("test/r", { x: true }, 5).readTime).toBe(true);
  expect(policy.evaluate("test/r", {}, 5).readTime).toBe(false);
});

it("stops an evaluation that costs too much, and answers the next one", async () => {
  const policy = await loaded(
    "r := [a, b, c] if { some a in input; some b in input; some c in input; a + b + c == -1 }",
    new Map<string, BuiltinFunction>([["plus", (_, a, b) => Number(a) + Number(b)]]),
  );
  const many = Array.from({ length: 1_000 }, (_, index) => index);
  expect(toldByPlan(policy, "test/r", many)).toBe("evaluation stopped: budget of steps spent");
  expect(toldByPlan(policy, "test/r", [1])).toBe("undefined");
});
