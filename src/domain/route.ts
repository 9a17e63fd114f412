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
  /** Scopes a token must hold, by SARK action. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  /** `resource_metadata` of a challenge (RFC 9728); undefined = left out. */
  readonly resourceMetadataUrl: string | undefined;
  /** Extra context extensions without the prefix `sark.`; policy input. */
  readonly extensions: Readonly<Record<string, string>>;
  /** All fields above that Envoy may set, as one stable string: part of the decision key. */
  readonly keyPart: string;
}
