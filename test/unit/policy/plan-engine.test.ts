/** PlanEngine: the plan's answers as plain documents, and every way not to answer as one kind of failure. */
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/policy/plan/values/budget.ts";
import type { PlanEngine } from "../../../src/policy/plan-engine.ts";
import { PolicyFailure } from "../../../src/policy/policy-failure.ts";
import { compileRego, lacksOpa, loadPlan } from "./rego-bundle.ts";
import { tarGz } from "./tar-archive.ts";

const REGO = `
value := 1 if input.a
value := 2 if input.b
echo := input
names := {name | some name in input.names}
limit := data.limit
is_limit if data.limit == 9007199254740993
table := {x: y | some x in input.names; some y in [count(input.names)]}
product := [[x, y, z] | some x in input.names; some y in input.names; some z in input.names]
`;
const NAMES = ["value", "echo", "names", "limit", "is_limit", "table", "product"];

describe.skipIf(lacksOpa())("an engine", () => {
  let engine: PlanEngine;
  beforeAll(() => {
    engine = loadPlan(compileRego(REGO, NAMES, { limit: 7 }, "plan"));
  });
  const ask = (name: string, input: object) => engine.evaluate(`t/${name}`, input, 5);
  const failureOf = (name: string, input: object): PolicyFailure => {
    try {
      ask(name, input);
    } catch (thrown) {
      if (thrown instanceof PolicyFailure) return thrown;
      throw thrown;
    }
    throw new Error("it answered");
  };

  it("says what it is", () => {
    expect(engine.revision).toMatch(/^test-[0-9a-f]{12}$/);
    expect([...engine.entrypoints].sort()).toEqual(NAMES.map((name) => `t/${name}`).sort());
    expect(engine.builtinNames).toContain("count");
    expect(engine.source).toContain("function");
  });

  it("gives a result set, empty when the rule is undefined", () => {
    expect(ask("value", { a: true })).toEqual({ resultSet: [{ result: 1 }], readTime: false });
    expect(ask("value", {})).toEqual({ resultSet: [], readTime: false });
    expect(ask("limit", {}).resultSet).toEqual([{ result: 7 }]);
  });

  it("gives plain documents: a set is a sorted list", () => {
    const { resultSet } = ask("names", { names: ["b", "a", "b"] });
    expect(resultSet).toEqual([{ result: ["a", "b"] }]);
    expect(ask("table", { names: ["x"] }).resultSet).toEqual([{ result: { x: 1 } }]);
  });

  it("compares numbers of the data exactly", () => {
    const of = (limit: string) => {
      const archive = compileRego(REGO, NAMES, `{"limit": ${limit}}`, "plan");
      return loadPlan(archive).evaluate("t/is_limit", {}, 0).resultSet;
    };
    expect(of("9007199254740993")).toEqual([{ result: true }]);
    expect(of("9007199254740992")).toEqual([]);
  });

  it("gives the input back as it was, and never changes it", () => {
    const input = Object.freeze({ list: Object.freeze([1, { __proto__: null, a: "ä" }]) });
    expect(ask("echo", input).resultSet).toEqual([{ result: { list: [1, { a: "ä" }] } }]);
  });

  it.each<[PolicyFailure["kind"], string, string, object]>([
    ["conflict", "two values of one rule", "value", { a: true, b: true }],
    ["budget", "more work than it may cost", "product", { names: Array(200).fill("x") }],
    ["trap", "an entrypoint it does not have", "nothing", {}],
    ["trap", "an entrypoint named like a prototype's member", "../toString", {}],
    ["input", "more than 256 KiB", "echo", { text: "x".repeat(262_144) }],
    ["input", "a lone surrogate", "echo", { text: "a\ud83d" }],
    ["input", "endless nesting", "echo", nested(50_000)],
  ])("fails with %s on %s and answers the next", (kind, _name, entrypoint, input) => {
    const failure = failureOf(entrypoint, input);
    expect(failure.kind).toBe(kind);
    expect(failure.message.length).toBeLessThan(300);
    expect(ask("value", { b: true }).resultSet).toEqual([{ result: 2 }]);
  });

  it("has the budget it is given", () => {
    const archive = compileRego(REGO, NAMES, { limit: 7 }, "plan");
    const small = loadPlan(archive, { ...DEFAULT_LIMITS, stepsMax: 10 });
    const input = { names: Array(20).fill("x") };
    expect(() => small.evaluate("t/names", input, 0)).toThrow(/budget of steps/);
    expect(ask("names", input).resultSet).toEqual([{ result: ["x"] }]);
  });

  it("refuses a plan that calls what is not provided, before anything is decided", () => {
    const archive = compileRego('value := http.send({"url": "http://x"})', ["value"], {}, "plan");
    expect(() => loadPlan(archive)).toThrow(
      /bundle\.tar\.gz: bundle\.plan: builtin http\.send is not/,
    );
  });
});

it("refuses a plan that is none, naming file and remedy", () => {
  const archive = tarGz([
    { name: "/.manifest", body: JSON.stringify({ revision: "r" }) },
    { name: "/plan.json", body: "{}" },
  ]);
  expect(() => loadPlan(archive)).toThrow(
    /^bundle\.tar\.gz: bundle\.plan: .*"sark-authz policy build"/,
  );
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level++) value = { value };
  return value;
}
