/**
 * What is known of one Check when it ends. Audit, metrics and logs read this and nothing else.
 *
 * @module
 */
import type { Decision } from "./decision.ts";
import type { Principal } from "./principal.ts";
import type { Reason } from "./reasons.ts";
import type { Resource } from "./registry.ts";
import type { AuthzRequest } from "./request.ts";
import type { Route } from "./route.ts";

export const SOURCES = ["cache", "policy", "rollout", "none"] as const;
/** Where the decision came from. */
export type Source = (typeof SOURCES)[number];

export interface CheckRecord {
  /** UUID v4: `audit_id`, `decision_id` and header `x-sark-audit-id` are this one id. */
  readonly auditId: string;
  readonly unixMs: number;
  readonly durationMs: number;
  /** Policy evaluation alone; 0 when none ran. */
  readonly evaluationMs: number;
  readonly effect: Decision["effect"];
  readonly reason: Reason;
  /** The sentence for people; policy text or the fixed sentence of the reason. */
  readonly text: string;
  /** Status the caller sees; 0 when the request goes on. */
  readonly httpStatus: number;
  readonly source: Source;
  /** Seconds the answer may still be replayed, as told to the caller. */
  readonly cacheTtlS: number;
  readonly policyRevision: string;
  /** The engine of the policy that was active; undefined without one. */
  readonly policyEngine: "plan" | "wasm" | undefined;
  readonly dataRevision: string;
  /** 0-99, or -1 when the principal is unknown. */
  readonly bucket: number;
  readonly isCancelled: boolean;
  /** Whatever was known before the Check ended. */
  readonly route: Route | undefined;
  readonly request: AuthzRequest | undefined;
  readonly principal: Principal | undefined;
  readonly resource: Resource | undefined;
  /** SHA-256 of the raw parameter bytes in hex; undefined when no decision was looked up. */
  readonly parametersDigest: string | undefined;
  /** Set when a defect was caught; never shown to callers. */
  readonly defect: unknown;
}
