/**
 * What the surfaces share: each reads its own meaning out of a request whose place is already known.
 *
 * @module
 */
import type { AuthzRequest, Echo, ResourceName } from "../domain/request.ts";
import type { Route } from "../domain/route.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import type { RequestHeaders } from "./request-headers.ts";

/** Filled as soon as something is known, so that a refusal can be answered in the caller's dialect. */
export interface RequestProgress {
  route?: Route;
  echo?: Echo;
  requestId?: string;
  clientIp?: string;
}

/** A request with everything canonical but its meaning. */
export interface PlacedRequest {
  readonly attributes: CheckAttributes;
  readonly headers: RequestHeaders;
  readonly route: Route;
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
  readonly bodyBytesMax: number;
  readonly progress: RequestProgress;
}

/** What only the surface can tell. What it leaves out is nothing of its kind. */
export type Meaning = Pick<
  AuthzRequest,
  "operation" | "action" | "resource" | "parameters" | "untrusted" | "treatment" | "echo"
> &
  Partial<
    Pick<
      AuthzRequest,
      | "moreResources"
      | "agentMessage"
      | "parametersKnown"
      | "claimedUserId"
      | "mcp"
      | "a2a"
      | "isCacheable"
    >
  >;

export const NO_RESOURCES: AuthzRequest["moreResources"] = Object.freeze([]);

export const HTTP_ECHO: Echo = { dialect: "http", rpcId: undefined, isNotification: false };
export const SARK_ECHO: Echo = { dialect: "sark", rpcId: undefined, isNotification: false };
export const GRPC_ECHO: Echo = { dialect: "grpc", rpcId: undefined, isNotification: false };

/** Envoy answers such a caller in trailers; a document in them would be unreadable. */
export function httpEcho(headers: RequestHeaders): Echo {
  return headers.get("content-type")?.startsWith("application/grpc") === true
    ? GRPC_ECHO
    : HTTP_ECHO;
}

/** What a request is about that names nothing but its route. */
export function httpResource(route: Route): ResourceName {
  return {
    type: "http",
    server: route.name,
    tool: null,
    name: null,
    claimedSensitivity: undefined,
  };
}
