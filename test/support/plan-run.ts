/** One Rego module through the plan engine and through OPA: the answers of both, as terms. */
import type { BuiltinFunction } from "../../src/policy/builtins/builtin.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { PlanConflict } from "../../src/policy/plan/run-time.ts";
import { BudgetExceeded } from "../../src/policy/plan/values/budget.ts";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import { member } from "../../src/policy/plan/values/object.ts";
import { termText } from "../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { CASE_TIME_NS } from "./builtin-cases.ts";
import type { OpaOracle, OracleQuestion, OracleResult } from "./opa-oracle.ts";
import { num, testBudget } from "./rego-values.ts";

export type Builtins = ReadonlyMap<string, BuiltinFunction>;

/** Where the two differ: `entrypoint input: ours … OPA …`; empty where they do not. */
export async function differencesOfPlans(
  oracle: OpaOracle,
  question: OracleQuestion,
  builtins: Builtins,
): Promise<readonly string[]> {
  const answer = await oracle.ask({ ...question, plan: true, timeNs: Number(CASE_TIME_NS) });
  if (answer.error !== undefined) throw new Error(`OPA does not take it: ${answer.message}`);
  const policy = PlanPolicy.load({
    planText: JSON.stringify(answer.plan),
    data: parseJson(question.dataText ?? "{}"),
    builtins,
  });
  const inputs = question.inputTexts ?? [undefined];
  return question.entrypoints.flatMap((entrypoint) =>
    inputs.flatMap((text, index) => {
      const theirs = toldByOpa(answer.results[entrypoint]?.[index]);
      const input = text === undefined ? undefined : parseJson(text);
      const ours = toldByPlan(policy, entrypoint, input);
      return ours === theirs ? [] : [`${entrypoint} ${text}: ours ${ours} OPA ${theirs}`];
    }),
  );
}

export function toldByPlan(
  policy: PlanPolicy,
  entrypoint: string,
  input: Value | undefined,
): string {
  try {
    const [result] = policy.evaluate(entrypoint, input, num(CASE_TIME_NS)).results;
    const value = result === undefined ? undefined : member(result, "result", testBudget());
    return value === undefined ? "undefined" : termText(value, testBudget());
  } catch (thrown) {
    if (thrown instanceof PlanConflict) return "eval_conflict_error";
    if (thrown instanceof BudgetExceeded) return thrown.message;
    throw thrown;
  }
}

export function toldByOpa(result: OracleResult | undefined): string {
  return result?.text ?? result?.error ?? "undefined";
}
