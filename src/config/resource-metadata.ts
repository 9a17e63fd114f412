/**
 * Protected-resource metadata (RFC 9728): what an MCP client reads to learn which authorization server
 * gives tokens for a route. The documents follow from the route table and are served by Envoy.
 *
 * @module
 */

import { isCanonicalPath } from "./match-rules.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";
/** A resource identifier that needs no second reading: https, lower-case host, plain path. */
const RESOURCE = /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[1-9][0-9]{0,4})?)(\/[!-~]*)?$/;
/** Not for a client to ask for: it is the authorization server's to grant (MCP authorization). */
const OFFLINE_ACCESS = "offline_access";
/** All scopes of a route can stand in one header of a challenge. */
const SCOPES_CHARACTERS_MAX = 4_096;
/** Envoy's default for the body of a direct response. */
const DOCUMENT_BYTES_MAX = 4_096;

/** What of a route entry a document follows from. */
interface Described {
  readonly audience?: string | undefined;
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  readonly mcp?:
    | {
        readonly scopes: readonly { readonly scopes: readonly string[] }[];
        readonly resource_metadata_url?: string | undefined;
        readonly authorization_servers?: readonly string[] | undefined;
      }
    | undefined;
}

export interface ResourceDocument {
  /** Path on the gateway. */
  readonly path: string;
  readonly url: string;
  readonly document: {
    readonly resource: string;
    readonly authorization_servers: readonly string[];
    readonly bearer_methods_supported: readonly ["header"];
    readonly scopes_supported?: readonly string[];
  };
}

/** One document for each audience; routes that share one share the document. */
export function resourceDocuments(routes: readonly Described[]): readonly ResourceDocument[] {
  const byResource = new Map<string, Described[]>();
  for (const route of routes) {
    if (route.mcp?.authorization_servers === undefined || route.audience === undefined) continue;
    byResource.set(route.audience, [...(byResource.get(route.audience) ?? []), route]);
  }
  return [...byResource].map(([resource, sharing]) => documentOf(resource, sharing));
}

function documentOf(resource: string, routes: readonly Described[]): ResourceDocument {
  const servers = routes.flatMap((route) => route.mcp?.authorization_servers ?? []);
  const scopes = new Set(routes.flatMap(scopesOf));
  scopes.delete(OFFLINE_ACCESS);
  const place = placeOf(resource);
  if (place === undefined) throw new TypeError("the audience was checked to be a resource");
  return {
    ...place,
    document: {
      resource,
      authorization_servers: [...new Set(servers)],
      bearer_methods_supported: ["header"],
      ...(scopes.size === 0 ? {} : { scopes_supported: [...scopes].toSorted() }),
    },
  };
}

/** Every scope that some operation of the route needs. */
function scopesOf(route: Described): readonly string[] {
  const byTool = route.mcp?.scopes ?? [];
  return [...Object.values(route.scopes).flat(), ...byTool.flatMap(({ scopes }) => scopes)];
}

/** Address of the document: the well-known name goes between host and path (RFC 9728 section 3.1). */
function placeOf(resource: string): { readonly path: string; readonly url: string } | undefined {
  const [, host, ownPath = ""] = RESOURCE.exec(resource) ?? [];
  if (host === undefined || !(ownPath === "" || isCanonicalPath(ownPath))) return undefined;
  const path = `${WELL_KNOWN}${ownPath === "/" ? "" : ownPath}`;
  return { path, url: `https://${host}${path}` };
}

/** What a challenge of this route names, written down or following from the audience. */
export function metadataUrlOf(route: Described): string | undefined {
  if (route.mcp?.resource_metadata_url !== undefined) return route.mcp.resource_metadata_url;
  if (route.mcp?.authorization_servers === undefined) return undefined;
  return placeOf(route.audience ?? "")?.url;
}

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

/** Faults that only show once a client looks for its authorization server. */
export function metadataFaults(route: Described): readonly Fault[] {
  const scopes = [...new Set(scopesOf(route))].join(" ");
  if (scopes.length > SCOPES_CHARACTERS_MAX) {
    const message = `all scopes of a route together are at most ${SCOPES_CHARACTERS_MAX} characters: a challenge names them in one header`;
    return [{ path: ["scopes"], message }];
  }
  if (route.mcp?.authorization_servers === undefined) return [];
  const place = placeOf(route.audience ?? "");
  if (place === undefined) {
    const message =
      "is needed with mcp.authorization_servers: the https URL of this MCP server without query or fragment, host in lower case";
    return [{ path: ["audience"], message }];
  }
  const url = route.mcp.resource_metadata_url;
  if (url !== undefined && pathOf(url) !== place.path) {
    const message = `its path must be ${WELL_KNOWN} and the path of the audience; leave it out and it is`;
    return [{ path: ["mcp", "resource_metadata_url"], message }];
  }
  const { document } = documentOf(route.audience ?? "", [route]);
  if (Buffer.byteLength(JSON.stringify(document)) > DOCUMENT_BYTES_MAX) {
    const message = `the metadata document is above ${DOCUMENT_BYTES_MAX} bytes, which Envoy does not serve; list fewer servers or scopes`;
    return [{ path: ["mcp", "authorization_servers"], message }];
  }
  return [];
}

function pathOf(url: string): string {
  const slash = url.indexOf("/", "https://".length);
  return slash < 0 ? "" : url.slice(slash);
}
