/**
 * What Envoy asks, read exactly one way: policy input, decision key, record and reply all derive
 * from this and nothing else looks at the raw request again.
 *
 * @module
 */
import type { JsonObject } from "./json.ts";
import type { Route } from "./route.ts";
import type { Sensitivity } from "./sensitivity.ts";

/** What the caller presents; exactly one, from a header. */
export interface BearerCredential {
  readonly kind: "bearer";
  /** The compact token, already bounded and of the right characters. */
  readonly token: string;
}
export type Credential = BearerCredential;

export const CAPABILITIES = ["execute", "query", "delegate"] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What is to be touched, as the request names it; the registry adds the facts. */
export interface ResourceName {
  readonly type: "tool" | "server" | "http" | "agent" | "unknown";
  readonly server: string | null;
  readonly tool: string | null;
  /** The caller's own level; may only raise. */
  readonly claimedSensitivity: Sensitivity | undefined;
}

/** The A2A document's own part (`POST /api/v1/gateway/authorize-a2a`). */
export interface AgentMessage {
  readonly sourceAgentId: string;
  readonly targetAgentId: string;
  readonly capability: Capability;
  /** Claimed; checked against the registry. Empty = not claimed. */
  readonly targetEnvironment: string;
  /** Claimed delegation depth; may only raise the verified one. */
  readonly claimedDelegationDepth: number;
}

/** How the answer must look, read from the body as early as possible. */
export interface Echo {
  readonly dialect: "jsonrpc" | "sark" | "http";
  /** JSON text of a valid JSON-RPC id (`7`, `"a"`), or undefined. */
  readonly rpcId: string | undefined;
  /** A JSON-RPC notification has no id and expects none back. */
  readonly isNotification: boolean;
  /** MCP 2026-07-28 or later: unknown methods are 404 there; earlier a 404 would end the session. */
  readonly isModern?: boolean;
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
  readonly userAgent: string;
  readonly credential: Credential | undefined;
  /** Method name from the table of known methods, or the HTTP method. */
  readonly operation: string;
  /** SARK action such as `gateway:tool:invoke`. */
  readonly action: string;
  readonly resource: ResourceName;
  /** Only on the A2A endpoint. */
  readonly agentMessage: AgentMessage | undefined;
  readonly parameters: LazyJson;
  /** Whatever the caller claims beside the parameters; rules may only use it to deny. */
  readonly untrusted: LazyJson;
  /** `user.id` of the body, if any: must equal the verified subject. */
  readonly claimedUserId: string | undefined;
  readonly mcp: { readonly method: string; readonly protocolVersion: string } | undefined;
  /** `always`: allowed for every authenticated principal of the route, no policy run. */
  readonly treatment: "policy" | "always";
  readonly echo: Echo;
}
