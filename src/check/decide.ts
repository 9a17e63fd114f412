/**
 * The decision itself, once request and caller are known: resource, pre-checks, cache, policy. Order
 * inside the second half of a Check; `run-check.ts` holds the first.
 *
 * @module
 */
import { decisionKey, digestOf } from "../cache/decision-key.ts";
import { replayMs, type TtlClass } from "../cache/replay-time.ts";
import { type Decision, deny, type FilteredParameters } from "../domain/decision.ts";
import { DenyError, UnavailableError } from "../domain/errors.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { Source } from "../domain/record.ts";
import type { Resource } from "../domain/registry.ts";
import type { AuthzRequest } from "../domain/request.ts";
import { higher } from "../domain/sensitivity.ts";
import { filterParameters, isFiltered } from "../policy/filter-parameters.ts";
import { interpret } from "../policy/interpret.ts";
import { PolicyFailure } from "../policy/policy-failure.ts";
import { policyInput } from "../policy/policy-input.ts";
import { requireParameterHeaders } from "../request/mcp-parameter-headers.ts";
import { fill } from "../response/body-template.ts";
import { type StoredReply, writeResponse } from "../response/write-response.ts";
import { neededCapabilities, refuseAgentMessage } from "./agent-checks.ts";
import type { CheckDeps, CheckState, Outcome } from "./check-state.ts";
import type { ActivePolicy } from "./ports.ts";
import { ask, keyParts, type Question } from "./question.ts";

const TOOL_INVOKE = "gateway:tool:invoke";
const NS_PER_MS = 1_000_000;
/** Types whose sensitivity is one of the thing itself, or of the server it lies on. */
const RATED: ReadonlySet<Resource["type"]> = new Set(["http", "resource", "prompt", "task"]);

/** An ending without a stored reply. */
export function outcome(decision: Decision, source: Source): Outcome {
  return { decision, source, reply: undefined, remainingMs: 0, defect: undefined };
}

export function decide(
  deps: CheckDeps,
  check: CheckState,
  request: AuthzRequest,
  verified: VerifiedCredential,
): Outcome {
  const question = ask(deps, check, request, verified);
  const refused = refuseBeforePolicy(question);
  if (refused !== undefined) return outcome(refused, "none");
  if (request.treatment === "always") return outcome(ALWAYS, "none");

  const policy = check.policy;
  if (policy === undefined) throw new UnavailableError("engine.unavailable", "no policy is active");
  const key = decisionKey(keyParts(check, question, policy));
  const stored = request.isCacheable ? fromCache(deps, check, key) : undefined;
  const ended = stored ?? evaluate(deps, check, question, policy, key);
  // Kept answers know nothing of these headers. A caller who is denied learns nothing of the tool here.
  if (ended.decision.effect === "allow") {
    requireParameterHeaders(request, question.resource.parameterHeaders);
  }
  return ended;
}

/** An allow is only replayed while it is younger than the last word on revocations permits. */
function fromCache(deps: CheckDeps, check: CheckState, key: string): Outcome | undefined {
  const hit = deps.cache.get(key);
  if (hit === undefined) return undefined;
  const { decision, reply, parametersDigest } = hit.value;
  let { remainingMs } = hit;
  if (decision.effect === "allow") {
    remainingMs = Math.min(remainingMs, deps.revocation.allowAgeMsMax() - hit.ageMs);
    if (!(remainingMs > 0)) return undefined;
  }
  check.parametersDigest = parametersDigest;
  return { decision, source: "cache", reply, remainingMs, defect: undefined };
}

/** Answer to what needs no rule: every authenticated caller of the route may do it, or everybody. */
export const ALWAYS: Decision = {
  effect: "allow",
  reason: "allowed.always",
  text: "Allowed for every caller of this route",
  policyTtlS: 0,
  restrictions: undefined,
};

function refuseBeforePolicy(question: Question): Decision | undefined {
  const { request, targetAgent } = question;
  const { principal } = question.verified;
  if (request.claimedUserId !== undefined && request.claimedUserId !== principal.id) {
    return deny("identity.mismatch", "Claimed user does not match credential");
  }
  if (request.agentMessage === undefined || targetAgent === undefined) return undefined;
  return refuseAgentMessage({
    message: request.agentMessage,
    principal,
    target: targetAgent,
    delegationDepth: question.delegationDepth,
    a2a: request.a2a,
    settings: request.route.a2a,
  });
}

function evaluate(
  deps: CheckDeps,
  check: CheckState,
  question: Question,
  policy: ActivePolicy,
  key: string,
): Outcome {
  const startedMs = deps.clock.monotonicMs();
  const { decision: ruled, readTime } = rule(check, question, policy);
  check.evaluationMs = deps.clock.monotonicMs() - startedMs;

  const filtered = withFilter(question, ruled);
  const { decision, reply } = answer(check, filtered.decision, filtered.filtered);
  const ttlMs = replayMs(decision, {
    ttlClass: ttlClassOf(question),
    expiresAtS: question.verified.expiresAtS,
    unixMs: check.unixMs,
    readTime,
    ttlSecondsMax: deps.options.ttlSecondsMax,
    denyTtlSecondsMax: deps.options.denyTtlSecondsMax,
  });
  const parametersDigest = digestOf(question.request.parameters.bytes);
  check.parametersDigest = parametersDigest;
  if (!question.request.isCacheable) return { ...outcome(decision, "policy"), reply };
  deps.cache.set(key, { decision, reply, parametersDigest }, ttlMs, bytesOf(reply));
  return { decision, source: "policy", reply, remainingMs: ttlMs, defect: undefined };
}

