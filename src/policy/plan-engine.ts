/**
 * A bundle's plan → result set, in JavaScript. Every evaluation has a budget; the input is read in place.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { BUILTINS } from "./builtins/registry.ts";
import type { Bundle } from "./bundle.ts";
import { checkInput } from "./input-check.ts";
import { ExplainedFailure, type Explanation } from "./plan/explain.ts";
import { PlanError } from "./plan/ir.ts";
import { PlanPolicy } from "./plan/plan-policy.ts";
import { PlanConflict } from "./plan/run-time.ts";
import { Budget, BudgetExceeded, type BudgetLimits } from "./plan/values/budget.ts";
import { toPlain } from "./plan/values/json.ts";
import type { Value } from "./plan/values/value.ts";
import type { Evaluated, PolicyEngine } from "./policy-engine.ts";
import { PolicyFailure } from "./policy-failure.ts";

export interface Explained {
  /** As `evaluate` gives it, with what it cost; or the failure that it ends in. */
  readonly outcome: (Evaluated & { readonly steps: number }) | PolicyFailure;
  /** As far as it came, when it was stopped. */
  readonly explanation: Explanation;
  /** Rule and place where the explaining run was stopped. */
  readonly stoppedIn: string | undefined;
}

export class PlanEngine implements PolicyEngine {
  readonly revision: string;
  readonly answeredBy = "plan";
  readonly entrypoints: readonly string[];
  /** Builtins that some rule calls. */
  readonly builtinNames: readonly string[];
  /** The generated JavaScript. */
  readonly source: string;
  readonly #policy: PlanPolicy;
  /** Of the result on its way out. */
  readonly #budget: Budget;

  private constructor(revision: string, policy: PlanPolicy, limits: BudgetLimits) {
    this.revision = revision;
    this.entrypoints = policy.entrypoints;
    this.builtinNames = policy.builtinNames;
    this.source = policy.source;
    this.#policy = policy;
    this.#budget = new Budget(limits);
  }

  /** Compiles the plan. @throws {ConfigError} when it can not be run exactly. */
  static load(bundle: Bundle, file: string, limits: BudgetLimits): PlanEngine {
    const { plan: planText = "", data, revision } = bundle;
    try {
      const policy = PlanPolicy.load({ planText, data, builtins: BUILTINS, limits });
      return new PlanEngine(revision, policy, limits);
    } catch (thrown) {
      if (!(thrown instanceof PlanError)) throw thrown;
      throw new ConfigError(
        [`${file}: bundle.plan: ${thrown.message}; build it with "sark-authz policy build"`],
        { cause: thrown },
      );
    }
  }

  /** @throws {PolicyFailure} for a conflict, a spent budget and an input that is none. */
  evaluate(entrypoint: string, input: object, timeNs: number): Evaluated {
    const { resultSet, readTime } = this.#answer(entrypoint, input, timeNs);
    return { resultSet, readTime };
  }

  /** @throws {PolicyFailure} for an input that is none */
  explain(entrypoint: string, input: object, timeNs: number): Explained {
    checkInput(input);
    const outcome = this.#outcome(entrypoint, input, timeNs);
    try {
      const { explanation } = this.#policy.explain(entrypoint, input as Value, timeNs);
      return { outcome, explanation, stoppedIn: undefined };
    } catch (thrown) {
      if (!(thrown instanceof ExplainedFailure)) throw failureOf(thrown);
      return { outcome, explanation: thrown.explanation, stoppedIn: thrown.stoppedIn };
    }
  }

  /** Every row that `explain` may tell as evaluated. */
  rows(): readonly string[] {
    return this.#policy.rows();
  }

  #outcome(entrypoint: string, input: object, timeNs: number): Explained["outcome"] {
    try {
      return this.#answer(entrypoint, input, timeNs);
    } catch (thrown) {
      if (thrown instanceof PolicyFailure) return thrown;
      throw thrown;
    }
  }

  #answer(entrypoint: string, input: object, timeNs: number) {
    checkInput(input);
    try {
      const evaluation = this.#policy.evaluate(entrypoint, input as Value, timeNs);
      this.#budget.reset();
      const resultSet = evaluation.results.map((result) => toPlain(result, this.#budget));
      return { resultSet, readTime: evaluation.readTime, steps: evaluation.steps };
    } catch (thrown) {
      throw failureOf(thrown);
    }
  }
}

function failureOf(thrown: unknown): unknown {
  const options = { cause: thrown };
  if (thrown instanceof PlanConflict) {
    return new PolicyFailure("conflict", "rules give different results", options);
  }
  if (thrown instanceof BudgetExceeded) return new PolicyFailure("budget", thrown.message, options);
  // The stack is one more budget: V8 throws this where it is spent.
  if (thrown instanceof RangeError) {
    return new PolicyFailure("budget", "evaluation stopped: nested too deep", options);
  }
  return new PolicyFailure("trap", "the engine stopped", options);
}
