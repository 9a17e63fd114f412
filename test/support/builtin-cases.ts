/**
 * Runs calls of builtins here and in OPA and tells where they differ. Arguments are hidden from OPA's
 * type checker, so that calls with arguments of the wrong type reach the builtin.
 */
import type { BuiltinContext, BuiltinTable } from "../../src/policy/builtins/builtin.ts";
import { termText } from "../../src/policy/plan/values/term-text.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import type { OpaOracle, OracleResult } from "./opa-oracle.ts";
import { num, regoText, testBudget } from "./rego-values.ts";

export type BuiltinCase = readonly [name: string, ...args: readonly Value[]];

/** 2026-11-24T12:34:56.789012345Z, unless a test says otherwise. */
export const CASE_TIME_NS = "1795523696789012345";

const PACKAGE = "cases";

export function caseContext(nowNs: string = CASE_TIME_NS): BuiltinContext & { messages: string[] } {
  const messages: string[] = [];
  return {
    budget: testBudget(),
    nowNs: () => num(nowNs),
    fail: (message) => {
      messages.push(message);
      return undefined;
    },
    messages,
  };
}

/** `name(arguments): ours … OPA …` for every call that is answered differently; empty when none is. */
export async function differencesFromOpa(
  oracle: OpaOracle,
  table: BuiltinTable,
  cases: readonly BuiltinCase[],
): Promise<readonly string[]> {
  const rules = cases.map((one, index) => `r${index} := ${callText(one)}`);
  const { results, error, message } = await oracle.ask({
    modules: { "cases.rego": `package ${PACKAGE}\n\n${rules.join("\n")}\n` },
    entrypoints: cases.map((_, index) => `${PACKAGE}/r${index}`),
    timeNs: Number(CASE_TIME_NS),
  });
  if (error !== undefined) throw new Error(`OPA does not take the cases: ${message}`);
  const differences: string[] = [];
  for (const [index, one] of cases.entries()) {
    const theirs = toldBy(results[`${PACKAGE}/r${index}`]?.[0]);
    const ours = callHere(table, one);
    if (ours !== theirs) differences.push(`${callText(one)}: ours ${ours} OPA ${theirs}`);
  }
  return differences;
}

function callText([name, ...args]: BuiltinCase): string {
  const texts = args.map((arg) => `object.get({}, "", ${regoText(arg)})`);
  return `${name}(${texts.join(", ")})`;
}

function toldBy(result: OracleResult | undefined): string {
  return result?.text ?? result?.error ?? "undefined";
}

/** The result as a term, `undefined` where there is none. */
export function callHere(table: BuiltinTable, [name, ...args]: BuiltinCase): string {
  const builtin = table[name];
  if (builtin === undefined) return "no such builtin";
  const context = caseContext();
  const result = builtin(context, ...args);
  return result === undefined ? "undefined" : termText(result, context.budget);
}