/** Every resource is asked for, with every capability; the first that is not allowed decides. */
function rule(
  check: CheckState,
  question: Question,
  policy: ActivePolicy,
): { readonly decision: Decision; readonly readTime: boolean } {
  let first: Decision | undefined;
  let readTime = false;
  let policyTtlS = Number.POSITIVE_INFINITY;
  for (const [resource, request] of evaluationsOf(question)) {
    const evaluation = runPolicy(check, question, resource, request, policy);
    const decision = interpret(evaluation.resultSet);
    readTime ||= evaluation.readTime;
    if (decision.effect !== "allow") return { decision, readTime };
    policyTtlS = Math.min(policyTtlS, decision.policyTtlS);
    first ??= decision;
  }
  if (first?.effect !== "allow")
    return { decision: deny("policy.undefined", "Access denied"), readTime };
  return { decision: { ...first, policyTtlS }, readTime };
}

/** The request is another one only for a second capability: of an agent that acts for somebody. */
function evaluationsOf(question: Question): readonly (readonly [Resource, AuthzRequest])[] {
  const { request, resources } = question;
  const message = request.agentMessage;
  if (message === undefined) return resources.map((resource) => [resource, request]);
  const { principal } = question.verified;
  return neededCapabilities({ message, principal, a2a: request.a2a }).flatMap((capability) => {
    const asked =
      capability === message.capability
        ? request
        : { ...request, agentMessage: { ...message, capability } };
    return resources.map((resource) => [resource, asked] as const);
  });
}

/** A conflict is an answer of the policy; whatever else the engine throws is a failure of ours. */
function runPolicy(
  check: CheckState,
  question: Question,
  resource: Resource,
  request: AuthzRequest,
  policy: ActivePolicy,
) {
  const input = policyInput({
    request,
    principal: question.verified.principal,
    resource,
    sourceAgent: question.sourceAgent,
    targetAgent: question.targetAgent,
    delegationDepth: question.delegationDepth,
    time: question.time,
    unixMs: check.unixMs,
  });
  try {
    return policy.evaluate(question.entrypoint, input, check.unixMs * NS_PER_MS);
  } catch (thrown) {
    if (!(thrown instanceof PolicyFailure)) throw thrown;
    if (thrown.kind === "conflict") return CONFLICT;
    // The caller's document made the input too large: a refusal, or it could choose the error path.
    if (thrown.kind === "input") throw new DenyError("model.invalid", thrown.message);
    throw new UnavailableError("engine.unavailable", thrown.message, { cause: thrown });
  }
}

/** Two results at once is how `interpret` sees a conflict. */
const CONFLICT = { resultSet: [{}, {}], readTime: false };

/** SARK returns what remains of the parameters; a guard can not rewrite a body, so it refuses. */
function withFilter(
  question: Question,
  decision: Decision,
): { readonly decision: Decision; readonly filtered: FilteredParameters | undefined } {
  const { request, resource } = question;
  if (decision.effect !== "allow" || request.action !== TOOL_INVOKE) {
    return { decision, filtered: undefined };
  }
  const { principal } = question.verified;
  if (!request.parametersKnown) {
    // What can not be looked through may hold what would be taken away.
    return isFiltered(resource, principal)
      ? { decision: deny("policy.parameters", "Access denied"), filtered: undefined }
      : { decision, filtered: undefined };
  }
  const filtered = filterParameters(request.parameters.value(), resource, principal);
  if (request.route.surface === "sark" || filtered.removed.length === 0) {
    return { decision, filtered };
  }
  if (request.route.paramFilter === "upstream") return { decision, filtered };
  return { decision: deny("policy.parameters", "Access denied"), filtered: undefined };
}

/** What has a level of its own is kept as long as the highest level of all it touches allows. */
function ttlClassOf({ request, resources }: Question): TtlClass {
  if (request.agentMessage !== undefined) return "agent";
  const rated = resources.filter((one) => one.tool !== null || RATED.has(one.type));
  const [first, ...others] = rated;
  if (first === undefined) {
    return request.action === TOOL_INVOKE ? (resources[0]?.sensitivity ?? "critical") : "list";
  }
  return others.reduce((level, one) => higher(level, one.sensitivity), first.sensitivity);
}

/**
 * The reply to a decision, and the decision it really tells: one that does not fit the bounds of a reply
 * becomes another, which is then the one to record. On an `observe` route the caller always goes on, and
 * only the record knows the decision.
 */
export function answer(
  check: CheckState,
  decision: Decision,
  filtered?: FilteredParameters,
): { readonly decision: Decision; readonly reply: StoredReply } {
  const { route, echo } = check.progress;
  const given: Decision =
    route?.mode === "observe" ? { effect: "deferred", reason: "rollout.deferred" } : decision;
  const reply = writeResponse(given, {
    route,
    echo,
    principal: check.principal,
    action: check.request?.action,
    toolName: check.request?.resource.tool ?? undefined,
    filteredParameters: filtered?.remaining,
    removedPointers: route?.paramFilter === "upstream" ? (filtered?.removed ?? []) : [],
    policyRevision: check.policy?.revision ?? "",
    bucket: check.bucket,
    evaluatedAt: new Date(check.unixMs).toISOString(),
  });
  return { decision: reply.decision === given ? decision : reply.decision, reply };
}

function bytesOf(reply: StoredReply): number {
  if (reply.body === undefined) return reply.fixed.length;
  return (
    reply.fixed.length + fill(reply.body, { rpcId: "", idMember: "", auditId: "", ttlS: 0 }).length
  );
}
