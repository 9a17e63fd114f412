/**
 * What one evaluation may cost. Every loop, call and value is charged before it is done, so that no
 * policy and no input can hold the process; a breach ends the evaluation and is never a decision.
 *
 * @module
 */
export interface BudgetLimits {
  /** Statements executed, elements visited, characters compared: about 20 to 50 ns each. */
  readonly stepsMax: number;
  /** Arrays, objects and sets made, and elements put into them. */
  readonly valuesMax: number;
  /** Bytes (UTF-16 units for text) of strings, keys and numbers made. */
  readonly bytesMax: number;
  /** Nesting of values that are compared, walked, keyed or written. */
  readonly depthMax: number;
}

export type BudgetKind = "steps" | "values" | "bytes" | "depth";

export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
  readonly kind: BudgetKind;

  constructor(kind: BudgetKind) {
    super(`evaluation stopped: budget of ${kind} spent`);
    this.kind = kind;
  }
}

export const DEFAULT_LIMITS: BudgetLimits = {
  stepsMax: 100_000,
  valuesMax: 20_000,
  bytesMax: 4 * 1_048_576,
  depthMax: 256,
};

export class Budget {
  /** What is left; generated code counts this one down itself. */
  steps: number;
  #values: number;
  #bytes: number;
  readonly #limits: BudgetLimits;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.steps = limits.stepsMax;
    this.#values = limits.valuesMax;
    this.#bytes = limits.bytesMax;
  }

  /** Full again, for the next evaluation. */
  reset(): void {
    this.steps = this.#limits.stepsMax;
    this.#values = this.#limits.valuesMax;
    this.#bytes = this.#limits.bytesMax;
  }

  /** @throws {BudgetExceeded} */
  spend(steps: number): void {
    this.steps -= steps;
    if (!(this.steps >= 0)) this.stop("steps");
  }

  /** Before `count` values or elements are made. @throws {BudgetExceeded} */
  create(count: number): void {
    this.#values -= count;
    if (!(this.#values >= 0)) this.stop("values");
  }

  /** Before text or bytes are made. @throws {BudgetExceeded} */
  allocate(bytes: number): void {
    this.#bytes -= bytes;
    if (!(this.#bytes >= 0)) this.stop("bytes");
  }

  /** `depth` of a value that is looked into, from 0. @throws {BudgetExceeded} */
  descend(depth: number): void {
    if (depth > this.#limits.depthMax) this.stop("depth");
  }

  stop(kind: BudgetKind): never {
    throw new BudgetExceeded(kind);
  }
}
