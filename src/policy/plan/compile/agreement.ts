/**
 * Whether all bodies of a rule give the same constant. OPA then takes the first that is true and looks at
 * nothing further, so that no conflict further on shows. What `default` gives does not count.
 *
 * @module
 */
import type { Block, Local, Operand } from "../ir.ts";
import { Budget } from "../values/budget.ts";
import { equal } from "../values/compare.ts";
import type { Value } from "../values/value.ts";
import { LOAD_LIMITS } from "./constants.ts";
import { everyStatement } from "./statements.ts";

/** `returns`: the local to which the rule hands on what a body gave. */
export function isAgreed(
  blocks: readonly Block[],
  returns: Local,
  constant: (operand: Operand) => Value | undefined,
): boolean {
  const budget = new Budget(LOAD_LIMITS);
  let first: Value | undefined;
  for (const statement of everyStatement(blocks)) {
    if (statement.type !== "AssignVarOnce" || statement.target === returns) continue;
    const value = constant(statement.source);
    if (value === undefined) return false;
    if (first !== undefined && !equal(first, value, budget)) return false;
    first = value;
  }
  return first !== undefined;
}
