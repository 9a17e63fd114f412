/** Complete sample values of the domain, each changeable in single fields. */
import type {
  AgentPrincipal,
  Principal,
  RevocableIds,
  UserPrincipal,
  VerifiedCredential,
} from "../../src/domain/principal.ts";
import type { RegistryAgent, Resource } from "../../src/domain/registry.ts";
import type { A2aFacts, AuthzRequest } from "../../src/domain/request.ts";
import { MCP_VERSIONS, type Route } from "../../src/domain/route.ts";

export function user(change: Partial<UserPrincipal> = {}): UserPrincipal {
  return {
    kind: "user",
    id: "alice",
    issuer: "https://idp.example",
    delegationDepth: 0,
    actors: [],
    digest: `user:${change.id ?? "alice"}`,
    hash: undefined,
    email: null,
    name: null,
    role: "developer",
    roles: ["developer"],
    teams: [],
    permissions: [],
    scopes: [],
    mfaVerified: false,
    mfaTimestampNs: 0,
    mfaMethods: [],
    attributes: {},
    ...change,
  };
}

export function agent(change: Partial<AgentPrincipal> = {}): AgentPrincipal {
  return {
    kind: "agent",
    id: "planner",
    issuer: "sark-agent-auth",
    delegationDepth: 0,
    actors: [],
    digest: `agent:${change.id ?? "planner"}`,
    hash: undefined,
    agentType: "orchestrator",
    trustLevel: "trusted",
    capabilities: ["execute", "query"],
    environment: "production",
    scopes: [],
    ...change,
  };
}

/** Of a credential that names nothing by which it could be revoked. */
export function revocable(change: Partial<RevocableIds> = {}): RevocableIds {
  return {
    tokenDigest: undefined,
    issuer: undefined,
    tokenId: undefined,
    subject: undefined,
    sessionId: undefined,
    agentId: undefined,
    keyId: undefined,
    apiKeyId: undefined,
    issuedAtS: undefined,
    ...change,
  };
}

export function verified(
  principal: Principal,
  change: Partial<VerifiedCredential> = {},
): VerifiedCredential {
  return {
    principal,
    audiences: [principal.kind === "agent" ? "sark-a2a" : "sark-api"],
    expiresAtS: 1_764_003_600,
    notBeforeS: 0,
    keyThumbprint: "k1",
    revocable: revocable({ issuer: principal.issuer }),
    ...change,
  };
}

export function resource(change: Partial<Resource> = {}): Resource {
  return {
    type: "tool",
    server: "demo",
    tool: "get_weather",
    name: null,
    sensitivity: "low",
    known: true,
    owner: "bob",
    team: "platform",
    teams: ["platform"],
    environment: "production",
    visibility: "internal",
    sensitiveParams: [],
    requiredCapabilities: [],
    requiresMfa: false,
    allowedRoles: [],
    parameterHeaders: new Map(),
    ...change,
  };
}

export function registryAgent(change: Partial<RegistryAgent> = {}): RegistryAgent {
  return {
    id: "worker-1",
    known: true,
    type: "worker",
    trustLevel: "limited",
    environment: "production",
    organizationId: null,
    ownerId: null,
    accepts: ["execute", "query"],
    rateLimitPerMinute: null,
    pushHosts: [],
    ...change,
  };
}

export function a2aFacts(change: Partial<A2aFacts> = {}): A2aFacts {
  return {
    operation: "SendMessage",
    binding: "jsonrpc",
    protocolVersion: "1.0",
    taskId: null,
    contextId: null,
    pushConfigId: null,
    referenceTaskIds: [],
    tenant: null,
    extensions: [],
    pushHost: null,
    isPushUrlValid: true,
    partHosts: [],
    ...change,
  };
}

export function route(change: Partial<Route> = {}): Route {
  return {
    name: "mcp-demo",
    path: "/mcp/demo",
    pathPrefix: undefined,
    methods: undefined,
    hosts: undefined,
    surface: "mcp",
    endpoint: undefined,
    mode: "strict",
    policy: undefined,
    serverName: "demo",
    agentId: undefined,
    environment: undefined,
    tenant: undefined,
    audience: undefined,
    body: "required",
    paramFilter: undefined,
    stripAuthorization: true,
    jsonrpcDenialCode: "sark",
    principals: new Set(["user"]),
    mtls: undefined,
    scopeRules: [],
    scopeImplies: new Map(),
    resourceMetadataUrl: undefined,
    mcp: {
      acceptVersions: new Set(MCP_VERSIONS),
      sessions: "optional",
      source: "body",
      headerVerifier: undefined,
      bigIntegers: "refuse",
      boundStreams: false,
    },
    a2a: {
      versions: new Set(["1.0", "0.3"]),
      publicCard: false,
      pushHosts: [],
      extensions: undefined,
      capabilityMap: new Map(),
    },
    corsOrigins: undefined,
    pathAllow: new Set(),
    extensions: {},
    keyPart: "",
    ...change,
  };
}

const empty = { bytes: new Uint8Array(0), value: () => ({}) };

export function request(change: Partial<AuthzRequest> = {}): AuthzRequest {
  return {
    route: route(),
    method: "POST",
    host: "gateway.example",
    path: "/mcp/demo",
    query: "",
    requestId: "req-1",
    clientIp: "10.0.0.7",
    peerPrincipal: "",
    userAgent: "",
    credential: { kind: "bearer", token: "a.b.c" },
    operation: "tools/call",
    action: "gateway:tool:invoke",
    resource: {
      type: "tool",
      server: "demo",
      tool: "get_weather",
      name: null,
      claimedSensitivity: undefined,
    },
    moreResources: [],
    agentMessage: undefined,
    parameters: empty,
    parametersKnown: true,
    untrusted: empty,
    claimedUserId: undefined,
    mcp: { method: "tools/call", protocolVersion: "2025-11-25", sessionId: null },
    a2a: undefined,
    treatment: "policy",
    isCacheable: true,
    echo: { dialect: "jsonrpc", rpcId: "1", isNotification: false },
    ...change,
  };
}
