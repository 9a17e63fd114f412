/**
 * Decision → CheckResponse: the only place that builds replies. It never throws, never builds an empty
 * reply, and turns a defect of its own into an error reply.
 *
 * A reply has a fixed part, shared by every Check with the same decision, and a part per Check that is
 * appended: protobuf merges repeated message fields, Envoy included (tried: headers of a second
 * `denied_response` are added, its body wins).
 *
 * @module
 */
import { type Decision, deny } from "../domain/decision.ts";
import { DECISION_BODY_BYTES_MAX, DELEGATION_DEPTH_MAX } from "../domain/limits.ts";
import type { DenyReason } from "../domain/reasons.ts";
import {
  appendCheckResponse,
  encodeCheckResponse,
  type HeaderPair,
} from "../wire/check-response.ts";
import { fill } from "./body-template.ts";
import { challenge } from "./challenge.ts";
import { decisionDocument } from "./documents.ts";
import {
  CREDENTIAL_HEADERS,
  fitsBounds,
  isSendable,
  percentEncoded,
  TRUSTED_HEADERS,
} from "./headers.ts";
import {
  bodyFor,
  local,
  metadataOf,
  type ReplyFacts,
  type StoredReply,
  sizeBytes,
} from "./local-reply.ts";
import { GRPC, type Row } from "./reply-rows.ts";
import { DENY_TABLE, ERROR_TABLE } from "./reply-tables.ts";

export type { ReplyFacts, StoredReply } from "./local-reply.ts";

export interface PerCheck {
  readonly auditId: string;
  /** Seconds the caller may keep the answer. */
  readonly ttlS: number;
  /** JSON text, or undefined for `null`. */
  readonly rpcId: string | undefined;
  /** No id at all: to a notification, and where a modern request had none that could be read. */
  readonly omitsId?: boolean;
  /** Milliseconds after which Envoy ends the upstream's answer; undefined = as its route says. */
  readonly streamMs?: number | undefined;
  readonly cache: "hit" | "miss" | "bypass";
}

/** Of `x-sark-remove-parameters`, percent-encoded. */
const POINTERS_BYTES_MAX = 4_096;

/** Read by Envoy's router and taken off there; the one name of Envoy's own that is ever set. */
const UPSTREAM_TIMEOUT = "x-envoy-upstream-rq-timeout-ms";

/** Seconds. */
const RETRY_SOON: HeaderPair = ["retry-after", "1"];

/** Refusals that SARK's endpoints give as a decision document with status 200. */
const DECIDED = new Set<DenyReason>([
  "policy.denied",
  "policy.undefined",
  "policy.conflict",
  "policy.result_invalid",
  "policy.parameters",
  "a2a.task_not_visible",
  "mcp.task_not_visible",
  "identity.mismatch",
  "a2a.source_mismatch",
  "a2a.target_environment",
  "a2a.untrusted_environment",
  "a2a.capability",
  "a2a.delegation_depth",
  "guardrail.injection",
  "guardrail.secret",
]);

/** The fixed part of a reply; total: whatever can not be built becomes an internal error. */
export function writeResponse(decision: Decision, facts: ReplyFacts): StoredReply {
  switch (decision.effect) {
    case "allow":
      if (facts.route?.surface === "sark") return decide(decision, facts);
      return pass(decision, facts);
    case "deferred":
      return pass(decision, facts);
    case "deny":
      if (facts.route?.surface === "sark" && DECIDED.has(decision.reason)) {
        return decide(decision, facts);
      }
      return refuse(decision, facts);
    case "error":
      return fail(decision, facts);
  }
}

/** Joins the fixed part with what belongs to this Check alone: one allocation for an allow. */
export function completeReply(reply: StoredReply, check: PerCheck): Uint8Array {
  const headers: HeaderPair[] = [["x-sark-audit-id", check.auditId]];
  const metadata = [
    ["decision_id", check.auditId],
    ["cache", check.cache],
    ["cache_ttl", check.ttlS],
  ] as const;
  if (reply.body === undefined) {
    if (check.streamMs !== undefined) headers.push([UPSTREAM_TIMEOUT, String(check.streamMs)]);
    return appendCheckResponse(reply.fixed, { ok: { headers }, metadata });
  }
  const rpcId = check.rpcId ?? "null";
  const body = fill(reply.body, {
    rpcId,
    idMember: check.omitsId === true ? "" : `"id":${rpcId},`,
    auditId: check.auditId,
    ttlS: check.ttlS,
  });
  const part = { headers, body };
  return appendCheckResponse(
    reply.fixed,
    reply.member === "error" ? { error: part, metadata } : { denied: part, metadata },
  );
}

