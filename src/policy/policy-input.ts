/**
 * The document Rego reads (`policies/README.md`). Pure; only verified, registered or host facts stand
 * outside `parameters` and `untrusted`.
 *
 * @module
 */
import type { AgentPrincipal, Principal } from "../domain/principal.ts";
import type { RegistryAgent, Resource } from "../domain/registry.ts";
import type { A2aFacts, AuthzRequest, McpFacts } from "../domain/request.ts";
import type { HostTime } from "./host-time.ts";

export interface InputFacts {
  readonly request: AuthzRequest;
  readonly principal: Principal;
  readonly resource: Resource;
  /** Registry view of the calling and the called agent; only on the A2A endpoint. */
  readonly sourceAgent: RegistryAgent | undefined;
  readonly targetAgent: RegistryAgent | undefined;
  readonly delegationDepth: number;
  readonly time: HostTime;
  readonly unixMs: number;
}

const NS_PER_MS = 1_000_000;

/** Always a non-empty object: the engine takes falsy input for none. */
export function policyInput(facts: InputFacts): object {
  const { request, principal } = facts;
  const claims = request.untrusted.value();
  return {
    schema: "sark.authz/1",
    action: request.action,
    ...(principal.kind !== "agent"
      ? { user: userInput(principal) }
      : { source_agent: sourceAgentInput(principal, facts.sourceAgent) }),
    ...agentMessageInput(facts),
    resource: resourceInput(facts.resource),
    ...legacyNames(facts.resource, request),
    ...(request.parametersKnown ? { parameters: request.parameters.value() } : {}),
    untrusted: claims,
    context: contextInput(facts),
    ...(request.mcp === undefined ? {} : { mcp: mcpInput(request.mcp, principal) }),
    ...(request.a2a === undefined ? {} : { a2a: a2aInput(request.a2a) }),
  };
}

/** A session id is only ever one of this principal's: another one's of the same name is another. */
function mcpInput({ method, protocolVersion, sessionId }: McpFacts, principal: Principal): object {
  return {
    method,
    protocol_version: protocolVersion,
    session_id: sessionId === null ? null : `${principal.id}:${sessionId}`,
  };
}

function a2aInput(a2a: A2aFacts): object {
  return {
    operation: a2a.operation,
    binding: a2a.binding,
    protocol_version: a2a.protocolVersion,
    task_id: a2a.taskId,
    context_id: a2a.contextId,
    push_config_id: a2a.pushConfigId,
    reference_task_ids: a2a.referenceTaskIds,
    tenant: a2a.tenant,
    extensions: a2a.extensions,
    push_host: a2a.pushHost,
    part_hosts: a2a.partHosts,
  };
}

function userInput(user: Exclude<Principal, AgentPrincipal>): object {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    roles: user.roles,
    teams: user.teams,
    permissions: user.permissions,
    scopes: user.scopes,
    issuer: user.issuer,
    authenticated: true,
    attributes: user.attributes,
    mfa_verified: user.mfaVerified,
    mfa_timestamp: user.mfaTimestampNs,
    mfa_methods: user.mfaMethods,
  };
}

function sourceAgentInput(agent: AgentPrincipal, registered: RegistryAgent | undefined): object {
  return {
    id: agent.id,
    type: agent.agentType,
    trust_level: agent.trustLevel,
    ...(agent.trustLevelClaimed === undefined
      ? {}
      : { trust_level_claimed: agent.trustLevelClaimed }),
    capabilities: agent.capabilities,
    environment: agent.environment,
    organization_id: registered?.organizationId ?? null,
    owner_id: registered?.ownerId ?? null,
  };
}

function agentMessageInput(facts: InputFacts): object {
  const message = facts.request.agentMessage;
  const target = facts.targetAgent;
  if (message === undefined || target === undefined) return {};
  if (!target.known) {
    return {
      capability: message.capability,
      target_agent: { id: target.id, environment: message.targetEnvironment },
    };
  }
  return {
    capability: message.capability,
    target_agent: {
      id: target.id,
      type: target.type,
      trust_level: target.trustLevel,
      environment: target.environment,
      organization_id: target.organizationId,
      owner_id: target.ownerId,
      accepts_execution: target.accepts.includes("execute"),
      accepts_queries: target.accepts.includes("query"),
      accepts_delegation: target.accepts.includes("delegate"),
      rate_limit_per_minute: target.rateLimitPerMinute,
    },
  };
}

function resourceInput(resource: Resource): object {
  return {
    type: resource.type,
    server: resource.server,
    tool: resource.tool,
    name: resource.name,
    sensitivity: resource.sensitivity,
    known: resource.known,
    owner: resource.owner,
    team: resource.team,
    teams: resource.teams,
    environment: resource.environment,
    visibility: resource.visibility,
    sensitive_params: resource.sensitiveParams,
    required_capabilities: resource.requiredCapabilities,
    requires_mfa: resource.requiresMfa,
    ...(resource.type === "http" ? { allowed_roles: resource.allowedRoles } : {}),
  };
}

/** SARK's older names for the same facts, so that existing rules keep working. */
function legacyNames(resource: Resource, request: AuthzRequest): object {
  const server = {
    name: resource.server,
    owner_id: resource.owner,
    managed_by_team: resource.team,
    visibility: resource.visibility,
    environment: resource.environment,
  };
  if (resource.tool === null) return { server };
  const tool = { name: resource.tool, sensitivity_level: resource.sensitivity };
  return {
    tool: request.parametersKnown ? { ...tool, parameters: request.parameters.value() } : tool,
    server,
  };
}

function contextInput(facts: InputFacts): object {
  const { request, time } = facts;
  return {
    timestamp: Math.floor(facts.unixMs) * NS_PER_MS,
    time: {
      slot: time.slot,
      hour: time.hour,
      weekday: time.weekday,
      work_hours: time.workHours,
      business_day: time.businessDay,
    },
    client_ip: request.clientIp,
    peer_principal: request.peerPrincipal,
    environment: request.route.environment ?? null,
    route: request.route.name,
    tenant: request.route.tenant ?? null,
    host: request.host,
    method: request.method,
    path: request.path,
    request_id: request.requestId,
    delegation_depth: facts.delegationDepth,
    extensions: request.route.extensions,
    phase: "enforce",
  };
}
