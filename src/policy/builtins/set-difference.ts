/**
 * Sets without the elements of others.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { RegoSet } from "../plan/values/rego-set.ts";

export function difference(a: RegoSet, b: RegoSet, budget: Budget): RegoSet {
  budget.spend(a.size);
  const rest = new RegoSet();
  for (const value of a.values()) if (!b.has(value, budget)) rest.add(value, budget);
  return rest;
}
