/**
 * What the record says of a Check that ended. Pure.
 *
 * @module
 */
import type { Decision } from "../domain/decision.ts";
import type { Reason } from "../domain/reasons.ts";
import type { CheckRecord } from "../domain/record.ts";
import { ERROR_TABLE } from "../response/reply-tables.ts";
import type { StoredReply } from "../response/write-response.ts";
import type { CheckState, Outcome } from "./check-state.ts";

export interface RecordStamp {
  readonly auditId: string;
  readonly durationMs: number;
  readonly cacheTtlS: number;
}

export function recordOf(
  check: CheckState,
  result: Outcome,
  reply: StoredReply,
  stamp: RecordStamp,
): CheckRecord {
  const { effect, reason, text } = described(check, result.decision);
  return {
    auditId: stamp.auditId,
    unixMs: check.unixMs,
    durationMs: stamp.durationMs,
    evaluationMs: check.evaluationMs,
    effect,
    reason,
    text,
    httpStatus: reply.httpStatus,
    source: result.source,
    cacheTtlS: stamp.cacheTtlS,
    policyRevision: check.policy?.revision ?? "",
    policyEngine: check.policy?.answeredBy,
    dataRevision: check.registry.revision,
    bucket: check.bucket,
    isCancelled: check.isCancelled,
    route: check.progress.route,
    request: check.request,
    principal: check.principal,
    resource: check.resource,
    parametersDigest: check.parametersDigest,
    defect: result.defect,
  };
}

interface Described {
  readonly effect: Decision["effect"];
  readonly reason: Reason;
  readonly text: string;
}

function described(check: CheckState, decision: Decision): Described {
  if (check.progress.route?.mode === "observe" && decision.effect !== "deferred") {
    const isAllowed = decision.effect === "allow";
    return {
      effect: "deferred",
      reason: isAllowed ? "rollout.deferred" : "shadow.would_deny",
      text: isAllowed ? "Would allow" : `Would deny: ${decision.reason}`,
    };
  }
  if (decision.effect === "deferred") {
    return { effect: "deferred", reason: decision.reason, text: "Left to the cold path" };
  }
  const text = decision.effect === "error" ? ERROR_TABLE[decision.reason].text : decision.text;
  return { effect: decision.effect, reason: decision.reason, text };
}
