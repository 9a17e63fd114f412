/**
 * What the registry knows of servers, tools and agents, resolved for one request.
 *
 * @module
 */
import type { AgentType, TrustLevel } from "./principal.ts";
import type { ResourceName } from "./request.ts";
import type { Sensitivity } from "./sensitivity.ts";

/** `input.resource`. Frozen. */
export interface Resource {
  readonly type: ResourceName["type"];
  readonly server: string | null;
  readonly tool: string | null;
  /** As in `ResourceName`. */
  readonly name: string | null;
  /** Effective level after the caller's claim. */
  readonly sensitivity: Sensitivity;
  /** False for a server or tool that the registry does not have. */
  readonly known: boolean;
  readonly owner: string | null;
  readonly team: string | null;
  readonly teams: readonly string[];
  readonly environment: string | null;
  readonly visibility: "public" | "internal" | "private" | null;
  /** Lower case, `-` read as `_`. */
  readonly sensitiveParams: readonly string[];
  readonly requiredCapabilities: readonly string[];
  readonly requiresMfa: boolean;
  /** HTTP routes only: roles that may read or write. */
  readonly allowedRoles: readonly string[];
  /** Tools with `x-mcp-header`: header name in lower case without `mcp-param-` → argument name. */
  readonly parameterHeaders: ReadonlyMap<string, string>;
}

/** `input.target_agent` and the registry fields of `input.source_agent`. Frozen. */
export interface RegistryAgent {
  readonly id: string;
  readonly known: boolean;
  readonly type: AgentType | null;
  readonly trustLevel: TrustLevel | null;
  readonly environment: string | null;
  readonly organizationId: string | null;
  readonly ownerId: string | null;
  readonly accepts: readonly string[];
  readonly rateLimitPerMinute: number | null;
  /** Where push notifications about its tasks may go: exact hosts, or `*.` before one. */
  readonly pushHosts: readonly string[];
}

/** One immutable state of the registry; a swap replaces the whole object. */
export interface Registry {
  /** SHA-256 of the document in hex: the data revision of the decision key. */
  readonly revision: string;
  readonly serverNames: ReadonlySet<string>;
  /** Pure. `access` matters for HTTP routes only. */
  resolve(name: ResourceName, access: "read" | "write" | undefined): Resource;
  agent(id: string): RegistryAgent;
}
