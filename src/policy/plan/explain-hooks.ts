/**
 * What code that was generated for explaining tells while it runs.
 *
 * @module
 */
import type { Value } from "./values/value.ts";

export interface ExplainHooks {
  /** A function has come to its result, by its number in the plan. */
  left(index: number, value: Value | undefined): void;
  /** A statement with a position is about to run. */
  reached(place: number): void;
  /** A statement is undefined, so its block ends. */
  failed(place: number): void;
  /** A member was looked up. */
  read(source: Value | undefined, key: Value, value: Value | undefined): void;
}
