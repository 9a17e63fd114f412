/**
 * The decision itself, once request and caller are known: resource, pre-checks, cache, policy. Order
 * inside the second half of a Check; `run-check.ts` holds the first.
 *
 * @module
 */
import { type DecisionKeyParts, decisionKey, digestOf } from "../cache/decision-key.ts";
import { replayMs, type TtlClass } from "../cache/replay-time.ts";
import { type Decision, deny, type FilteredParameters } from "../domain/decision.ts";
import { DenyError, UnavailableError } from "../domain/errors.ts";
import type { VerifiedToken } from "../domain/principal.ts";
import type { Source } from "../domain/record.ts";
import type { RegistryAgent, Resource } from "../domain/registry.ts";
import type { AuthzRequest } from "../domain/request.ts";
import { filterParameters } from "../policy/filter-parameters.ts";
import { type HostTime, hostTime } from "../policy/host-time.ts";
import { interpret } from "../policy/interpret.ts";
import { PolicyFailure } from "../policy/policy-failure.ts";
import { policyInput } from "../policy/policy-input.ts";
import { fill } from "../response/body-template.ts";
import { type StoredReply, writeResponse } from "../response/write-response.ts";
import { refuseAgentMessage } from "./agent-checks.ts";
import type { CheckDeps, CheckState, Outcome } from "./check-state.ts";
import type { ActivePolicy } from "./ports.ts";

const TOOL_INVOKE = "gateway:tool:invoke";
const NS_PER_MS = 1_000_000;

/** An ending without a stored reply. */
export function outcome(decision: Decision, source: Source): Outcome {
  return { decision, source, reply: undefined, remainingMs: 0, defect: undefined };
}

/** Everything a decision reads, gathered once. */
interface Question {
  readonly request: AuthzRequest;
  readonly verified: VerifiedToken;
  readonly resource: Resource;
  readonly sourceAgent: RegistryAgent | undefined;
  readonly targetAgent: RegistryAgent | undefined;
  readonly delegationDepth: number;
  readonly time: HostTime;
  readonly entrypoint: string;
}

export function decide(
  deps: CheckDeps,
  check: CheckState,
  request: AuthzRequest,
  verified: VerifiedToken,
): Outcome {
  const question = ask(deps, check, request, verified);
  const refused = refuseBeforePolicy(question);
  if (refused !== undefined) return outcome(refused, "none");
  if (request.treatment === "always") return outcome(ALWAYS, "none");

  const policy = check.policy;
  if (policy === undefined) throw new UnavailableError("engine.unavailable", "no policy is active");
  const key = decisionKey(keyParts(check, question, policy));
  const hit = deps.cache.get(key);
  if (hit !== undefined) {
    const { decision, reply, parametersDigest } = hit.value;
    check.parametersDigest = parametersDigest;
    return { decision, source: "cache", reply, remainingMs: hit.remainingMs, defect: undefined };
  }
  return evaluate(deps, check, question, policy, key);
}

const ALWAYS: Decision = {
  effect: "allow",
  reason: "allowed.always",
  text: "Allowed for every authenticated caller of this route",
  policyTtlS: 0,
  restrictions: undefined,
};

function ask(
  deps: CheckDeps,
  check: CheckState,
  request: AuthzRequest,
  verified: VerifiedToken,
): Question {
  const { registry } = check;
  const message = request.agentMessage;
  const access = request.action === "http:read" ? "read" : "write";
  const resource = registry.resolve(
    request.resource,
    request.resource.type === "http" ? access : undefined,
  );
  check.resource = resource;
  return {
    request,
    verified,
    resource,
    sourceAgent: message === undefined ? undefined : registry.agent(message.sourceAgentId),
    targetAgent: message === undefined ? undefined : registry.agent(message.targetAgentId),
    delegationDepth: Math.max(
      verified.principal.delegationDepth,
      message?.claimedDelegationDepth ?? 0,
    ),
    time: hostTime(check.unixMs, deps.options.workHours),
    entrypoint: entrypointOf(deps, request),
  };
}

function entrypointOf(deps: CheckDeps, request: AuthzRequest): string {
  if (request.route.policy !== undefined) return request.route.policy;
  if (request.agentMessage !== undefined) return deps.options.entrypoints.a2a;
  return deps.options.entrypoints[request.route.surface];
}

function refuseBeforePolicy(question: Question): Decision | undefined {
  const { request, targetAgent } = question;
  const { principal } = question.verified;
  if (request.claimedUserId !== undefined && request.claimedUserId !== principal.id) {
    return deny("identity.mismatch", "Claimed user does not match credential");
  }
  if (request.agentMessage === undefined || targetAgent === undefined) return undefined;
  return refuseAgentMessage(request.agentMessage, principal, targetAgent, question.delegationDepth);
}

function keyParts(check: CheckState, question: Question, policy: ActivePolicy): DecisionKeyParts {
  const { request, resource } = question;
  return {
    entrypoint: question.entrypoint,
    policyRevision: policy.revision,
    dataRevision: check.registry.revision,
    routeKey: `${request.route.name}\n${request.route.keyPart}`,
    principalDigest: question.verified.principal.digest,
    action: request.action,
    capability: request.agentMessage?.capability ?? "",
    resourceType: resource.type,
    server: resource.server ?? "",
    tool: resource.tool ?? "",
    sensitivity: resource.sensitivity,
    targetAgent: request.agentMessage?.targetAgentId ?? "",
    targetEnvironment: request.agentMessage?.targetEnvironment ?? "",
    parameters: request.parameters.bytes,
    untrusted: request.untrusted.bytes,
    method: request.method,
    host: request.host,
    path: request.path,
    query: request.query,
    clientIp: request.clientIp,
    delegationDepth: question.delegationDepth,
    mcpMethod: request.mcp?.method ?? "",
    mcpVersion: request.mcp?.protocolVersion ?? "",
    timeSlot: question.time.slot,
  };
}

function evaluate(
  deps: CheckDeps,
  check: CheckState,
  question: Question,
  policy: ActivePolicy,
  key: string,
): Outcome {
  const startedMs = deps.clock.monotonicMs();
  const { resultSet, readTime } = runPolicy(check, question, policy);
  check.evaluationMs = deps.clock.monotonicMs() - startedMs;

  const filtered = withFilter(question, interpret(resultSet));
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
  deps.cache.set(key, { decision, reply, parametersDigest }, ttlMs, bytesOf(reply));
  return { decision, source: "policy", reply, remainingMs: ttlMs, defect: undefined };
}

/** A conflict is an answer of the policy; whatever else the engine throws is a failure of ours. */
function runPolicy(check: CheckState, question: Question, policy: ActivePolicy) {
  const input = policyInput({
    request: question.request,
    principal: question.verified.principal,
    resource: question.resource,
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
  const parameters = request.parameters.value();
  const filtered = filterParameters(parameters, resource, question.verified.principal);
  if (request.route.surface === "sark" || filtered.removed.length === 0) {
    return { decision, filtered };
  }
  if (request.route.paramFilter === "upstream") return { decision, filtered };
  return { decision: deny("policy.parameters", "Access denied"), filtered: undefined };
}

function ttlClassOf(question: Question): TtlClass {
  const { request, resource } = question;
  if (request.agentMessage !== undefined) return "agent";
  const isRated =
    resource.tool !== null || resource.type === "http" || request.action === TOOL_INVOKE;
  return isRated ? resource.sensitivity : "list";
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
  return reply.fixed.length + fill(reply.body, { rpcId: "", auditId: "", ttlS: 0 }).length;
}
