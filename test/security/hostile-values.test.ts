/** Values nested beyond any limit, evaluations that end half-way, and answers that are changed afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { BudgetExceeded, DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { parseJson, toPlain } from "../../src/policy/plan/values/json.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { toldByPlan } from "../support/plan-run.ts";
import { testBudget } from "../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

async function loaded(
  rules: string,
  builtins = BUILTINS,
  data: Value = {},
  limits = DEFAULT_LIMITS,
): Promise<PlanPolicy> {
  const { plan, message } = await oracle.ask({
    modules: { "test.rego": `package test\n${rules}\nnext := input.next` },
    entrypoints: ["test/r", "test/next"],
    inputTexts: [],
    plan: true,
  });
  expect(message).toBeUndefined();
  return PlanPolicy.load({ planText: JSON.stringify(plan), data, builtins, limits });
}

const DEPTH = 10_000;
const BOTTOMLESS = 200_000;

function nested(depth: number, wrap: (value: Value) => Value): Value {
  let value: Value = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

const deepInput = (depth: number): Value => ({
  a: nested(depth, (value) => [value]),
  b: nested(depth, (value) => [value]),
  o: nested(depth, (value) => ({ x: value })),
  p: nested(depth, (value) => ({ x: value })),
  text: "[".repeat(depth) + "]".repeat(depth),
});

const LOOKING_INTO: Readonly<Record<string, string>> = {
  "equality of arrays": "r := input.a == input.b",
  "equality of objects": "r := input.o != input.p",
  order: "r := input.a < input.b",
  "order of objects": "r := input.o < input.p",
  "elements of sets": "r := {input.a}",
  "elements found": "r := input.a in [input.b]",
  keys: "r := {input.o: 1}",
  "keys found": "r := {1: 2}[input.a]",
  sorting: "r := sort([input.a, input.b])",
  JSON: "r := json.marshal(input.a)",
  format: 'r := sprintf("%v", [input.o])',
  interpolation: 'r := $"{input.o}"',
  union: "r := object.union(input.o, input.p)",
  subset: "r := object.subset(input.o, input.p)",
  "patch that tests": 'r := json.patch(input, [{"op": "test", "path": "/o", "value": input.p}])',
  "set difference": "r := {1} - {input.a}",
  "two values of a rule": "r := input.a if input.b\nr := input.b if input.a",
  "two values of a key": 'r := {"k": v | some v in [input.a, input.b]}',
};

describe("a value nested very deep", () => {
  it.each(Object.entries(LOOKING_INTO))("ends the evaluation: %s", async (_name, rules) => {
    const policy = await loaded(rules);
    for (const depth of [DEPTH, BOTTOMLESS]) {
      expect(() => policy.evaluate("test/r", deepInput(depth), 0)).toThrow(
        new BudgetExceeded("depth"),
      );
      expect(toldByPlan(policy, "test/next", { next: 7 })).toBe("7");
    }
  });

  it.each([
    ["walk", "r := [p | walk(input.a, [p, _])]"],
    ["YAML", "r := yaml.unmarshal(input.text)"],
    ["JSON", "r := json.unmarshal(input.text)"],
  ])("ends the evaluation by another budget: %s", async (_name, rules) => {
    const policy = await loaded(rules);
    expect(() => policy.evaluate("test/r", deepInput(DEPTH), 0)).toThrow(BudgetExceeded);
  });

  it.each([
    ["looked at from above", "r := count(input.o.x)"],
    ["found by a path", 'r := count(object.get(input, ["o", "x"], {}))'],
    ["replaced near its top", "r := count(x) if x := input.o with input.o.x.x as 1"],
    ["compared with itself", "r := 1 if input.a == input.a"],
  ])("costs nothing while it is not looked into: %s", async (_name, rules) => {
    expect(toldByPlan(await loaded(rules), "test/r", deepInput(BOTTOMLESS))).toBe("1");
  });

  it("may be made by a policy, but not looked into", async () => {
    const names = Array.from({ length: 190 }, (_, index) => index);
    const rules = [
      "x0 := input",
      ...names.map((index) => `x${index + 1} := [[x${index}]]`),
      "r := {x190}",
    ];
    expect(toldByPlan(await loaded(rules.join("\n")), "test/r", [1])).toBe(
      "evaluation stopped: budget of depth spent",
    );
  });

  it("never leaves the budget of a copy", () => {
    const { a } = deepInput(DEPTH) as { readonly a: Value };
    expect(() => toPlain(a, testBudget())).toThrow(new BudgetExceeded("depth"));
  });

  it("ends the evaluation alike where the platform's stack is spent first", async () => {
    const bottomless = (): Value => [bottomless()];
    const policy = await loaded("r := count(input)", new Map([["count", bottomless]]));
    expect(() => policy.evaluate("test/r", [], 0)).toThrow(new BudgetExceeded("depth"));
    expect(() => policy.explain("test/r", [], 0)).toThrow(
      expect.objectContaining({ cause: new BudgetExceeded("depth") }),
    );
    expect(toldByPlan(policy, "test/next", { next: 7 })).toBe("7");
  });
});

const INTERRUPTED: Readonly<Record<string, readonly [rules: string, answer: string]>> = {
  "a rule that depends on nothing": [
    'r := c\nc := {"a": count([1]), "b": count([1, 2]), "s": {x | some x in [count([1]), count([])]}}',
    '{"a": 1, "b": 2, "s": {0, 1}}',
  ],
  "a constant undefined at first": ["r := 1 if not c\nc if count([1]) + count([1, 2]) == 4", "1"],
  "rules under with": [
    "m := [input.n, count([1])]\nr := [m, x, m] if x := m with input.n as count([1, 2])",
    "[[0, 1], [2, 1], [0, 1]]",
  ],
  "a loop of with": [
    "m := [input.n, count([1])]\nr := [x | some y in [1, 2, 3]; x := m with input.n as y]",
    "[[1, 1], [2, 1], [3, 1]]",
  ],
  "a partial rule": [
    "s contains count(x) if some x in [[1], [1, 2]]\nr := [s, s]",
    "[{1, 2}, {1, 2}]",
  ],
};

describe("an evaluation that ends half-way", () => {
  it.each(Object.entries(INTERRUPTED))(
    "leaves nothing behind: %s",
    async (_name, [rules, answer]) => {
      let left = 0;
      const count = BUILTINS.get("count");
      const interrupted = new Map(BUILTINS).set("count", (context, ...args) => {
        left -= 1;
        if (left === 0) throw new BudgetExceeded("steps");
        return count?.(context, ...args);
      });
      for (let calls = 1; calls <= 4; calls++) {
        const policy = await loaded(rules, interrupted);
        left = calls;
        toldByPlan(policy, "test/r", { n: 5 });
        left = 0;
        expect(toldByPlan(policy, "test/r", { n: 0 })).toBe(answer);
        expect(toldByPlan(policy, "test/r", { n: 0 })).toBe(answer);
      }
    },
  );

  it("leaves nothing behind wherever its steps are spent", async () => {
    const rules = `
      c := [x | some x in [1, 2, 3, 4, 5, 6]; x > 1]
      m := [input.n, c]
      r := [m, x, n] if { n := count([1 | some _ in input.l]); x := m with input.n as 9 }`;
    const limits = { ...DEFAULT_LIMITS, stepsMax: 400 };
    const light = { n: 0, l: [] };
    const answer = "[[0, [2, 3, 4, 5, 6]], [9, [2, 3, 4, 5, 6]], 0]";
    let stopped = 0;
    for (let length = 0; length < 120; length++) {
      const policy = await loaded(rules, BUILTINS, {}, limits);
      const told = toldByPlan(policy, "test/r", { n: 0, l: Array(length).fill(1) });
      if (told.startsWith("evaluation stopped")) stopped += 1;
      expect(toldByPlan(policy, "test/r", light)).toBe(answer);
    }
    expect(stopped).toBeGreaterThan(10);
    expect(stopped).toBeLessThan(120);
  });
});

describe("an answer", () => {
  const DATA = '{"base": {"list": [1, {"a": [2]}], "name": "n"}}';
  const INPUT = '{"list": [3, {"b": [4]}], "o": {"x": {"y": [5]}}, "n": 1.50}';
  const RULES = `
    c := {"list": [6, {"c": [7]}], "set": {[8], {"d": 9}}}
    p[k] := v if some k, v in input.o
    s contains x if some x in input.list
    r := {"input": input, "data": data.base, "c": c, "p": p, "s": s, "again": c, "part": c.list[1],
      "same": input.list, "union": object.union(c, input.o), "get": object.get(input, "o", {}),
      "array": array.concat(input.list, c.list), "patch": json.patch(input, []), "k": {[1]: {"m": [1]}}}`;

  /** Puts something else into every array and object, wherever it is found. */
  function spoil(value: unknown): void {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    for (const member of Object.values(value)) spoil(member);
    if (Array.isArray(value)) value.fill("spoiled").push("more");
    else {
      for (const name of Object.keys(value)) Reflect.set(value, name, "spoiled");
      Reflect.set(value, "more", 1);
    }
  }

  it("is a copy: changing it changes neither data, input nor another answer", async () => {
    const data = parseJson(DATA);
    const input = parseJson(INPUT);
    const policy = await loaded(RULES, BUILTINS, data);
    const plain = () =>
      policy.evaluate("test/r", input, 0).results.map((one) => toPlain(one, testBudget()));
    const told = toldByPlan(policy, "test/r", input);
    const first = plain();
    const kept = JSON.stringify(first);
    spoil(first);
    expect(JSON.stringify(first)).not.toBe(kept);
    expect(JSON.stringify(plain())).toBe(kept);
    expect(toldByPlan(policy, "test/r", input)).toBe(told);
    expect(data).toEqual(parseJson(DATA));
    expect(input).toEqual(parseJson(INPUT));
  });

  it("shares no part with itself", async () => {
    const policy = await loaded(RULES, BUILTINS, parseJson(DATA));
    const [result] = policy.evaluate("test/r", parseJson(INPUT), 0).results;
    const seen = new Set<unknown>();
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      expect(seen.has(value)).toBe(false);
      seen.add(value);
      Object.values(value).forEach(visit);
    };
    visit(toPlain(result ?? null, testBudget()));
    expect(seen.size).toBeGreaterThan(30);
  });

  it("is made under the budget", async () => {
    const policy = await loaded("r := [x | some _ in input; x := input]");
    const input = Array.from({ length: 200 }, () => [1]);
    const [result] = policy.evaluate("test/r", input, 0).results;
    expect(() => toPlain(result ?? null, testBudget())).toThrow(BudgetExceeded);
  });
});
