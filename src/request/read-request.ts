/**
 * Envoy's attributes → the one request everything later derives from, or a refusal. Pure: no clock, no
 * I/O. The order is the place (method, path, query, host, route), the headers, the credential, then the
 * meaning.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { REQUEST_ID_CHARACTERS_MAX } from "../domain/limits.ts";
import type { AuthzRequest, Echo } from "../domain/request.ts";
import type { Route, Surface } from "../domain/route.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import { readCredential } from "./bearer-token.ts";
import { readHttp } from "./http.ts";
import { readMcp } from "./mcp.ts";
import { readPlace } from "./place.ts";
import { RequestHeaders } from "./request-headers.ts";
import { refusal } from "./request-rule.ts";
import type { RouteTable } from "./route-table.ts";
import { readSark } from "./sark.ts";
import {
  HTTP_ECHO,
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
  readonly echo: Echo;
  readonly read: (placed: PlacedRequest) => Meaning;
}

/** The route table lets no route of another surface in. */
const SURFACE_READERS: Readonly<Partial<Record<Surface, SurfaceReader>>> = {
  mcp: {
    echo: { dialect: "jsonrpc", rpcId: undefined, isNotification: false },
    read: readMcp,
  },
  sark: { echo: SARK_ECHO, read: readSark },
  http: { echo: HTTP_ECHO, read: readHttp },
};

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
  const place = readPlace(attributes, headers, rules.routes);
  const route = routeOf(place.route, attributes, rules, progress);
  if (place.broken !== undefined) throw refusal(place.broken);
  headers.check(attributes);
  const reader = route === undefined ? undefined : SURFACE_READERS[route.surface];
  if (route === undefined || reader === undefined) {
    throw new DenyError("route.unknown", "no route matches");
  }
  const credential = readCredential(headers);
  const { bodyBytesMax } = rules;
  const { path } = place;
  const meaning = reader.read({ attributes, headers, route, path, bodyBytesMax, progress });
  progress.echo = meaning.echo;
  return {
    route,
    method: attributes.method,
    host: place.host,
    path,
    query: place.query,
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

/** As early as possible: the route decides in which form a refusal is given. */
function routeOf(
  matched: Route | undefined,
  attributes: CheckAttributes,
  rules: RequestRules,
  progress: RequestProgress,
): Route | undefined {
  if (matched === undefined) return undefined;
  progress.route = matched;
  const route = rules.routes.extended(matched, attributes.contextExtensions);
  progress.route = route;
  const echo = SURFACE_READERS[route.surface]?.echo;
  if (echo !== undefined) progress.echo = echo;
  return route;
}

/** The caller's own, when it is fit for a log line; else empty. */
function requestIdOf(header: string | undefined): string {
  if (header === undefined || header.length > REQUEST_ID_CHARACTERS_MAX) return "";
  return VISIBLE_ASCII.test(header) ? header : "";
}
