/**
 * The two errors that are thrown on purpose while a Check runs. Anything else that is thrown is a
 * defect and becomes an error answer.
 *
 * @module
 */
import type { DenyReason, ErrorReason } from "./reasons.ts";

/** A request that must be refused for a known reason. The message never contains a credential. */
export class DenyError extends Error {
  override readonly name = "DenyError";
  readonly reason: DenyReason;

  constructor(reason: DenyReason, message: string, options?: { readonly cause?: unknown }) {
    super(`${reason}: ${message}`, options);
    this.reason = reason;
  }
}

/** The service can not decide for a known reason that the caller did not cause. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  readonly reason: ErrorReason;

  constructor(reason: ErrorReason, message: string, options?: { readonly cause?: unknown }) {
    super(`${reason}: ${message}`, options);
    this.reason = reason;
  }
}

/** Wrong configuration, registry, key file or bundle at start; every problem in one error. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** One line each: where, what is wrong, what to do. Never a value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: { readonly cause?: unknown }) {
    super(problems.join("\n"), options);
    this.problems = problems;
  }
}
