/**
 * Sets: `and` (`&`), `or` (`|`), `intersection` and `union`. Where equal numbers are written differently
 * (`1` and `1.0`), the result holds the one that OPA would keep.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

function and(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!(a instanceof RegoSet)) return wrongType(context, 1, a, "set");
  if (!(b instanceof RegoSet)) return wrongType(context, 2, b, "set");
  return intersect(a, b, context.budget);
}

function or(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!(a instanceof RegoSet)) return wrongType(context, 1, a, "set");
  if (!(b instanceof RegoSet)) return wrongType(context, 2, b, "set");
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const made = new RegoSet();
  addAll(made, a, context.budget);
  addAll(made, b, context.budget);
  return made;
}

function intersection(context: BuiltinContext, sets: Value): Value | undefined {
  const all = setsIn(context, sets);
  if (all === undefined) return undefined;
  const [first, ...rest] = all;
  if (first === undefined) return new RegoSet();
  return rest.reduce((found, next) => intersect(found, next, context.budget), first);
}

function union(context: BuiltinContext, sets: Value): Value | undefined {
  const all = setsIn(context, sets);
  if (all === undefined) return undefined;
  const [first] = all;
  if (all.length === 1 && first !== undefined) return first;
  const made = new RegoSet();
  for (const one of all) addAll(made, one, context.budget);
  return made;
}

/** In Rego's order; undefined after a failure where an element is no set. */
function setsIn(context: BuiltinContext, sets: Value): readonly RegoSet[] | undefined {
  if (!(sets instanceof RegoSet)) return wrongType(context, 1, sets, "set");
  const all = sets.sorted(context.budget);
  context.budget.spend(all.length);
  const other = all.find((one) => !(one instanceof RegoSet));
  return other === undefined ? (all as readonly RegoSet[]) : wrongType(context, 1, other, "set");
}

/** The elements of the smaller set that the other one holds too. */
function intersect(a: RegoSet, b: RegoSet, budget: Budget): RegoSet {
  const [small, large] = b.size < a.size ? [b, a] : [a, b];
  const made = new RegoSet();
  budget.spend(small.size);
  for (const [key, value] of small.entries()) {
    if (large.hasKey(key)) made.addKeyed(key, value, budget);
  }
  return made;
}

function addAll(to: RegoSet, from: RegoSet, budget: Budget): void {
  budget.spend(from.size);
  for (const [key, value] of from.entries()) to.addKeyed(key, value, budget);
}

export const SETS: BuiltinTable = { and, or, intersection, union };
