/**
 * Plans that differ from one of OPA's in any way are refused, or hold what the compiler counts on; and
 * then they end in an answer or in a typed failure.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltinFunction } from "../../src/policy/builtins/builtin.ts";
import { type Block, type Plan, PlanError, type Statement } from "../../src/policy/plan/ir.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { readPlan } from "../../src/policy/plan/read-plan.ts";
import { PlanConflict } from "../../src/policy/plan/run-time.ts";
import { BudgetExceeded } from "../../src/policy/plan/values/budget.ts";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import { Random } from "../fuzz/random.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { mutatePlan } from "../support/plan-mutations.ts";
import { type PlanJson, SAMPLE_DATA, SAMPLE_INPUT, samplePlan } from "../support/sample-plans.ts";

const SEED = 20_261_124;
const PLANS = 400;

let oracle: OpaOracle;
let sample: PlanJson;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  sample = await samplePlan(oracle);
});
afterAll(() => oracle.close());

function statementsIn(blocks: readonly Block[]): readonly Statement[] {
  return blocks.flat().flatMap((statement) => {
    if ("blocks" in statement) return [statement, ...statementsIn(statement.blocks)];
    return "block" in statement ? [statement, ...statementsIn([statement.block])] : [statement];
  });
}

/** What is wrong with a plan that was read; empty for none that does what it should. */
function faultsOf(plan: Plan): readonly string[] {
  const { files, builtins, plans, functions } = plan;
  const arities = new Map([
    ...builtins.map(({ name, arity }) => [name, arity] as const),
    ...functions.map(({ name, params }) => [name, params.length] as const),
  ]);
  const owners = [...plans, ...functions];
  const statements = owners.flatMap(({ blocks }) => statementsIn(blocks));
  const holds: Readonly<Record<string, boolean>> = {
    names: arities.size === builtins.length + functions.length,
    files: statements.every(({ at }) => files[at.file] !== undefined || at.row === 0),
    members: statements.every((one) => Object.entries(one).every(isRightMember)),
    calls: statements.every(
      (one) => one.type !== "Call" || one.args.length === arities.get(one.callee),
    ),
    jumps: owners.every(({ blocks }) => blocks.every((block) => jumpsInside(block, 0))),
    returns: functions.every(({ blocks, returns }) => {
      const last = blocks.at(-1)?.at(-1);
      return last?.type === "ReturnLocal" && last.source === returns;
    }),
    params: functions.every(({ params }) => params[0] === 0 && params[1] === 1),
    calling: longestCalls(functions) <= functions.length,
  };
  return Object.keys(holds).filter((name) => holds[name] === false);
}

const isLocal = (value: unknown) => Number.isInteger(value) && (value as number) <= 65_535;

function isRightMember([name, value]: readonly [string, unknown]): boolean {
  if (typeof value === "number") {
    if (name === "depth") return true;
    if (name === "value") return Number.isSafeInteger(value);
    return isLocal(value) && (value > 1 || !["target", "result", "key"].includes(name));
  }
  const operand = value as { kind?: string; local?: number; text?: string };
  if (operand.kind === "local") return isLocal(operand.local);
  return operand.kind !== "string" || typeof operand.text === "string";
}

function jumpsInside(block: Block, levels: number): boolean {
  return block.every((statement) => {
    if (statement.type === "Break") return statement.depth <= levels;
    if (statement.type === "CallDynamic") return levels >= 3;
    if ("blocks" in statement) return statement.blocks.every((one) => jumpsInside(one, levels + 1));
    return !("block" in statement) || jumpsInside(statement.block, 0);
  });
}

/** Rounds until no function is called by one that is left; more than there are functions: recursion. */
function longestCalls(functions: Plan["functions"]): number {
  let left = functions.map(({ name, blocks }) => ({
    name,
    callees: statementsIn(blocks).flatMap((one) => (one.type === "Call" ? [one.callee] : [])),
  }));
  for (let rounds = 0; ; rounds++) {
    if (left.length === 0) return rounds;
    const called = new Set(left.flatMap(({ callees }) => callees));
    const next = left.filter(({ name }) => called.has(name));
    if (next.length === left.length) return Number.POSITIVE_INFINITY;
    left = next;
  }
}

it("finds nothing wrong with OPA's own plan", () => {
  expect(faultsOf(readPlan(JSON.stringify(sample)))).toEqual([]);
});

it("refuses them, or reads what the compiler counts on", () => {
  const random = new Random(SEED);
  let refused = 0;
  for (let count = 0; count < PLANS; count++) {
    const text = JSON.stringify(mutatePlan(sample, random));
    try {
      expect(faultsOf(readPlan(text)), text).toEqual([]);
    } catch (thrown) {
      if (!(thrown instanceof PlanError)) throw thrown;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(PLANS / 10);
  expect(refused).toBeLessThan((PLANS * 9) / 10);
});

it("ends their evaluation with an answer or a typed failure", () => {
  const random = new Random(SEED + 1);
  const builtins = new Map<string, BuiltinFunction>(
    sample.static.builtin_funcs.map(({ name }) => [name, (_context, value) => value]),
  );
  const data = parseJson(JSON.stringify(SAMPLE_DATA));
  const input = parseJson(JSON.stringify(SAMPLE_INPUT));
  const endings = new Map<string, number>();
  for (let count = 0; count < PLANS; count++) {
    const planText = JSON.stringify(mutatePlan(sample, random));
    const ending = endingOf(planText);
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }
  expect(endings.get("answer")).toBeGreaterThan(PLANS / 10);
  expect(JSON.stringify(data)).toBe(JSON.stringify(SAMPLE_DATA));

  function endingOf(planText: string): string {
    try {
      const policy = PlanPolicy.load({ planText, data, builtins });
      for (const entrypoint of policy.entrypoints) {
        policy.evaluate(entrypoint, input, 0);
        policy.evaluate(entrypoint, undefined, 0);
      }
      return "answer";
    } catch (thrown) {
      const isTyped =
        thrown instanceof PlanError ||
        thrown instanceof PlanConflict ||
        thrown instanceof BudgetExceeded;
      if (!isTyped) throw new Error(`${String(thrown)} of ${planText}`, { cause: thrown });
      return thrown.name;
    }
  }
});
