/** Policies that try to hold the process: each is answered or ends its own evaluation, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { BudgetExceeded } from "../../src/policy/plan/values/budget.ts";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import { ADVERSARIAL, ADVERSARIAL_INPUT } from "../support/adversarial-policies.ts";
import { OpaOracle } from "../support/opa-oracle.ts";

const INPUT = parseJson(JSON.stringify(ADVERSARIAL_INPUT));
const NOW_NS = 1_700_000_000_000_000_000;

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

async function loaded(rules: string): Promise<PlanPolicy> {
  const { plan, message } = await oracle.ask({
    modules: { "test.rego": `package test\n${rules}\nnext := input.next` },
    entrypoints: ["test/r", "test/next"],
    inputTexts: [],
    plan: true,
  });
  expect(message).toBeUndefined();
  return PlanPolicy.load({ planText: JSON.stringify(plan), data: {}, builtins: BUILTINS });
}

/** What the evaluation ended with, if it was not an answer. */
function thrownBy(policy: PlanPolicy, entrypoint: string): unknown {
  try {
    policy.evaluate(entrypoint, INPUT, NOW_NS);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe("a policy that tries to hold the process", () => {
  it.each(ADVERSARIAL)("$name", async ({ rules }) => {
    const policy = await loaded(rules);
    const first = thrownBy(policy, "test/r");
    if (first !== undefined) expect(first).toBeInstanceOf(BudgetExceeded);
    expect(policy.evaluate("test/next", { next: 7 }, NOW_NS).results).toHaveLength(1);
    // What the first evaluation left remembered may only make the second one cheaper.
    const second = thrownBy(policy, "test/r");
    if (second !== undefined) expect(second).toBeInstanceOf(BudgetExceeded);
    if (first === undefined) expect(second).toBeUndefined();
  });

  it("comes in many kinds", () => {
    expect(ADVERSARIAL.length).toBeGreaterThan(100);
    expect(new Set(ADVERSARIAL.map(({ name }) => name)).size).toBe(ADVERSARIAL.length);
  });
});

describe("texts as long as a request", () => {
  it.each([
    ["compared", "input.same.a == input.same.b"],
    ["found in a set", "input.same.b in {input.same.a}"],
    ["found as keys", "{input.same.a: 1}[input.same.b] == 1"],
    ["ordered", "input.same.a <= input.same.b"],
  ])("cost what they weigh when they are %s", async (_name, expression) => {
    const policy = await loaded(
      `r := count([1 | some w in input.numbers; some x in input.list; ${expression}; w == x])`,
    );
    expect(thrownBy(policy, "test/r")).toMatchObject({ kind: "steps" });
    const short = { ...ADVERSARIAL_INPUT, same: { a: "z", b: "z" }, numbers: [1] };
    expect(
      policy.evaluate("test/r", parseJson(JSON.stringify(short)), NOW_NS).results,
    ).toHaveLength(1);
  });
});
