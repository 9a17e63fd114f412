/**
 * Ids of tasks, contexts, tenants and push notification configs: handles that agents give out. They are
 * compared exactly and prove nothing about who holds them.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { DenyReason } from "../domain/reasons.ts";
import { requireNoNul } from "./identifier.ts";

/** Visible ASCII without `/`, which a REST path would split at. */
const ID = /^[!-.0-~]{1,256}$/;

/** @throws {DenyError} `rpc.params_invalid`, `json.lone_surrogate` */
export function requireA2aId(text: string): string {
  requireNoNul(text);
  if (!ID.test(text)) throw paramsInvalid("an id is not 1-256 visible characters");
  return text;
}

/**
 * The one value that all places agree on, of those that have one.
 *
 * @throws {DenyError} `reason`
 */
export function agreed(
  values: readonly (string | undefined)[],
  reason: DenyReason,
): string | undefined {
  let first: string | undefined;
  for (const value of values) {
    first ??= value;
    if (value !== undefined && value !== first) {
      throw new DenyError(reason, "two parts of the request differ");
    }
  }
  return first;
}

export function paramsInvalid(message: string): DenyError {
  return new DenyError("rpc.params_invalid", message);
}
