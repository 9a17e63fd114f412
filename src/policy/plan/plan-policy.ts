/**
 * OPA's plan, ready to answer. One policy evaluates one question at a time; everything it remembers
 * between questions is independent of them.
 *
 * @module
 */
import { compileFunction } from "node:vm";
import type { BuiltinContext, BuiltinFunction } from "../builtins/builtin.ts";
import { checkNames } from "./compile/check-names.ts";
import { compilePlan, PARAMETERS } from "./compile/compile-plan.ts";
import type { Place } from "./compile/module-context.ts";
import { ExplainedFailure, Explainer, type Explanation } from "./explain.ts";
import { Listener } from "./explain-hooks.ts";
import { type Plan, PlanError } from "./ir.ts";
import { callersOf, rowsOf } from "./positions.ts";
import { readPlan } from "./read-plan.ts";
import { type FunctionTree, type PlanRunner, RUN_TIME, UNDEFINED } from "./run-time.ts";
import { Budget, BudgetExceeded, type BudgetLimits, DEFAULT_LIMITS } from "./values/budget.ts";
import type { Value } from "./values/value.ts";

export interface PlanPolicyOptions {
  /** Content of plan.json. */
  readonly planText: string;
  /** The base document; read in place, never changed. */
  readonly data: Value;
  readonly builtins: ReadonlyMap<string, BuiltinFunction>;
  readonly limits?: BudgetLimits;
}

export interface PlanEvaluation {
  /** Empty = undefined; else one object whose member `result` is the answer. */
  readonly results: readonly Value[];
  /** Something asked for the time, so the answer holds for this moment only. */
  readonly readTime: boolean;
  /** What it cost of `stepsMax`. */
  readonly steps: number;
}

export interface ExplainedEvaluation extends PlanEvaluation {
  readonly explanation: Explanation;
}

/** Input and data, which every function takes first. */
const DOCUMENTS = 2;

/** Builtins that may ask for the time: all others depend on their arguments only. */
export const TIME_DEPENDENT: ReadonlySet<string> = new Set(["time.now_ns", "io.jwt.decode_verify"]);

type EntryRunner = (input: Value | undefined, data: Value) => Value[];

interface Compiled {
  readonly source: string;
  readonly places: readonly Place[];
  readonly plans: ReadonlyMap<string, EntryRunner>;
  readonly listener: Listener;
  readonly context: EvaluationContext;
}

/** Constant rules are evaluated anew: what was answered within the limits is to be explained too. */
const EXPLAINED_COST_MAX = 20;

export class PlanPolicy {
  /** Names of documents that can be asked for, such as `mcp/gateway/result`. */
  readonly entrypoints: readonly string[];
  /** Names of builtins that the plan calls. */
  readonly builtinNames: readonly string[];
  readonly #plan: Plan;
  readonly #data: Value;
  readonly #builtins: ReadonlyMap<string, BuiltinFunction>;
  readonly #limits: BudgetLimits;
  readonly #compiled: Compiled;
  #explained: Compiled | undefined;

  private constructor(plan: Plan, options: PlanPolicyOptions) {
    this.entrypoints = plan.plans.map(({ name }) => name);
    this.builtinNames = plan.builtins.map(({ name }) => name);
    this.#plan = plan;
    this.#data = options.data;
    this.#builtins = options.builtins;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#compiled = this.#compile(false);
  }

  /** @throws {PlanError} when the plan holds anything that can not be run exactly as OPA means it. */
  static load(options: PlanPolicyOptions): PlanPolicy {
    const plan = readPlan(options.planText);
    const missing = plan.builtins.filter(({ name }) => !options.builtins.has(name));
    if (missing.length > 0) {
      throw new PlanError(
        missing
          .map(
            ({ name }) =>
              `builtin ${name} is not provided, but called by ${callersOf(plan, name).join(", ")}`,
          )
          .join("; "),
      );
    }
    return new PlanPolicy(plan, options);
  }

  /** Generated code: what is compiled, character by character. */
  get source(): string {
    return this.#compiled.source;
  }

  /**
   * Asks one document. `nowNs` is the time during this evaluation, in nanoseconds since the epoch.
   * @throws {PlanConflict} when rules give different results
   * @throws {BudgetExceeded} when it would cost too much
   * @throws {PlanError} when there is no such entrypoint
   */
  evaluate(entrypoint: string, input: Value | undefined, nowNs: Value): PlanEvaluation {
    return this.#run(this.#compiled, entrypoint, input, nowNs);
  }

