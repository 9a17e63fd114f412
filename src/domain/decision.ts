/**
 * What was decided, before it is given any form.
 *
 * @module
 */
import type { JsonObject } from "./json.ts";
import type { DenyReason, ErrorReason } from "./reasons.ts";

export interface Restrictions {
  readonly rate_limited?: boolean;
  readonly monitoring_required?: boolean;
  readonly encryption_required?: boolean;
}

export type Decision =
  | {
      readonly effect: "allow";
      readonly reason: "allowed" | "allowed.always";
      /** Fixed sentence of the policy, for documents and the record. */
      readonly text: string;
      /** Upper bound set by policy in seconds; Infinity when it set none. */
      readonly policyTtlS: number;
      readonly restrictions: Restrictions | undefined;
    }
  | {
      readonly effect: "deny";
      readonly reason: DenyReason;
      readonly text: string;
      readonly policyTtlS: number;
    }
  | { readonly effect: "deferred"; readonly reason: "rollout.deferred" }
  | { readonly effect: "error"; readonly reason: ErrorReason };

/** `filtered_parameters` of an allowed call and the positions that were removed. */
export interface FilteredParameters {
  readonly remaining: JsonObject;
  /** JSON Pointers (RFC 6901) in document order. */
  readonly removed: readonly string[];
}

/** A refusal by anything but a policy rule; never stored. */
export function deny(reason: DenyReason, text: string): Extract<Decision, { effect: "deny" }> {
  return { effect: "deny", reason, text, policyTtlS: 0 };
}
