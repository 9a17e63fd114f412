/** One question to OPA and to the engine: every entrypoint with every input, compared by their terms. */

import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { PlanError } from "../../src/policy/plan/ir.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { PlanConflict } from "../../src/policy/plan/run-time.ts";
import { Budget, BudgetExceeded, type BudgetLimits } from "../../src/policy/plan/values/budget.ts";
import { numberFromText, numberKey } from "../../src/policy/plan/values/decimal.ts";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import { member } from "../../src/policy/plan/values/object.ts";
import { termText } from "../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import type { OpaOracle, OracleResult } from "../support/opa-oracle.ts";

export interface Question {
  readonly modules: Readonly<Record<string, string>>;
  readonly dataText: string;
  readonly entrypoints: readonly string[];
  /** Entrypoints that hold the value of every rule. */
  readonly packages: readonly string[];
  readonly inputTexts: readonly string[];
}

export interface Disagreement {
  readonly question: Question;
  readonly entrypoint: string;
  readonly inputText: string;
  readonly ours: string;
  readonly opa: string;
}

export interface Comparison {
  /** How often each answer was the same on both sides, by what it was. */
  readonly agreed: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
  /** OPA does not compile the modules, or this engine does not run the plan that OPA makes of them. */
  readonly refused?: { readonly by: "OPA" | "engine"; readonly why: string };
}

/** OPA's planner forgets arguments of some calls, and some plans explode: refused when they are loaded. */
const WRONG_PLAN =
  /takes \d+ arguments, not \d+$|without its parameters$|^plan: larger than|more than \d+ characters$/;

export const CONFLICT = "eval_conflict_error";
/** Too much work for one of the two; what the answer is stays open. */
export const STOPPED = "stopped";
/** Whole seconds, so that it is the same number on both sides. */
export const NOW_NS = 1_795_523_696_000_000_000;
/** Far above what generated modules need, so that the budget is not what is compared. */
const LIMITS: BudgetLimits = {
  stepsMax: 4_000_000,
  valuesMax: 1_000_000,
  bytesMax: 64 * 1_048_576,
  depthMax: 256,
};

export async function compareWithOpa(oracle: OpaOracle, question: Question): Promise<Comparison> {
  const { modules, dataText, inputTexts, packages } = question;
  const entrypoints = [...new Set([...question.entrypoints, ...packages])];
  const ask = { modules, dataText, entrypoints, inputTexts, plan: true, timeNs: NOW_NS };
  const { plan, results, error, message } = await oracle.ask(ask);
  const agreed = new Map<string, number>();
  const disagreements: Disagreement[] = [];
  if (error !== undefined) {
    return { agreed, disagreements, refused: { by: "OPA", why: message ?? error } };
  }
  const policy = loadHere(JSON.stringify(plan), dataText);
  if (policy instanceof PlanError && WRONG_PLAN.test(policy.message)) {
    return { agreed, disagreements, refused: { by: "engine", why: policy.message } };
  }
  const agree = (verdict: string) => agreed.set(verdict, (agreed.get(verdict) ?? 0) + 1);
  for (const [index, inputText] of inputTexts.entries()) {
    const input = parseJson(inputText);
    const isConflict = (name: string) => results[name]?.[index]?.error === CONFLICT;
    const conflicts = packages.some(isConflict);
    for (const entrypoint of entrypoints) {
      const opa = toldBy(results[entrypoint]?.[index]);
      const ours =
        policy instanceof PlanError ? policy.message : answerHere(policy, entrypoint, input);
      const verdict = compareAnswers(ours, opa, conflicts);
      if (verdict !== undefined) agree(verdict);
      else disagreements.push({ question, entrypoint, inputText, ours, opa });
    }
  }
  return { agreed, disagreements: await unexplained(oracle, disagreements, agree) };
}

/** Without those that OPA's index explains. */
async function unexplained(
  oracle: OpaOracle,
  disagreements: readonly Disagreement[],
  agree: (verdict: string) => void,
): Promise<readonly Disagreement[]> {
  const left: Disagreement[] = [];
  for (const one of disagreements) {
    if (one.ours === CONFLICT && (await isPassedOver(oracle, one))) agree(PASSED_OVER);
    else left.push(one);
  }
  return left;
}

function loadHere(planText: string, dataText: string): PlanPolicy | PlanError {
  try {
    const data = parseJson(dataText);
    return PlanPolicy.load({ planText, data, builtins: BUILTINS, limits: LIMITS });
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
}

/** What the engine says, in the words of OPA: a term, `undefined` or an error. */
export function answerHere(
  policy: PlanPolicy,
  entrypoint: string,
  input: Value | undefined,
): string {
  try {
    const { results } = policy.evaluate(entrypoint, input, NOW_NS);
    const [answer] = results;
    if (answer === undefined) return "undefined";
    const budget = new Budget(LIMITS);
    const value = member(answer, "result", budget);
    return value === undefined ? "no result" : termText(value, budget);
  } catch (error) {
    if (error instanceof PlanConflict) return CONFLICT;
    if (error instanceof BudgetExceeded) return STOPPED;
    return `broken: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function toldBy(result: OracleResult | undefined): string {
  return result?.text ?? result?.error ?? "undefined";
}

/**
 * What both agree on; undefined when they do not. A plan makes whole documents where OPA may look only at
 * the members asked for, so a conflict in another member may be found here alone.
 */
function compareAnswers(ours: string, opa: string, conflicts: boolean): string | undefined {
  if (ours === opa) return ours === "undefined" || ours === CONFLICT ? ours : "value";
  if (ours === STOPPED || OPA_STOPPED.has(opa)) return STOPPED;
  if (ours === CONFLICT && conflicts) return "conflict that OPA does not come to";
  return plainNumbers(ours) === plainNumbers(opa)
    ? "value with a number written otherwise"
    : undefined;
}

/** Too long, or a fault of OPA itself. */
const OPA_STOPPED: ReadonlySet<string> = new Set(["eval_cancel_error", "eval_internal_error"]);

const PASSED_OVER = "conflict in a body that OPA's index passes over";

/**
 * OPA's index leaves out bodies in which some path of input or data is undefined, whatever comes before it
 * there. Without the index it comes to the conflict that the plan comes to.
 */
async function isPassedOver(
  oracle: OpaOracle,
  { question: { modules, dataText }, entrypoint, inputText }: Disagreement,
): Promise<boolean> {
  const { results } = await oracle.ask({
    modules,
    dataText,
    entrypoints: [entrypoint],
    inputTexts: [inputText],
    timeNs: NOW_NS,
    thorough: true,
  });
  return results?.[entrypoint]?.[0]?.error === CONFLICT;
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function plainNumbers(text: string): string {
  return text.replaceAll(TEXT_OR_NUMBER, (token) =>
    token.startsWith('"') ? token : String(numberKey(numberFromText(token))),
  );
}
