/**
 * How verifications ended, for metrics. A token that is known from before is counted by its cache.
 *
 * @module
 */
import { DenyError, UnavailableError } from "../domain/errors.ts";

export class TokenChecks {
  readonly #counts = new Map<string, number>();

  /** Counts the end of one verification; the result is not handled here. */
  watch(verification: Promise<unknown>): void {
    verification.then(
      () => this.#count("accepted"),
      (error: unknown) => this.#count(resultOf(error)),
    );
  }

  /** By `accepted`, the reason without its family, or `defect`. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  #count(result: string): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }
}

function resultOf(error: unknown): string {
  if (!(error instanceof DenyError || error instanceof UnavailableError)) return "defect";
  return error.reason.slice(error.reason.indexOf(".") + 1);
}
