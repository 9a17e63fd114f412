/**
 * Envoy's attributes → the one request everything later derives from, or a refusal. Pure: no clock, no
 * I/O. The order is the method, the place (path, host, route), the query, the headers, the credential,
 * then the meaning.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { REQUEST_ID_CHARACTERS_MAX } from "../domain/limits.ts";
import type { AuthzRequest, Echo } from "../domain/request.ts";
import type { Route, Surface } from "../domain/route.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import { a2aEcho, readA2a } from "./a2a.ts";
import { readCredential } from "./bearer-token.ts";
import { canonicalHost, readScheme, requireSameHost } from "./canonical-host.ts";
import { canonicalPath } from "./canonical-path.ts";
import { checkOrigin, readPreflight } from "./cross-origin.ts";
import { readHttp } from "./http.ts";
import { readMcp } from "./mcp.ts";
import { checkMethod, checkUpgrade } from "./method-rules.ts";
import { checkQuery } from "./query-rules.ts";
import { RequestHeaders } from "./request-headers.ts";
import type { RouteTable } from "./route-table.ts";
import { readSark } from "./sark.ts";
import {
  httpEcho,
  type Meaning,
  NO_RESOURCES,
  type PlacedRequest,
  type RequestProgress,
  SARK_ECHO,
} from "./surface.ts";

export type { RequestProgress } from "./surface.ts";

export interface RequestRules {
  readonly routes: RouteTable;
  /** Envoy's own limit: a body of this length may have been cut. */
  readonly bodyBytesMax: number;
}

interface SurfaceReader {
  /** How a refusal looks before the body was read. */
  readonly echo: (headers: RequestHeaders, route: Route, path: string) => Echo;
  readonly read: (placed: PlacedRequest) => Meaning;
}

/** The route table lets no route of another surface in. */
const SURFACE_READERS: Readonly<Partial<Record<Surface, SurfaceReader>>> = {
  mcp: {
    echo: (headers) => ({
      dialect: "jsonrpc",
      rpcId: undefined,
      isNotification: false,
      isModern: (headers.get("mcp-protocol-version") ?? "") >= MODERN_MCP_SINCE,
    }),
    read: readMcp,
  },
  a2a: { echo: a2aEcho, read: readA2a },
  sark: { echo: () => SARK_ECHO, read: readSark },
  http: { echo: httpEcho, read: readHttp },
};

/** Dates compare as text. */
const MODERN_MCP_SINCE = "2026-07-28";
const VISIBLE_ASCII = /^[!-~]+$/;

/**
 * `progress` is filled step by step, so that it tells what was known when a refusal came.
 *
 * @throws {DenyError} for whatever the caller can cause
 * @throws {UnavailableError} `check.internal` when Envoy's route keys can not be followed
 */
export function readRequest(
  attributes: CheckAttributes,
  rules: RequestRules,
  progress: RequestProgress,
): AuthzRequest {
  const headers = new RequestHeaders(attributes);
  progress.requestId = requestIdOf(headers.get("x-request-id"));
  progress.clientIp = attributes.sourceAddress;
  if (!attributes.hasHttp) throw new DenyError("request.malformed", "there is no HTTP request");
  checkMethod(attributes.method, headers);

  const { method } = attributes;
  const [rawPath, query] = splitTarget(attributes.path);
  const path = canonicalPath(rawPath);
  const host = hostOf(attributes, headers);
  const route = routeOf(attributes, headers, host, path, rules, progress);

  checkQuery(query);
  headers.check(attributes);
  checkUpgrade(headers);
  const reader = route === undefined ? undefined : SURFACE_READERS[route.surface];
  if (route === undefined || reader === undefined) {
    throw new DenyError("route.unknown", "no route matches");
  }
  const credential = readCredential(headers);
  const { bodyBytesMax } = rules;
  const placed = { attributes, headers, route, path, query, bodyBytesMax, progress };
  checkOrigin(placed);
  const meaning = readPreflight(placed) ?? reader.read(placed);
  progress.echo = meaning.echo;
  return {
    route,
    method,
    host,
    path,
    query,
    requestId: progress.requestId,
    clientIp: attributes.sourceAddress,
    peerPrincipal: route.mtls === undefined ? "" : attributes.sourcePrincipal,
    userAgent: headers.get("user-agent") ?? "",
    credential,
    operation: meaning.operation,
    action: meaning.action,
    resource: meaning.resource,
    moreResources: meaning.moreResources ?? NO_RESOURCES,
    agentMessage: meaning.agentMessage,
    parameters: meaning.parameters,
    parametersKnown: meaning.parametersKnown ?? true,
    untrusted: meaning.untrusted,
    claimedUserId: meaning.claimedUserId,
    mcp: meaning.mcp,
    a2a: meaning.a2a,
    treatment: meaning.treatment,
    isCacheable: meaning.isCacheable ?? true,
    echo: meaning.echo,
  };
}

function splitTarget(target: string): readonly [path: string, query: string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
}

function hostOf(attributes: CheckAttributes, headers: RequestHeaders): string {
  const scheme = readScheme(attributes.scheme);
  const host = canonicalHost(attributes.host, scheme);
  requireSameHost(headers.get("host"), host, scheme);
  return host;
}

/** As early as possible: the route decides in which form a refusal is given. */
function routeOf(
  attributes: CheckAttributes,
  headers: RequestHeaders,
  host: string,
  path: string,
  rules: RequestRules,
  progress: RequestProgress,
): Route | undefined {
  const matched = rules.routes.match(attributes.method, host, path);
  if (matched === undefined) return undefined;
  progress.route = matched;
  const route = rules.routes.extended(matched, attributes.contextExtensions);
  progress.route = route;
  const echo = SURFACE_READERS[route.surface]?.echo(headers, route, path);
  if (echo !== undefined) progress.echo = echo;
  return route;
}

/** The caller's own, when it is fit for a log line; else empty. */
function requestIdOf(header: string | undefined): string {
  if (header === undefined || header.length > REQUEST_ID_CHARACTERS_MAX) return "";
  return VISIBLE_ASCII.test(header) ? header : "";
}
