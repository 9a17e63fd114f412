/**
 * Everything one decision reads, gathered once, and the key under which its answer is stored. Pure.
 *
 * @module
 */
import type { DecisionKeyParts } from "../cache/decision-key.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { RegistryAgent, Resource } from "../domain/registry.ts";
import type { AuthzRequest } from "../domain/request.ts";
import { type HostTime, hostTime } from "../policy/host-time.ts";
import type { CheckDeps, CheckState } from "./check-state.ts";
import type { ActivePolicy } from "./ports.ts";

export interface Question {
  readonly request: AuthzRequest;
  readonly verified: VerifiedCredential;
  /** The one that names the request in the record. */
  readonly resource: Resource;
  /** All that must be allowed, the first included. */
  readonly resources: readonly Resource[];
  readonly sourceAgent: RegistryAgent | undefined;
  readonly targetAgent: RegistryAgent | undefined;
  readonly delegationDepth: number;
  readonly time: HostTime;
  readonly entrypoint: string;
}

export function ask(
  deps: CheckDeps,
  check: CheckState,
  request: AuthzRequest,
  verified: VerifiedCredential,
): Question {
  const { registry } = check;
  const message = request.agentMessage;
  const access = request.action === "http:read" ? "read" : "write";
  const resource = registry.resolve(
    request.resource,
    request.resource.type === "http" ? access : undefined,
  );
  check.resource = resource;
  const resources = [resource];
  for (const name of request.moreResources) resources.push(registry.resolve(name, undefined));
  return {
    request,
    verified,
    resource,
    resources,
    sourceAgent:
      message === undefined
        ? undefined
        : registry.agent(message.sourceAgentId ?? verified.principal.id),
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

function resourceKey(resource: Resource) {
  const { type, server, tool, name, sensitivity } = resource;
  return [type, server, tool, name, sensitivity];
}

export function keyParts(
  check: CheckState,
  question: Question,
  policy: ActivePolicy,
): DecisionKeyParts {
  const { request, resource } = question;
  const more = question.resources.slice(1);
  return {
    entrypoint: question.entrypoint,
    policyRevision: policy.revision,
    dataRevision: check.registry.revision,
    routeKey: `${request.route.name}\n${request.route.keyPart}`,
    principalDigest: question.verified.principal.digest,
    action: request.action,
    capability: request.agentMessage?.capability ?? "",
    resourceType: resource.type,
    resourceName: resource.name ?? "",
    moreResources: more.length === 0 ? "" : JSON.stringify(more.map(resourceKey)),
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
    parametersKnown: request.parametersKnown,
    mcp: request.mcp,
    a2a: request.a2a,
    peerPrincipal: request.peerPrincipal,
    dialect: request.echo.dialect,
    timeSlot: question.time.slot,
  };
}
