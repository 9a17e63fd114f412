/**
 * A checked bundle → the engine that serves it, after it has answered the bundle's cases.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import { BothEngine } from "./both-engine.ts";
import type { Bundle } from "./bundle.ts";
import { deviatingBuiltins } from "./deviations.ts";
import type { BudgetLimits } from "./plan/values/budget.ts";
import { PlanEngine } from "./plan-engine.ts";
import { firstWrongCase, type PolicyCase, parseCases } from "./policy-cases.ts";
import type { EngineName, PolicyEngine } from "./policy-engine.ts";
import { MissingBuiltins, WasmEngine } from "./wasm-engine.ts";

export interface EngineOptions {
  readonly engine: EngineName;
  readonly limits: BudgetLimits;
  /** Share of evaluations that engine `both` repeats. */
  readonly sampleRatio: number;
  readonly requiredEntrypoints: readonly string[];
  readonly random: () => number;
  readonly defer: (task: () => void) => void;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/** `file` is named in problems. @throws {ConfigError} when the policy can not be trusted to answer. */
export async function openPolicy(
  bundle: Bundle,
  file: string,
  options: EngineOptions,
): Promise<PolicyEngine> {
  const cases = casesOf(bundle, file);
  if (cases.length === 0) {
    options.log.warn("the bundle brings no cases, so its answers were not tried", {
      policy_revision: bundle.revision,
    });
  }
  const admit = async <Engine extends PolicyEngine>(
    load: (bundle: Bundle) => Engine | Promise<Engine>,
  ): Promise<Engine> => {
    const engine = await load(bundle);
    requireEntrypoints(engine, file, options.requiredEntrypoints);
    const { monotonicMs } = options;
    const wrong = await firstWrongCase({
      cases,
      bundle,
      engine,
      load: async (other) => load(other),
      monotonicMs,
    });
    if (wrong === undefined) return engine;
    throw new ConfigError([
      `${file}: bundle.case: ${wrong}; run "sark-authz policy test" and build the bundle again`,
    ]);
  };
  const openPlan = () => admit((one) => PlanEngine.load(one, file, options.limits));
  const openWasm = () => admit((one) => WasmEngine.load(one, file));
  if (options.engine === "plan") return openPlan();
  if (options.engine === "wasm") return openWasm();
  return openBoth(await openPlan(), openWasm, options);
}

/** The plan alone where a comparison would only show what is known to differ. */
async function openBoth(
  plan: PlanEngine,
  openWasm: () => Promise<WasmEngine>,
  options: EngineOptions,
): Promise<PolicyEngine> {
  const notCompared = (builtins: readonly string[]) => {
    options.log.warn("the engines are not compared: WebAssembly lacks or alters builtins", {
      policy_revision: plan.revision,
      builtins,
    });
    return plan;
  };
  const deviating = deviatingBuiltins(plan.builtinNames);
  if (deviating.length > 0) return notCompared(deviating);
  try {
    return new BothEngine({ ...options, plan, witness: await openWasm() });
  } catch (thrown) {
    if (thrown instanceof MissingBuiltins) return notCompared(thrown.names);
    throw thrown;
  }
}

function casesOf({ cases: text }: Bundle, file: string): readonly PolicyCase[] {
  if (text === undefined) return [];
  const cases = parseCases(text);
  if (cases !== undefined) return cases;
  throw new ConfigError([
    `${file}: bundle.case: cases.json is no list of at most 1,000 cases; build the bundle again`,
  ]);
}

function requireEntrypoints(engine: PolicyEngine, file: string, names: readonly string[]): void {
  const { entrypoints } = engine;
  const missing = names.filter((name) => !entrypoints.includes(name));
  if (missing.length === 0) return;
  throw new ConfigError([
    `${file}: bundle.abi: entrypoint ${missing.join(", ")} is missing; ` +
      `it has ${entrypoints.join(", ") || "none"}`,
  ]);
}
