/**
 * How long a decision may be replayed: the shortest of all bounds (SARK contract 15.2).
 *
 * @module
 */
import type { Decision } from "../domain/decision.ts";
import type { Sensitivity } from "../domain/sensitivity.ts";

/** Seconds; critical is never stored. */
const ALLOW_TTL_S: Record<Sensitivity, number> = { low: 1_800, medium: 300, high: 60, critical: 0 };
const NO_TOOL_TTL_S = 300;
const AGENT_TTL_S = 60;
/** Rego that reads the clock answers for a moment; a minute is what SARK tolerates. */
const TIME_READ_TTL_S_MAX = 60;

/** Which row of the TTL table applies. */
export type TtlClass = Sensitivity | "list" | "agent";

export interface ReplayBounds {
  readonly ttlClass: TtlClass;
  /** Unix seconds of the credential's end. */
  readonly expiresAtS: number;
  readonly unixMs: number;
  readonly readTime: boolean;
  readonly ttlSecondsMax: number;
  readonly denyTtlSecondsMax: number;
}

function classTtlS(ttlClass: TtlClass): number {
  if (ttlClass === "list") return NO_TOOL_TTL_S;
  return ttlClass === "agent" ? AGENT_TTL_S : ALLOW_TTL_S[ttlClass];
}

/** Milliseconds; 0 = do not store. Errors, deferrals and refusals by anything but a rule are 0. */
export function replayMs(decision: Decision, bounds: ReplayBounds): number {
  if (decision.effect !== "allow" && decision.effect !== "deny") return 0;
  if (decision.effect === "deny" && decision.reason !== "policy.denied") return 0;

  let ttlS = Math.min(classTtlS(bounds.ttlClass), decision.policyTtlS, bounds.ttlSecondsMax);
  if (decision.effect === "deny") ttlS = Math.min(ttlS, bounds.denyTtlSecondsMax);
  if (bounds.readTime) ttlS = Math.min(ttlS, TIME_READ_TTL_S_MAX);
  const ttlMs = Math.min(ttlS * 1_000, bounds.expiresAtS * 1_000 - bounds.unixMs);
  return Math.max(ttlMs, 0);
}
