/**
 * What code that was generated for explaining tells while it runs.
 *
 * @module
 */
import type { Value } from "./values/value.ts";

export interface ExplainHooks {
  /** A function begins, by its number in the plan; arguments without input and data. */
  entered(index: number, args: readonly (Value | undefined)[]): void;
  /** It has come to its result. */
  left(value: Value | undefined): void;
  /** A statement with a position is about to run. */
  reached(place: number): void;
  /** A statement is undefined, so its block ends. */
  failed(place: number): void;
  /** A rule that makes a set or an object put something into it; `value` of an object's member. */
  put(place: number, key: Value, value?: Value): void;
  /** A member was looked up. */
  read(source: Value | undefined, key: Value, value: Value | undefined): void;
}

/** Hands what the code tells to whoever explains the evaluation at hand. */
export class Listener implements ExplainHooks {
  hooks: ExplainHooks | undefined;

  entered(index: number, args: readonly (Value | undefined)[]): void {
    this.hooks?.entered(index, args);
  }

  left(value: Value | undefined): void {
    this.hooks?.left(value);
  }

  reached(place: number): void {
    this.hooks?.reached(place);
  }

  failed(place: number): void {
    this.hooks?.failed(place);
  }

  put(place: number, key: Value, value?: Value): void {
    this.hooks?.put(place, key, value);
  }

  read(source: Value | undefined, key: Value, value: Value | undefined): void {
    this.hooks?.read(source, key, value);
  }
}
