/**
 * Builtins that the compiled module asks its host for. Time is that of the registry, constant within one
 * evaluation; a few the engine's package brings itself. Everything else is refused when the bundle is loaded.
 *
 * @module
 */
import type { BuiltinContext, BuiltinFunction } from "./builtins/builtin.ts";
import { BUILTINS } from "./builtins/registry.ts";
import { Budget, DEFAULT_LIMITS } from "./plan/values/budget.ts";
import { jsonText } from "./plan/values/json.ts";
import type { Value } from "./plan/values/value.ts";

/** What the engine's package implements, before any of ours: no backtracking, no network, no chance. */
const PACKAGE_BUILTINS = new Set([
  "json.is_valid",
  "sprintf",
  "yaml.is_valid",
  "yaml.marshal",
  "yaml.unmarshal",
]);
/** Arguments come as JSON, in which a set is an array: only builtins that take none are provided. */
const HOST_BUILTINS: readonly string[] = ["time.now_ns", "time.clock", "time.weekday"];

/** The host's clock as one evaluation sees it. */
export interface EvaluationTime {
  ns: number;
  wasRead: boolean;
}

export type HostBuiltins = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Arguments are plain JSON values; results are JSON text, which keeps numbers exact. */
export function hostBuiltins(time: EvaluationTime): HostBuiltins {
  const budget = new Budget(DEFAULT_LIMITS);
  const context: BuiltinContext = {
    budget,
    nowNs: () => {
      time.wasRead = true;
      return time.ns;
    },
    fail: () => undefined,
  };
  const call =
    (builtin: BuiltinFunction) =>
    (...args: unknown[]) => {
      budget.reset();
      const result = builtin(context, ...(args as readonly Value[]));
      // Undefined stays what it is: the call is undefined.
      if (result === undefined) return undefined;
      return Uint8Array.from(Buffer.from(jsonText(result, budget))).buffer;
    };
  const named = HOST_BUILTINS.flatMap((name) => {
    const builtin = BUILTINS.get(name);
    return builtin === undefined ? [] : [[name, call(builtin)] as const];
  });
  return Object.fromEntries(named);
}

/** Names that nobody provides; a module with one of them must not become active. */
export function missingBuiltins(
  needed: readonly string[],
  provided: HostBuiltins,
): readonly string[] {
  return needed.filter((name) => !PACKAGE_BUILTINS.has(name) && !Object.hasOwn(provided, name));
}
