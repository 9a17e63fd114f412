/**
 * Requests of browser pages. A page may call when its origin is listed; a preflight, which browsers
 * send without credentials, goes through to the upstream that answers it.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { NO_JSON } from "../json/json-node.ts";
import { hasNoBody } from "./body-rules.ts";
import { HTTP_ECHO, httpResource, type Meaning, type PlacedRequest } from "./surface.ts";

const METHOD = /^[A-Z]{1,32}$/;
/** Not meant for pages: without a list no origin is allowed there. */
const PROTOCOLS: ReadonlySet<string> = new Set(["mcp", "a2a"]);

/** @throws {DenyError} `origin.refused` */
export function checkOrigin({ route, headers }: PlacedRequest): void {
  const origin = headers.get("origin");
  if (origin === undefined) return;
  const isOpen = route.corsOrigins === undefined && !PROTOCOLS.has(route.surface);
  if (!isOpen && route.corsOrigins?.has(origin) !== true) {
    throw new DenyError("origin.refused", "the origin is not allowed on this route");
  }
}

/**
 * A true preflight, or undefined for any other request. The origin has been checked.
 *
 * @throws {DenyError} `method.refused` for an OPTIONS request that is none
 */
export function readPreflight(placed: PlacedRequest): Meaning | undefined {
  const { attributes, headers, route } = placed;
  if (attributes.method !== "OPTIONS" || route.corsOrigins === undefined) return undefined;
  const isPreflight =
    headers.get("origin") !== undefined &&
    METHOD.test(headers.get("access-control-request-method") ?? "") &&
    hasNoBody(attributes, headers) &&
    // Chunks declare no length, and not on every route does Envoy show what is in them.
    headers.get("transfer-encoding") === undefined;
  if (!isPreflight) throw new DenyError("method.refused", "only preflights use this method");
  return {
    operation: attributes.method,
    action: "http:read",
    resource: httpResource(route),
    parameters: NO_JSON,
    untrusted: NO_JSON,
    treatment: "public",
    echo: HTTP_ECHO,
  };
}
