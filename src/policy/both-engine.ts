/**
 * Answers from the plan, and repeats a share of its evaluations in WebAssembly after the Check: a second
 * witness that never delays, changes or withholds an answer. What differs is counted and logged.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { Logger } from "../domain/logger.ts";
import { agree } from "./deviations.ts";
import type { Evaluated, PolicyEngine } from "./policy-engine.ts";
import { PolicyFailure } from "./policy-failure.ts";
import { encodeInput } from "./wasm-engine.ts";

/** Evaluations that wait to be repeated, each with its input; more are not repeated. */
const WAITING_MAX = 64;

export type Comparison = "same" | "different" | "skipped" | "dropped";

/** The engine that repeats, from input as JSON text. */
export interface Witness {
  evaluateText(entrypoint: string, text: ArrayBuffer, timeNs: number): Evaluated;
}

export interface BothOptions {
  readonly plan: PolicyEngine;
  readonly witness: Witness;
  /** 0 = none, 1 = every evaluation. */
  readonly sampleRatio: number;
  /** 0 <= x < 1 */
  readonly random: () => number;
  /** Runs a task after the work at hand. */
  readonly defer: (task: () => void) => void;
  readonly log: Logger;
}

/** What the plan answered: a result set, or the failure it ended with. */
type Outcome = { readonly resultSet: unknown } | { readonly failure: PolicyFailure };

interface Sample {
  readonly entrypoint: string;
  readonly text: ArrayBuffer;
  readonly timeNs: number;
  readonly outcome: Outcome;
}

export class BothEngine implements PolicyEngine {
  readonly revision: string;
  readonly answeredBy = "plan";
  readonly entrypoints: readonly string[];
  readonly #options: BothOptions;
  readonly #waiting: Sample[] = [];
  readonly #counts: Record<Comparison, number> = { same: 0, different: 0, skipped: 0, dropped: 0 };

  constructor(options: BothOptions) {
    this.#options = options;
    this.revision = options.plan.revision;
    this.entrypoints = options.plan.entrypoints;
  }

  get comparisons(): Readonly<Record<Comparison, number>> {
    return this.#counts;
  }

  /** @throws {PolicyFailure} as the plan's engine does. */
  evaluate(entrypoint: string, input: object, timeNs: number): Evaluated {
    const { plan, sampleRatio, random } = this.#options;
    if (random() >= sampleRatio) return plan.evaluate(entrypoint, input, timeNs);
    try {
      const evaluated = plan.evaluate(entrypoint, input, timeNs);
      this.#sample(entrypoint, input, timeNs, { resultSet: evaluated.resultSet });
      return evaluated;
    } catch (thrown) {
      if (thrown instanceof PolicyFailure) {
        this.#sample(entrypoint, input, timeNs, { failure: thrown });
      }
      throw thrown;
    }
  }

  #sample(entrypoint: string, input: object, timeNs: number, outcome: Outcome): void {
    if ("failure" in outcome && outcome.failure.kind !== "conflict") {
      this.#counts.skipped++; // budgets and bounds are each engine's own
      return;
    }
    if (this.#waiting.length >= WAITING_MAX) {
      this.#counts.dropped++;
      return;
    }
    try {
      this.#waiting.push({ entrypoint, text: encodeInput(input), timeNs, outcome });
    } catch {
      this.#counts.skipped++;
      return;
    }
    if (this.#waiting.length === 1) this.#options.defer(this.#compareNext);
  }

  /** One at a time, so that Checks come between. */
  readonly #compareNext = (): void => {
    const sample = this.#waiting.shift();
    if (sample === undefined) return;
    if (this.#waiting.length > 0) this.#options.defer(this.#compareNext);
    const comparison = compare(sample, this.#options.witness);
    const count = ++this.#counts[comparison];
    // A policy that always differs is told of less and less often.
    if (comparison !== "different" || (count & (count - 1)) !== 0) return;
    this.#options.log.error("the engines disagree; the plan's answer was given", {
      policy_revision: this.revision,
      entrypoint: sample.entrypoint,
      input_sha256: hash("sha256", new Uint8Array(sample.text), "hex"),
      count,
    });
  };
}

function compare(sample: Sample, witness: Witness): Comparison {
  const { entrypoint, text, timeNs, outcome } = sample;
  try {
    const { resultSet } = witness.evaluateText(entrypoint, text, timeNs);
    const isSame = "resultSet" in outcome && agree(outcome.resultSet, resultSet);
    if (isSame === undefined) return "skipped";
    return isSame ? "same" : "different";
  } catch (thrown) {
    if (thrown instanceof PolicyFailure && thrown.kind === "memory") return "skipped";
    const isConflict = thrown instanceof PolicyFailure && thrown.kind === "conflict";
    return isConflict && "failure" in outcome ? "same" : "different";
  }
}
