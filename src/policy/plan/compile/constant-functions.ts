/**
 * Which rules depend on nothing: neither input nor data, no `with`, no time. Their value is computed
 * once for as long as the policy is loaded.
 *
 * @module
 */
import { DATA, INPUT, type Plan, type PlanFunction, type Statement } from "../ir.ts";
import { everyStatement, readBy } from "./statements.ts";

/** `isPure` says of a builtin whether its result depends on its arguments only. */
export function constantFunctions(
  plan: Plan,
  isPure: (builtin: string) => boolean,
): ReadonlySet<string> {
  const candidates = new Map<string, readonly Statement[]>();
  for (const one of plan.functions) {
    if (one.params.length === 2) candidates.set(one.name, [...everyStatement(one.blocks)]);
  }
  const functions = new Map(plan.functions.map((one) => [one.name, one]));
  // A rule is dropped when it calls one that was dropped, so this ends when a round drops none.
  let dropped = true;
  while (dropped) {
    dropped = false;
    for (const [name, statements] of candidates) {
      const isConstant = statements.every((statement) =>
        isIndependent(statement, functions, candidates, isPure),
      );
      if (isConstant) continue;
      candidates.delete(name);
      dropped = true;
    }
  }
  return new Set(candidates.keys());
}

function isIndependent(
  statement: Statement,
  functions: ReadonlyMap<string, PlanFunction>,
  candidates: ReadonlyMap<string, unknown>,
  isPure: (builtin: string) => boolean,
): boolean {
  if (statement.type === "With" || statement.type === "CallDynamic") return false;
  if (statement.type !== "Call") return !readsDocuments(readBy(statement));
  if (!functions.has(statement.callee)) {
    return isPure(statement.callee) && !readsDocuments(readBy(statement));
  }
  return candidates.has(statement.callee) && !readsDocuments(readBy(statement).slice(2));
}

function readsDocuments(locals: readonly number[]): boolean {
  return locals.includes(INPUT) || locals.includes(DATA);
}