  /**
   * The same answer, and why. It runs other code, generated when it is first asked for, so that
   * `evaluate` pays nothing for it; `steps` are of that code, which has a larger budget.
   * @throws {ExplainedFailure} where `evaluate` throws, with what it throws as the cause
   * @throws {PlanError} when there is no such entrypoint
   */
  explain(entrypoint: string, input: Value | undefined, nowNs: Value): ExplainedEvaluation {
    const compiled = this.#explaining();
    const { places, listener, context } = compiled;
    const explainer = new Explainer({
      plan: this.#plan,
      places,
      input,
      data: this.#data,
      takeFailure: () => context.takeFailure(),
    });
    listener.hooks = explainer;
    try {
      const evaluation = this.#run(compiled, entrypoint, input, nowNs);
      return { ...evaluation, explanation: explainer.explanation() };
    } catch (thrown) {
      if (thrown instanceof PlanError) throw thrown;
      throw new ExplainedFailure(explainer, thrown);
    } finally {
      listener.hooks = undefined;
    }
  }

  /** Every row that explanations may tell as evaluated, such as `file.rego:12`. */
  rows(): readonly string[] {
    return rowsOf(this.#plan, this.#explaining().places);
  }

  #explaining(): Compiled {
    this.#explained ??= this.#compile(true);
    return this.#explained;
  }

  #run(
    compiled: Compiled,
    entrypoint: string,
    input: Value | undefined,
    nowNs: Value,
  ): PlanEvaluation {
    const run = compiled.plans.get(entrypoint);
    if (run === undefined) throw new PlanError(`no entrypoint ${entrypoint}`);
    const { context } = compiled;
    context.begin(nowNs);
    const { steps } = context.budget;
    try {
      const results = run(input, this.#data);
      return { results, readTime: context.readTime, steps: steps - context.budget.steps };
    } catch (thrown) {
      // The platform's own limit on nesting, met before ours.
      if (thrown instanceof RangeError) throw new BudgetExceeded("depth");
      throw thrown;
    }
  }

  #compile(isExplained: boolean): Compiled {
    const plan = this.#plan;
    const compiled = compilePlan(plan, {
      isPure: (name) => !TIME_DEPENDENT.has(name),
      isExplained,
    });
    checkNames(compiled.source);
    const listener = new Listener();
    const context = new EvaluationContext(
      new Budget(isExplained ? raised(this.#limits) : this.#limits),
    );
    const tree: FunctionTree = { children: new Map(), run: undefined };
    const body = compileFunction(compiled.source, [...PARAMETERS]) as (
      ...args: readonly unknown[]
    ) => {
      readonly plans: readonly EntryRunner[];
      readonly functions: readonly PlanRunner[];
    };
    const { plans, functions } = body(
      RUN_TIME,
      context.budget,
      context,
      tree,
      UNDEFINED,
      compiled.strings.map(propertyName),
      compiled.constants,
      compiled.builtins.map((name) => this.#builtins.get(name)),
      listener,
    );
    for (const [index, { path, params }] of plan.functions.entries()) {
      // A function that a policy declares is no document, so no dynamic reference finds it.
      if (path === undefined || params.length > DOCUMENTS) continue;
      plant(tree, path, functions[index] as PlanRunner);
    }
    return {
      source: compiled.source,
      places: compiled.places,
      listener,
      context,
      plans: new Map(plan.plans.map(({ name }, index) => [name, plans[index] as EntryRunner])),
    };
  }
}

class EvaluationContext implements BuiltinContext {
  readonly budget: Budget;
  readTime = false;
  #failure = "";
  #nowNs: Value = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  begin(nowNs: Value): void {
    this.budget.reset();
    this.readTime = false;
    this.#failure = "";
    this.#nowNs = nowNs;
  }

  nowNs(): Value {
    this.readTime = true;
    return this.#nowNs;
  }

  fail(message: string): undefined {
    this.#failure = message;
  }

  /** Why the last builtin that failed did, once. */
  takeFailure(): string {
    const message = this.#failure;
    this.#failure = "";
    return message;
  }
}

function raised({ stepsMax, valuesMax, bytesMax, depthMax }: BudgetLimits): BudgetLimits {
  return {
    stepsMax: stepsMax * EXPLAINED_COST_MAX,
    valuesMax: valuesMax * EXPLAINED_COST_MAX,
    bytesMax: bytesMax * EXPLAINED_COST_MAX,
    depthMax,
  };
}

/** Engines find a property fastest by the very string that names properties elsewhere. */
function propertyName(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}

function plant(tree: FunctionTree, path: readonly string[], run: PlanRunner): void {
  let node = tree;
  for (const part of path) {
    const next = node.children.get(part) ?? { children: new Map(), run: undefined };
    node.children.set(part, next);
    node = next;
  }
  node.run = run;
}
