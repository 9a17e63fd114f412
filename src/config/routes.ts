/**
 * Route entries of the file as the routes a Check works with, every default filled in.
 *
 * @module
 */
import {
  A2A_VERSIONS,
  type A2aSettings,
  type McpSettings,
  type McpSource,
  type PrincipalKind,
  type Route,
  type ScopeRule,
  type Surface,
} from "../domain/route.ts";
import { metadataUrlOf } from "./resource-metadata.ts";
import { endpointOf, type RouteEntry, surfaceOf } from "./route-schema.ts";

export function domainRoutes(entries: readonly RouteEntry[]): readonly Route[] {
  return Object.freeze(entries.map(domainRoute));
}

function domainRoute(entry: RouteEntry): Route {
  const surface = surfaceOf(entry);
  const endpoint = endpointOf(entry);
  const settings = {
    surface,
    mode: entry.mode,
    policy: entry.policy,
    serverName: entry.server_name,
    agentId: entry.agent_id,
    environment: entry.environment,
    tenant: entry.tenant,
    audience: entry.audience,
    body: entry.body ?? (surface === "http" ? "optional" : "required"),
    paramFilter: entry.param_filter,
    // Python decides again behind these two, so it needs the token.
    stripAuthorization: entry.strip_authorization ?? entry.mode === "strict",
    jsonrpcDenialCode: entry.jsonrpc_denial_code,
    mtls: entry.mtls,
    mcpSource: entry.mcp_source,
    extensions: Object.freeze({}),
  } as const;
  const { mcpSource, ...shared } = settings;
  return Object.freeze({
    ...shared,
    name: entry.name,
    path: entry.match.path,
    pathPrefix: entry.match.path_prefix,
    methods: setOf(entry.match.methods),
    hosts: setOf(entry.match.hosts),
    endpoint,
    principals: new Set<PrincipalKind>(entry.principals ?? defaultKinds(surface, endpoint)),
    scopeRules: scopeRulesOf(entry),
    scopeImplies: impliedScopes(entry.mcp?.scope_implies ?? {}),
    resourceMetadataUrl: metadataUrlOf(entry),
    mcp: mcpSettings(entry, mcpSource),
    a2a: a2aSettings(entry),
    corsOrigins: setOf(entry.cors?.origins),
    pathAllow: new Set(entry.path_allow ?? []),
    keyPart: JSON.stringify(settings),
  });
}

function defaultKinds(surface: Surface, endpoint: Route["endpoint"]): readonly PrincipalKind[] {
  return surface === "a2a" || endpoint === "authorize-a2a" ? ["agent"] : ["user", "api_key"];
}

function scopeRulesOf(entry: RouteEntry): readonly ScopeRule[] {
  const byAction = Object.entries(entry.scopes).map(([action, scopes]) => ({
    action,
    tool: undefined,
    scopes,
  }));
  const byTool = (entry.mcp?.scopes ?? []).map(({ action, tool, scopes }) => ({
    action,
    tool,
    scopes,
  }));
  return Object.freeze([...byAction, ...byTool]);
}

/** Every scope that is included directly or through another. */
function impliedScopes(
  implies: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly string[]> {
  const reach = (scope: string, seen: Set<string>): Set<string> => {
    const direct = Object.hasOwn(implies, scope) ? (implies[scope] ?? []) : [];
    for (const included of direct) {
      if (seen.has(included)) continue;
      seen.add(included);
      reach(included, seen);
    }
    return seen;
  };
  return new Map(Object.keys(implies).map((scope) => [scope, [...reach(scope, new Set())]]));
}

const MCP_VERSIONS_DEFAULT = ["2026-07-28", "2025-11-25", "2025-06-18"] as const;

function mcpSettings({ mcp }: RouteEntry, source: McpSource): McpSettings {
  return Object.freeze({
    acceptVersions: new Set(mcp?.accept_versions ?? MCP_VERSIONS_DEFAULT),
    sessions: mcp?.sessions ?? "optional",
    source,
    headerVerifier: mcp?.header_verifier,
    bigIntegers: mcp?.big_integers ?? "refuse",
    boundStreams: mcp?.bound_streams ?? false,
  });
}

function a2aSettings({ a2a }: RouteEntry): A2aSettings {
  return Object.freeze({
    versions: new Set(a2a?.versions ?? A2A_VERSIONS),
    publicCard: a2a?.public_card ?? false,
    pushHosts: a2a?.push_hosts ?? [],
    extensions: setOf(a2a?.extensions),
    capabilityMap: new Map(Object.entries(a2a?.capability_map ?? {})),
  });
}

function setOf(items: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return items === undefined ? undefined : new Set(items);
}
