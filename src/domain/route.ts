/**
 * One entry of the sidecar's route table: what a matched request means and how it is answered.
 * Fields and defaults: `docs/reference/configuration.md`.
 *
 * @module
 */
export const SURFACES = ["mcp", "a2a", "sark", "http"] as const;
export type Surface = (typeof SURFACES)[number];

/** From strict to lenient; Envoy's route key may only be stricter than the entry. */
export const MODES = ["strict", "migration", "observe"] as const;
export type Mode = (typeof MODES)[number];

export const BODY_RULES = ["none", "optional", "required"] as const;
export type BodyRule = (typeof BODY_RULES)[number];

export const PRINCIPAL_KINDS = ["user", "agent", "api_key"] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

export const MCP_VERSIONS = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
export type McpVersion = (typeof MCP_VERSIONS)[number];
/** Where the facts of an MCP request are read (`docs/reference/configuration.md`). */
export const MCP_SOURCES = ["body", "metadata", "both", "headers"] as const;
export type McpSource = (typeof MCP_SOURCES)[number];

export const A2A_VERSIONS = ["1.0", "0.3"] as const;
export type A2aVersion = (typeof A2A_VERSIONS)[number];

/** Operations of version 1.0, by which both versions are known here. */
export const A2A_OPERATION_NAMES = [
  "SendMessage",
  "SendStreamingMessage",
  "GetTask",
  "ListTasks",
  "CancelTask",
  "SubscribeToTask",
  "CreateTaskPushNotificationConfig",
  "GetTaskPushNotificationConfig",
  "ListTaskPushNotificationConfigs",
  "DeleteTaskPushNotificationConfig",
  "GetExtendedAgentCard",
] as const;
export type A2aOperationName = (typeof A2A_OPERATION_NAMES)[number];

export interface McpSettings {
  readonly acceptVersions: ReadonlySet<McpVersion>;
  readonly sessions: "required" | "optional";
  readonly source: McpSource;
  /** Who compared the headers with the body; needed for source `headers`. */
  readonly headerVerifier: "envoy" | "upstream" | undefined;
  /** Integers beyond 2^53 inside arguments: refused, or handed to policy as strings. */
  readonly bigIntegers: "refuse" | "string";
  /** Envoy ends an answer, streams too, with the credential that asked for it. */
  readonly boundStreams: boolean;
}

export interface A2aSettings {
  readonly versions: ReadonlySet<A2aVersion>;
  /** The public agent card needs no credential. */
  readonly publicCard: boolean;
  /** Beside those of the target agent: hosts a push notification may go to. */
  readonly pushHosts: readonly string[];
  /** Accepted extension URIs; undefined = any. */
  readonly extensions: ReadonlySet<string> | undefined;
  /** Capability by operation name of version 1.0, where it differs from the table. */
  readonly capabilityMap: ReadonlyMap<string, "execute" | "query" | "delegate">;
}

/** Scopes that one action needs, for all tools or for those a pattern fits. */
export interface ScopeRule {
  readonly action: string;
  /** Exact tool name, or a prefix that ends in `*`; undefined = all. */
  readonly tool: string | undefined;
  readonly scopes: readonly string[];
}

export interface Route {
  /** `[a-z0-9._-]{1,64}`: audit field, metric label, part of the decision key. */
  readonly name: string;
  /** Exact canonical path, or whole-segment prefix; exactly one is set. */
  readonly path: string | undefined;
  readonly pathPrefix: string | undefined;
  /** Upper-case; undefined = all but CONNECT and TRACE. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Canonical hosts; undefined = any. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly surface: Surface;
  /** On surface `sark`: which of the two documents is read. */
  readonly endpoint: "authorize" | "authorize-a2a" | undefined;
  readonly mode: Mode;
  /** Entrypoint in the active bundle; undefined = the configured one of the surface. */
  readonly policy: string | undefined;
  readonly serverName: string | undefined;
  readonly agentId: string | undefined;
  readonly environment: string | undefined;
  readonly tenant: string | undefined;
  /** Exact `aud` a token needs here; undefined = any audience of its issuer entry. */
  readonly audience: string | undefined;
  readonly body: BodyRule;
  readonly paramFilter: "upstream" | undefined;
  readonly stripAuthorization: boolean;
  readonly jsonrpcDenialCode: "sark" | "own";
  readonly principals: ReadonlySet<PrincipalKind>;
  /** Whether the peer's certificate must or may name a workload; undefined = it is not looked at. */
  readonly mtls: "required" | "optional" | undefined;
  /** All scopes a credential needs are those of every rule that fits. */
  readonly scopeRules: readonly ScopeRule[];
  /** Scope → scopes that holding it includes. */
  readonly scopeImplies: ReadonlyMap<string, readonly string[]>;
  /** `resource_metadata` of a challenge (RFC 9728); undefined = left out. */
  readonly resourceMetadataUrl: string | undefined;
  readonly mcp: McpSettings;
  readonly a2a: A2aSettings;
  /** Origins whose pages may call; undefined = none, and no preflight passes. */
  readonly corsOrigins: ReadonlySet<string> | undefined;
  /** Path rules that this route relaxes, by name. */
  readonly pathAllow: ReadonlySet<"semicolon">;
  /** Extra context extensions without the prefix `sark.`; policy input. */
  readonly extensions: Readonly<Record<string, string>>;
  /** All fields above that Envoy may set, as one stable string: part of the decision key. */
  readonly keyPart: string;
}
