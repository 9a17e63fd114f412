/**
 * Which scopes an action needs on a route, and whether a credential holds them. Pure.
 *
 * @module
 */
import type { Route, ScopeRule } from "./route.ts";

/** Every scope that a rule of the route asks for, in the order of the rules; empty = none needed. */
export function neededScopes(route: Route, action: string, tool: string | null): readonly string[] {
  let needed: readonly string[] = NONE;
  for (const rule of route.scopeRules) {
    if (rule.action !== action || !fitsTool(rule, tool)) continue;
    needed = needed === NONE ? rule.scopes : [...new Set([...needed, ...rule.scopes])];
  }
  return needed;
}

const NONE: readonly string[] = Object.freeze([]);

function fitsTool({ tool: pattern }: ScopeRule, tool: string | null): boolean {
  if (pattern === undefined) return true;
  if (tool === null) return false;
  return pattern.endsWith("*") ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern;
}

/** True when `held` has each of `needed`, itself or inside a broader one. */
export function holdsScopes(
  held: readonly string[],
  needed: readonly string[],
  implies: ReadonlyMap<string, readonly string[]>,
): boolean {
  return needed.every(
    (scope) => held.includes(scope) || held.some((other) => implies.get(other)?.includes(scope)),
  );
}
