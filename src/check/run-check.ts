/**
 * One Check from bytes to bytes: the only file that knows the order of the stages.
 *
 * Never throws and never rejects. Whatever goes wrong, Envoy gets a complete reply and the audit trail
 * gets one record. A Check whose token and decision are both known is answered synchronously.
 *
 * @module
 */
import type { Call, CheckHandler } from "../domain/call.ts";
import type { Decision } from "../domain/decision.ts";
import { DenyError, UnavailableError } from "../domain/errors.ts";
import { STREAM_MS_MAX, STREAM_MS_MIN } from "../domain/limits.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { AuthzRequest, Credential, Echo } from "../domain/request.ts";
import { requireForRoute } from "../identity/route-checks.ts";
import { requireWorkload } from "../identity/workload.ts";
import { type RequestProgress, readRequest } from "../request/read-request.ts";
import { DENY_TABLE } from "../response/reply-tables.ts";
import { completeReply, writeResponse } from "../response/write-response.ts";
import { decodeCheckRequest } from "../wire/check-request.ts";
import { WireError } from "../wire/wire-error.ts";
import type { CheckDeps, CheckState, Outcome } from "./check-state.ts";
import { ALWAYS, answer, decide, outcome } from "./decide.ts";
import { recordOf } from "./record-of.ts";

/** Envoy gives up at its own time-out; a reasoned error has to be there a little earlier. */
const REPLY_MARGIN_MS = 10;
const NIL_AUDIT_ID = "00000000-0000-0000-0000-000000000000";

export function createCheckHandler(deps: CheckDeps): CheckHandler {
  const lastResort = unrecordedReply();
  const gate = { waiting: 0 };
  const giveUp = (thrown: unknown) => {
    deps.onDefect(thrown);
    return lastResort; // the record could not be kept, and no answer leaves unrecorded
  };
  return (bytes, call) => {
    try {
      const reply = runCheck(deps, gate, bytes, call);
      return reply instanceof Promise ? reply.catch(giveUp) : reply;
    } catch (thrown) {
      return giveUp(thrown);
    }
  };
}

function runCheck(
  deps: CheckDeps,
  gate: { waiting: number },
  bytes: Uint8Array,
  call: Call,
): Uint8Array | Promise<Uint8Array> {
  const check = begin(deps, call);
  let result: Outcome;
  try {
    const request = readRequest(
      decodeCheckRequest(bytes, deps.headers),
      deps.rules,
      check.progress,
    );
    check.request = request;
    requireWorkload(deps.workloads, request.route.mtls, request.peerPrincipal);
    if (request.treatment === "public") result = outcome(ALWAYS, "none");
    else {
      if (request.credential === undefined) {
        throw new DenyError("identity.missing", "no credential in the request");
      }
      const known = deps.identity.known(request.credential);
      if (known === undefined) return verifyFirst(deps, gate, check, request.credential);
      result = conclude(deps, check, request, known);
    }
  } catch (thrown) {
    result = refusal(deps, check, thrown);
  }
  return finish(deps, check, result);
}

function begin(deps: CheckDeps, call: Call): CheckState {
  const startedMs = deps.clock.monotonicMs();
  const progress: RequestProgress = {};
  return {
    startedMs,
    unixMs: deps.clock.unixMs(),
    deadlineMonotonicMs: Math.min(
      startedMs + deps.options.checkMs,
      call.deadlineMonotonicMs - REPLY_MARGIN_MS,
    ),
    call,
    policy: deps.policy(),
    registry: deps.registry(),
    progress,
    request: undefined,
    principal: undefined,
    expiresAtS: undefined,
    resource: undefined,
    parametersDigest: undefined,
    bucket: -1,
    evaluationMs: 0,
    isCancelled: false,
  };
}

/** The road of a credential that is seen for the first time. */
async function verifyFirst(
  deps: CheckDeps,
  gate: { waiting: number },
  check: CheckState,
  credential: Credential,
): Promise<Uint8Array> {
  let result: Outcome;
  gate.waiting++;
  try {
    if (gate.waiting > deps.options.checksInFlightMax) {
      throw new UnavailableError("engine.overloaded", "too many Checks wait for verification");
    }
    check.call.onCancel(() => {
      check.isCancelled = true;
    });
    const verified = await deps.identity.verify(credential, check.deadlineMonotonicMs);
    result = conclude(deps, check, check.request as AuthzRequest, verified);
  } catch (thrown) {
    result = refusal(deps, check, thrown);
  } finally {
    gate.waiting--;
  }
  return finish(deps, check, result);
}

