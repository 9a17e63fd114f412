/**
 * Route entries of the file as the routes a Check works with, every default filled in.
 *
 * @module
 */
import type { PrincipalKind, Route } from "../domain/route.ts";
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
    agentId: undefined,
    environment: entry.environment,
    tenant: entry.tenant,
    audience: entry.audience,
    body: entry.body ?? (surface === "http" ? "optional" : "required"),
    paramFilter: entry.param_filter,
    // Python decides again behind these two, so it needs the token.
    stripAuthorization: entry.strip_authorization ?? entry.mode === "strict",
    jsonrpcDenialCode: entry.jsonrpc_denial_code,
    extensions: Object.freeze({}),
  } as const;
  return Object.freeze({
    ...settings,
    name: entry.name,
    path: entry.match.path,
    pathPrefix: entry.match.path_prefix,
    methods: setOf(entry.match.methods),
    hosts: setOf(entry.match.hosts),
    endpoint,
    principals: new Set<PrincipalKind>(
      entry.principals ?? [endpoint === "authorize-a2a" ? "agent" : "user"],
    ),
    scopes: new Map(Object.entries(entry.scopes)),
    resourceMetadataUrl: entry.mcp?.resource_metadata_url,
    keyPart: JSON.stringify(settings),
  });
}

function setOf(items: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return items === undefined ? undefined : new Set(items);
}