function pass(
  decision: Extract<Decision, { effect: "allow" | "deferred" }>,
  facts: ReplyFacts,
): StoredReply {
  const isAllowed = decision.effect === "allow";
  const set: HeaderPair[] = [["x-sark-authz", isAllowed ? "enforced" : "deferred"]];
  if (isAllowed && facts.principal !== undefined) {
    set.push(["x-sark-user-id", percentEncoded(facts.principal.id)]);
    if (facts.toolName !== undefined) {
      set.push(["x-sark-tool-name", percentEncoded(facts.toolName)]);
    }
    const pointers = percentEncoded(facts.removedPointers.join(","));
    // The caller chose these names: too many of them are a refusal, never an error.
    if (pointers.length > POINTERS_BYTES_MAX) {
      return refuse(deny("policy.parameters", DENY_TABLE["policy.parameters"].text), facts);
    }
    if (pointers !== "") set.push(["x-sark-remove-parameters", pointers]);
  }
  const names = new Set<string>(set.map(([name]) => name));
  // Set with every Check, hence never in the list of removals (a name in both is removed).
  names.add("x-sark-audit-id");
  const headersToRemove: string[] = TRUSTED_HEADERS.filter((name) => !names.has(name));
  if (facts.route?.stripAuthorization === true) headersToRemove.push(...CREDENTIAL_HEADERS);

  if (!set.every(([name, value]) => isSendable(name, value)) || !fitsBounds(set, headersToRemove)) {
    return fail({ effect: "error", reason: "check.internal" }, facts);
  }
  return {
    decision,
    fixed: encodeCheckResponse({
      status: GRPC.ok,
      ok: { headers: set, headersToRemove },
      metadata: metadataOf(decision.effect, decision.reason, facts),
    }),
    member: "ok",
    httpStatus: 0,
    body: undefined,
  };
}

function decide(
  decision: Extract<Decision, { effect: "allow" | "deny" }>,
  facts: ReplyFacts,
): StoredReply {
  const isAgent = facts.route?.endpoint === "authorize-a2a";
  const publicReason =
    decision.effect === "deny" ? DENY_TABLE[decision.reason].publicReason : decision.reason;
  const body = decisionDocument({
    allow: decision.effect === "allow",
    text: decision.text,
    publicReason,
    filteredParameters: (decision.effect === "allow" && facts.filteredParameters) || null,
    policyRevision: facts.policyRevision,
    evaluatedAt: facts.evaluatedAt,
    delegationDepthMax: isAgent ? DELEGATION_DEPTH_MAX : undefined,
  });
  if (sizeBytes(body) > DECISION_BODY_BYTES_MAX) {
    return refuse(deny("model.invalid", DENY_TABLE["model.invalid"].text), facts);
  }
  return local("denied", GRPC.permissionDenied, 200, [], body, { word: "decide", decision, facts });
}

function refuse(decision: Extract<Decision, { effect: "deny" }>, facts: ReplyFacts): StoredReply {
  const { reason } = decision;
  const row: Row = DENY_TABLE[reason];
  const httpStatus = statusOf(reason, row, facts);
  const headers: HeaderPair[] = [];
  const { route, action, toolName: tool } = facts;
  const authenticate = challenge(reason, httpStatus, { route, action, tool });
  if (authenticate !== undefined) headers.push(["www-authenticate", authenticate]);
  if (reason === "mcp.http_method") headers.push(["allow", "POST"]);
  if (reason === "rate.limited") headers.push(RETRY_SOON);
  return local("denied", row.grpc, httpStatus, headers, bodyFor(row, httpStatus, facts), {
    word: "deny",
    decision,
    facts,
  });
}

function fail(decision: Extract<Decision, { effect: "error" }>, facts: ReplyFacts): StoredReply {
  const { reason } = decision;
  const row: Row = ERROR_TABLE[reason];
  const isSark = facts.route?.surface === "sark";
  const httpStatus = reason === "engine.deadline" && isSark ? 504 : row.http;
  const headers: HeaderPair[] = httpStatus === 503 ? [RETRY_SOON] : [];
  return local("error", row.grpc, httpStatus, headers, bodyFor(row, httpStatus, facts), {
    word: "error",
    decision,
    facts,
  });
}

function statusOf(reason: DenyReason, row: Row, facts: ReplyFacts): number {
  const isLegacyMcp = facts.route?.surface === "mcp" && facts.echo?.isModern !== true;
  return row.http === 404 && isLegacyMcp && reason !== "a2a.task_not_visible" ? 400 : row.http;
}
