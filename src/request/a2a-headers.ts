/**
 * What the headers of an A2A request say: version of the protocol, extensions, and which binding is
 * spoken.
 *
 * @module
 */

import { DenyError } from "../domain/errors.ts";
import { A2A_EXTENSIONS_MAX, ADDRESS_BYTES_MAX } from "../domain/limits.ts";
import type { A2aFacts, Echo } from "../domain/request.ts";
import { A2A_VERSIONS, type A2aVersion, type Route } from "../domain/route.ts";
import { agreed, paramsInvalid } from "./a2a-ids.ts";
import type { RequestHeaders } from "./request-headers.ts";

export type A2aBinding = A2aFacts["binding"];

/** Of both versions; a reader of one may look at the header of the other. */
const EXTENSION_HEADERS = ["a2a-extensions", "x-a2a-extensions"] as const;
const GRPC_TYPE = "application/grpc";
/** What the protocol says of a request that names no version. */
const VERSION_UNNAMED = "0.3";
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/;

const DIALECTS = { jsonrpc: "a2a-jsonrpc", rest: "a2a-rest", grpc: "grpc" } as const;

/** `below` is the part of the path behind the route's prefix. */
export function bindingOf(headers: RequestHeaders, below: string): A2aBinding {
  if (headers.get("content-type")?.toLowerCase().startsWith(GRPC_TYPE) === true) return "grpc";
  return below === "" || below === "/" ? "jsonrpc" : "rest";
}

/** How a refusal looks before more is known than headers and path. */
export function earlyEcho(headers: RequestHeaders, below: string): Echo {
  return {
    dialect: DIALECTS[bindingOf(headers, below)],
    rpcId: undefined,
    isNotification: false,
    a2aVersion: errorShapeOf(headers.get("a2a-version")),
  };
}

/** Everything from 1.0 on has the newer shape. */
export function errorShapeOf(named: string | undefined): A2aVersion {
  return named === undefined || named === "" || named.startsWith("0.") ? "0.3" : "1.0";
}

/**
 * @param inQuery version that the query names
 * @throws {DenyError} `a2a.version_conflict`, `a2a.version_unsupported`
 */
export function versionOf(
  headers: RequestHeaders,
  inQuery: string | undefined,
  route: Route,
): A2aVersion {
  const named = agreed([headers.get("a2a-version"), inQuery], "a2a.version_conflict");
  const asked = named === undefined || named === "" ? VERSION_UNNAMED : named;
  const version = A2A_VERSIONS.find((known) => known === asked);
  if (version === undefined || !route.a2a.versions.has(version)) {
    throw new DenyError("a2a.version_unsupported", "the protocol version is not spoken here");
  }
  return version;
}

/** @throws {DenyError} `rpc.params_invalid` */
export function extensionsOf(headers: RequestHeaders): readonly string[] {
  const lists = EXTENSION_HEADERS.flatMap((name) => headers.get(name) ?? []);
  const uris = lists
    .join(",")
    .split(",")
    .map(trimmed)
    .filter((uri) => uri !== "");
  const isFine =
    lists.every((list) => list.length <= ADDRESS_BYTES_MAX) &&
    uris.length <= A2A_EXTENSIONS_MAX &&
    uris.every((uri) => ABSOLUTE_URI.test(uri));
  if (!isFine) throw paramsInvalid("the extensions are not a short list of absolute URIs");
  return [...new Set(uris)];
}

function trimmed(text: string): string {
  return text.trim();
}
