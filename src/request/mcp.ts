/**
 * MCP over HTTP: one JSON-RPC message per POST, the server's stream (GET) and the end of a session
 * (DELETE).
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { UNTRUSTED_BYTES_MAX } from "../domain/limits.ts";
import type { ResourceName } from "../domain/request.ts";
import { type JsonNode, lazyMembers, lazyObject, NO_JSON } from "../json/json-node.ts";
import { readStrictJson } from "../json/strict-json.ts";
import { requireJsonBody } from "./body-rules.ts";
import { isName, requireNoNul } from "./identifier.ts";
import { echoOf, type RpcCall, readRpcCall } from "./json-rpc.ts";
import { MCP_LEVEL, META_VERSION } from "./mcp-level.ts";
import { MCP_HTTP_METHODS, MCP_METHODS, type McpMethod } from "./mcp-methods.ts";
import type { Meaning, PlacedRequest } from "./surface.ts";

const VERSIONS: ReadonlySet<string> = new Set([
  "2025-03-26",
  "2025-06-18",
  "2025-11-25",
  "2026-07-28",
]);
/** From here on there is no session, no stream and no message but POST. Dates compare as text. */
const MODERN_SINCE = "2026-07-28";
/** What the protocol says of a request that names no version. */
const VERSION_UNNAMED = "2025-03-26";
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const SERVER_IN_PATH = /^\/mcp\/([^/]+)(?:\/|$)/;

export function readMcp(placed: PlacedRequest): Meaning {
  const { attributes, headers, progress } = placed;
  const named = headers.get("mcp-protocol-version");
  const isModern = named !== undefined && named >= MODERN_SINCE;
  progress.echo = { dialect: "jsonrpc", rpcId: undefined, isNotification: false, isModern };
  // No route can list origins yet, so a browser page is never the caller.
  if (headers.get("origin") !== undefined) {
    throw new DenyError("origin.refused", "no origin is allowed on this route");
  }
  const server = serverOf(placed);
  if (attributes.method !== "POST") return readWithoutMessage(placed, server, isModern);

  const body = requireJsonBody(attributes, headers, placed.bodyBytesMax);
  const root = readStrictJson(body, MCP_LEVEL);
  progress.echo = echoOf(root, isModern);
  const call = readRpcCall(root, progress.echo);
  const method = MCP_METHODS.get(call.method);
  if (method === undefined) throw new DenyError("rpc.method_unknown", "the method is not known");

  const meta = requireObject(call.params?.member("_meta"));
  const resource = resourceOf(method, server, call);
  requireMirrored(placed, call.method, resource.tool);
  return {
    operation: call.method,
    action: method.action,
    resource,
    parameters:
      method.names === "tool"
        ? lazyObject(requireObject(call.params?.member("arguments")))
        : NO_JSON,
    untrusted: claimsOf(method, call),
    mcp: { method: call.method, protocolVersion: versionOf(named, meta, call), sessionId: null },
    treatment: method.treatment,
    echo: call.echo,
  };
}

function readWithoutMessage(placed: PlacedRequest, server: string, isModern: boolean): Meaning {
  const { attributes, headers } = placed;
  const method = isModern ? undefined : MCP_HTTP_METHODS.get(attributes.method);
  const isStream = headers.get("accept")?.toLowerCase().includes("text/event-stream") === true;
  if (method === undefined || (attributes.method === "GET" && !isStream)) {
    throw new DenyError("mcp.http_method", "MCP is not spoken with this HTTP method");
  }
  const protocolVersion = versionOf(headers.get("mcp-protocol-version"), undefined, undefined);
  return {
    operation: attributes.method,
    action: method.action,
    resource: { type: "server", server, tool: null, name: null, claimedSensitivity: undefined },
    parameters: NO_JSON,
    untrusted: NO_JSON,
    mcp: { method: attributes.method, protocolVersion, sessionId: null },
    treatment: method.treatment,
    echo: { dialect: "jsonrpc", rpcId: undefined, isNotification: false, isModern },
  };
}

/** Never from a header or a body: only Envoy's configuration and the matched path name the server. */
function serverOf(placed: PlacedRequest): string {
  if (placed.route.serverName !== undefined) return placed.route.serverName;
  const segment = SERVER_IN_PATH.exec(placed.path)?.[1];
  if (segment === undefined) throw new DenyError("route.unknown", "the path names no MCP server");
  if (!isName(segment)) throw new DenyError("mcp.name_invalid", "the server name is not a name");
  return segment;
}

function resourceOf(method: McpMethod, server: string, call: RpcCall): ResourceName {
  const base = { server, name: null, claimedSensitivity: undefined } as const;
  if (method.names === "server") return { ...base, type: "server", tool: null };
  const tool = call.params?.member("name")?.text;
  if (tool === undefined) throw paramsInvalid("the call names no tool");
  requireNoNul(tool);
  if (!isName(tool)) throw new DenyError("mcp.name_invalid", "the tool name is not a name");
  return { ...base, type: "tool", tool };
}

/** Headers that repeat the body are read by gateways on the way; they must not tell another story. */
function requireMirrored(placed: PlacedRequest, method: string, tool: string | null): void {
  const { headers } = placed;
  const namedMethod = headers.get("mcp-method");
  const namedTool = headers.get("mcp-name");
  const isSame =
    (namedMethod === undefined || namedMethod === method) &&
    (namedTool === undefined || tool === null || namedTool === tool);
  if (!isSame) throw new DenyError("mcp.header_mismatch", "a header and the body differ");
}

function claimsOf(method: McpMethod, call: RpcCall) {
  const { params } = call;
  if (params === undefined) return NO_JSON;
  const names = ["_meta", ...method.claims];
  const claims = lazyMembers(names.map((name) => [name, params.member(name)] as const));
  if (claims.bytes.length > UNTRUSTED_BYTES_MAX) throw paramsInvalid("the claims are too long");
  return claims;
}

function versionOf(
  named: string | undefined,
  meta: JsonNode | undefined,
  call: RpcCall | undefined,
): string {
  if (named !== undefined && !VERSIONS.has(named)) {
    throw new DenyError("mcp.version_unsupported", "the protocol version is not supported");
  }
  const inMeta = requireText(meta?.member(META_VERSION));
  if (named !== undefined && inMeta !== undefined && inMeta !== named) {
    throw new DenyError("mcp.header_mismatch", "header and body name different versions");
  }
  if (call?.method === "initialize") {
    // An offer: the server answers with a version it has, so an unknown one is no fault.
    const offered = requireText(call.params?.member("protocolVersion"));
    if (offered !== undefined && DATE.test(offered)) return offered;
  }
  if (inMeta !== undefined && !VERSIONS.has(inMeta)) {
    throw new DenyError("mcp.version_unsupported", "the protocol version is not supported");
  }
  return named ?? inMeta ?? VERSION_UNNAMED;
}

function requireObject(node: JsonNode | undefined): JsonNode | undefined {
  if (node === undefined || node.kind === "object") return node;
  throw paramsInvalid("a member of params is not an object");
}

function requireText(node: JsonNode | undefined): string | undefined {
  if (node === undefined || node.kind === "string") return node?.text;
  throw paramsInvalid("a version is not a string");
}

function paramsInvalid(message: string): DenyError {
  return new DenyError("rpc.params_invalid", message);
}