/** The second half, once the caller is known. Synchronous: a policy evaluation does no I/O. */
function conclude(
  deps: CheckDeps,
  check: CheckState,
  request: AuthzRequest,
  verified: VerifiedCredential,
): Outcome {
  if (check.isCancelled || deps.clock.monotonicMs() >= check.deadlineMonotonicMs) {
    throw new UnavailableError("engine.deadline", "the time of this Check is over");
  }
  if (deps.revocation.isRevoked(verified.revocable)) {
    throw new DenyError("identity.revoked", "the credential was taken back");
  }
  check.principal = verified.principal;
  check.expiresAtS = verified.expiresAtS;
  check.bucket = deps.rollout.bucket(verified.principal);
  if (request.route.mode === "migration" && !deps.rollout.enforces(check.bucket)) {
    return outcome({ effect: "deferred", reason: "rollout.deferred" }, "rollout");
  }
  // Behind the rollout: whoever is decided here is refused here, and nobody else is.
  requireForRoute(verified, request.route, request.action, request.resource.tool);
  return decide(deps, check, request, verified);
}

/**
 * What the caller can cause is a refusal, anything else an error. Before anybody is known on a route
 * that Python still serves, a refusal is Python's to give.
 */
function refusal(deps: CheckDeps, check: CheckState, thrown: unknown): Outcome {
  const reason = denyReasonOf(thrown);
  if (reason === undefined) {
    if (thrown instanceof UnavailableError && thrown.reason !== "check.internal") {
      return outcome({ effect: "error", reason: thrown.reason }, "none");
    }
    const decision: Decision = { effect: "error", reason: "check.internal" };
    return { ...outcome(decision, "none"), defect: thrown };
  }
  const isPythons =
    check.progress.route?.mode === "migration" &&
    check.principal === undefined &&
    reason !== "identity.revoked" &&
    !deps.rollout.isComplete;
  if (isPythons) return outcome({ effect: "deferred", reason: "rollout.deferred" }, "rollout");
  const text = DENY_TABLE[reason].text;
  return outcome({ effect: "deny", reason, text, policyTtlS: 0 }, "none");
}

function denyReasonOf(thrown: unknown) {
  if (thrown instanceof DenyError) return thrown.reason;
  return thrown instanceof WireError ? "request.malformed" : undefined;
}

/** Keeps the record, then gives the reply: in this order. */
function finish(deps: CheckDeps, check: CheckState, ended: Outcome): Uint8Array {
  const { decision, reply } =
    ended.reply === undefined
      ? answer(check, ended.decision)
      : { decision: ended.decision, reply: ended.reply };
  const result: Outcome = decision === ended.decision ? ended : { ...ended, decision };
  const ttlS = Math.min(
    Math.floor(result.remainingMs / 1_000),
    deps.options.advertisedTtlSecondsMax,
  );
  const record = recordOf(check, result, reply, {
    auditId: deps.newAuditId(),
    durationMs: deps.clock.monotonicMs() - check.startedMs,
    cacheTtlS: ttlS,
  });
  deps.audit.record(record);
  deps.metrics.observe(record);
  const { echo } = check.progress;
  return completeReply(reply, {
    auditId: record.auditId,
    ttlS,
    rpcId: echo?.rpcId,
    omitsId: echo !== undefined && hasNoId(echo),
    streamMs: reply.decision.effect === "allow" ? streamMs(check) : undefined,
    cache: cacheWord(result),
  });
}

/** How long the answer may go on: never longer than whoever asked for it is let in. */
function streamMs({ expiresAtS, progress, unixMs }: CheckState): number | undefined {
  if (expiresAtS === undefined || progress.route?.mcp.boundStreams !== true) return undefined;
  const remainingMs = Math.floor(expiresAtS * 1_000 - unixMs);
  return Math.min(Math.max(remainingMs, STREAM_MS_MIN), STREAM_MS_MAX);
}

/** Modern JSON-RPC knows no `null` id; older revisions answer with it what they could not read. */
function hasNoId(echo: Echo): boolean {
  return echo.isNotification || (echo.isModern === true && echo.rpcId === undefined);
}

function cacheWord(result: Outcome): "hit" | "miss" | "bypass" {
  if (result.source === "cache") return "hit";
  return result.source === "policy" ? "miss" : "bypass";
}

function unrecordedReply(): Uint8Array {
  const reply = writeResponse(
    { effect: "error", reason: "check.internal" },
    {
      route: undefined,
      echo: undefined,
      principal: undefined,
      action: undefined,
      toolName: undefined,
      filteredParameters: undefined,
      removedPointers: [],
      policyRevision: "",
      bucket: -1,
      evaluatedAt: "",
    },
  );
  return completeReply(reply, {
    auditId: NIL_AUDIT_ID,
    ttlS: 0,
    rpcId: undefined,
    cache: "bypass",
  });
}
