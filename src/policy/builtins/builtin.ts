/**
 * What a builtin function is. Both engines call the same ones.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import type { Value } from "../plan/values/value.ts";

/** What an evaluation lends to the builtins it calls. */
export interface BuiltinContext {
  /** Charge it before the work: a builtin's cost grows with its arguments. */
  readonly budget: Budget;
  /** Constant within one evaluation; reading it marks the evaluation as depending on time. */
  nowNs(): Value;
  /**
   * How a builtin ends where OPA's gives an error: the call is undefined. The text is OPA's, without the
   * name of the builtin, and only told by explanations.
   */
  fail(message: string): undefined;
}

/**
 * Arguments are never changed, and results never share anything that could be. Undefined means undefined:
 * an OPA builtin that reports an error is undefined as well, since errors are not strict.
 */
export type BuiltinFunction = (
  context: BuiltinContext,
  ...args: readonly Value[]
) => Value | undefined;

/** By OPA's name (`io.jwt.decode`), one table per file. */
export type BuiltinTable = Readonly<Record<string, BuiltinFunction>>;
