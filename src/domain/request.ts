/**
 * What Envoy asks, read exactly one way: policy input, decision key, record and reply all derive
 * from this and nothing else looks at the raw request again.
 *
 * @module
 */
import type { JsonObject } from "./json.ts";
import type { Route } from "./route.ts";
import type { Sensitivity } from "./sensitivity.ts";

/** A signed token; a caller presents exactly one credential, in a header. */
export interface BearerCredential {
  readonly kind: "bearer";
  /** The compact token, already bounded and of the right characters. */
  readonly token: string;
}

/** `sark_sk_…` or `sark_gw_…`, in any of the three headers. */
export interface ApiKeyCredential {
  readonly kind: "api_key";
  readonly key: string;
}
export type Credential = BearerCredential | ApiKeyCredential;

export const CAPABILITIES = ["execute", "query", "delegate"] as const;
export type Capability = (typeof CAPABILITIES)[number];

export type ResourceType =
  | "tool"
  | "server"
  | "resource"
  | "prompt"
  | "task"
  | "http"
  | "agent"
  | "card"
  | "unknown";

/** What is to be touched, as the request names it; the registry adds the facts. */
export interface ResourceName {
  readonly type: ResourceType;
  readonly server: string | null;
  readonly tool: string | null;
  /** URI of a resource, name of a prompt, id of a task; null for all other types. */
  readonly name: string | null;
  /** The caller's own level; may only raise. */
  readonly claimedSensitivity: Sensitivity | undefined;
}

/** What one agent wants of another: SARK's document or an operation of the A2A protocol. */
export interface AgentMessage {
  /** As the body names it; undefined where only the credential says who calls. */
  readonly sourceAgentId: string | undefined;
  readonly targetAgentId: string;
  readonly capability: Capability;
  /** Claimed; checked against the registry. Empty = not claimed. */
  readonly targetEnvironment: string;
  /** Claimed delegation depth; may only raise the verified one. */
  readonly claimedDelegationDepth: number;
}

/** Facts of an A2A operation beside its `AgentMessage`; policy input `a2a`, part of the decision key. */
export interface A2aFacts {
  /** Name of the operation in version 1.0, such as `SendMessage`. */
  readonly operation: string;
  readonly binding: "jsonrpc" | "rest" | "grpc";
  readonly protocolVersion: string;
  readonly taskId: string | null;
  readonly contextId: string | null;
  /** Which push notification config of the task, null without one. */
  readonly pushConfigId: string | null;
  readonly referenceTaskIds: readonly string[];
  readonly tenant: string | null;
  /** URIs of `A2A-Extensions`, and of `X-A2A-Extensions`, its name in version 0.3. */
  readonly extensions: readonly string[];
  /** Host of a push notification address, with its port unless that is 443; null without one. */
  readonly pushHost: string | null;
  /** False when there is an address that breaks the grammar, several, or one that can not be seen. */
  readonly isPushUrlValid: boolean;
  /** Hosts of file parts that name an address. */
  readonly partHosts: readonly string[];
}

/** Facts of an MCP message; policy input `mcp`, part of the decision key. */
export interface McpFacts {
  readonly method: string;
  readonly protocolVersion: string;
  /** `Mcp-Session-Id` of a legacy request; proves nothing about identity. Null without one. */
  readonly sessionId: string | null;
  /** `Mcp-Param-*` without the prefix, where they are to be compared with arguments: no input. */
  readonly parameterHeaders?: ReadonlyMap<string, string>;
}

export const DIALECTS = ["jsonrpc", "a2a-jsonrpc", "a2a-rest", "sark", "http", "grpc"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How the answer must look, read from the body as early as possible. */
export interface Echo {
  readonly dialect: Dialect;
  /** JSON text of a valid JSON-RPC id (`7`, `"a"`), or undefined. */
  readonly rpcId: string | undefined;
  /** A JSON-RPC notification has no id and expects none back. */
  readonly isNotification: boolean;
  /** MCP 2026-07-28 or later: unknown methods are 404 there; earlier a 404 would end the session. */
  readonly isModern?: boolean;
  /** A2A: the version whose error shape the caller reads. */
  readonly a2aVersion?: "1.0" | "0.3";
  /** The MCP version asked for when it is not supported: bounded, of the characters of a version. */
  readonly requestedVersion?: string;
}

/** Body parts that only policy input and the record look at, built when first asked for. */
export interface LazyJson {
  /** Exact bytes inside the body; empty when the member is absent. */
  readonly bytes: Uint8Array;
  value(): JsonObject;
}

export interface AuthzRequest {
  readonly route: Route;
  readonly method: string;
  readonly host: string;
  /** Canonical path without query. */
  readonly path: string;
  /** Raw query without `?`; empty when there is none. */
  readonly query: string;
  /** The caller's `x-request-id` when it is 1-128 visible ASCII characters, else empty. */
  readonly requestId: string;
  /** Peer address as Envoy's connection sees it; empty when unknown. */
  readonly clientIp: string;
  /** Subject of the peer's certificate where the route looks at it (`mtls`), else empty. */
  readonly peerPrincipal: string;
  readonly userAgent: string;
  readonly credential: Credential | undefined;
  /** Method name from the table of known methods, or the HTTP method. */
  readonly operation: string;
  /** SARK action such as `gateway:tool:invoke`. */
  readonly action: string;
  readonly resource: ResourceName;
  /** Others that the same request touches: all must be allowed. */
  readonly moreResources: readonly ResourceName[];
  /** Only between agents. */
  readonly agentMessage: AgentMessage | undefined;
  readonly parameters: LazyJson;
  /** False where no body was read: policy sees no parameters then, not empty ones. */
  readonly parametersKnown: boolean;
  /** Whatever the caller claims beside the parameters; rules may only use it to deny. */
  readonly untrusted: LazyJson;
  /** `user.id` of the body, if any: must equal the verified subject. */
  readonly claimedUserId: string | undefined;
  readonly mcp: McpFacts | undefined;
  readonly a2a: A2aFacts | undefined;
  /** `always`: allowed for every authenticated principal. `public`: for everybody. No policy run. */
  readonly treatment: "policy" | "always" | "public";
  /** False for what must be decided anew each time. */
  readonly isCacheable: boolean;
  readonly echo: Echo;
}
