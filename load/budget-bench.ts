/**
 * CPU time of the policies in test/support/adversarial-policies.ts under the default budget: what the costliest
 * evaluations take, the first time and when warm. `npm run bench -- --scenario budget`.
 *
 * @module
 */
import { BUILTINS } from "../src/policy/builtins/registry.ts";
import { PlanPolicy } from "../src/policy/plan/plan-policy.ts";
import { BudgetExceeded } from "../src/policy/plan/values/budget.ts";
import { parseJson } from "../src/policy/plan/values/json.ts";
import type { Value } from "../src/policy/plan/values/value.ts";
import { ADVERSARIAL, ADVERSARIAL_INPUT } from "../test/support/adversarial-policies.ts";
import { OpaOracle } from "../test/support/opa-oracle.ts";

const WARM_RUNS = 5;
const NOW_NS = 1_700_000_000_000_000_000;
const BUDGET_CPU_MS_GOAL = 20;

interface Figures {
  readonly name: string;
  readonly coldMs: number;
  /** The least of all runs after the first. */
  readonly warmMs: number;
  readonly outcome: string;
}

/** Prints the `shown` costliest policies. */
export async function benchBudget(shown: number): Promise<void> {
  const oracle = await OpaOracle.open();
  const figures: Figures[] = [];
  for (const { name, rules } of ADVERSARIAL) {
    const modules = { "test.rego": `package test\n${rules}` };
    const { plan, message } = await oracle.ask({
      modules,
      entrypoints: ["test/r"],
      inputTexts: [],
      plan: true,
    });
    if (plan === undefined) throw new Error(`${name}: ${message}`);
    figures.push(measured(name, JSON.stringify(plan)));
  }
  oracle.close();
  figures.sort((a, b) => Math.max(b.coldMs, b.warmMs) - Math.max(a.coldMs, a.warmMs));
  console.log(`CPU ms of one evaluation, goal ${BUDGET_CPU_MS_GOAL}`);
  for (const { name, coldMs, warmMs, outcome } of figures.slice(0, shown)) {
    const times = [coldMs, warmMs].map((ms) => ms.toFixed(1).padStart(7)).join(" ");
    console.log(`cold, warm ${times}  ${name.padEnd(32)} ${outcome}`);
  }
}

function measured(name: string, planText: string): Figures {
  const policy = PlanPolicy.load({ planText, data: {}, builtins: BUILTINS });
  const input = parseJson(JSON.stringify(ADVERSARIAL_INPUT));
  const [coldMs, outcome] = timed(policy, input);
  const warm = Array.from({ length: WARM_RUNS }, () => timed(policy, input)[0]);
  return { name, coldMs, warmMs: Math.min(...warm), outcome };
}

function timed(policy: PlanPolicy, input: Value): readonly [ms: number, outcome: string] {
  const before = process.threadCpuUsage();
  let outcome = "answered";
  try {
    policy.evaluate("test/r", input, NOW_NS);
  } catch (thrown) {
    outcome = thrown instanceof BudgetExceeded ? thrown.kind : String(thrown);
  }
  const { user, system } = process.threadCpuUsage(before);
  return [(user + system) / 1_000, outcome];
}
