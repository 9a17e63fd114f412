/**
 * MCP over HTTP: one JSON-RPC message per POST, the server's stream (GET) and the end of a session
 * (DELETE).
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { UNTRUSTED_BYTES_MAX } from "../domain/limits.ts";
import type { Echo, LazyJson } from "../domain/request.ts";
import type { Route } from "../domain/route.ts";
import { type JsonNode, lazyMembers, lazyObject, NO_JSON } from "../json/json-node.ts";
import { hasNoBody } from "./body-rules.ts";
import { isName } from "./identifier.ts";
import { echoOf, isRpcAnswer, type RpcCall, readRpcCall, requireRpcAnswer } from "./json-rpc.ts";
import { requireMirrored, sessionOf } from "./mcp-headers.ts";
import { META_VERSION } from "./mcp-level.ts";
import { type McpMessage, readMessage, requireEnvoyAgrees } from "./mcp-message.ts";
import {
  CLIENT_RESPONSE,
  CLIENT_RESPONSE_METHOD,
  isNotificationName,
  MCP_HTTP_METHODS,
  MCP_METHODS,
  type McpMethod,
  SERVER_METHODS,
} from "./mcp-methods.ts";
import { resourcesOf, serverResource } from "./mcp-resources.ts";
import {
  acceptsLegacy,
  asVersion,
  looksModern,
  requireMeta,
  type Spoken,
  versionOf,
  versionOfInitialize,
} from "./mcp-version.ts";
import type { RequestHeaders } from "./request-headers.ts";
import type { Meaning, PlacedRequest } from "./surface.ts";

const SERVER_IN_PATH = /^\/mcp\/([^/]+)(?:\/|$)/;
const INITIALIZE = "initialize";

/** Before the body is read: a refusal has the form of the revision that the header names. */
export function mcpEcho(route: Route, headers: RequestHeaders): Echo & { isModern: boolean } {
  const isModern = looksModern(route, headers.get("mcp-protocol-version"));
  return { dialect: "jsonrpc", rpcId: undefined, isNotification: false, isModern };
}

export function readMcp(placed: PlacedRequest): Meaning {
  const { attributes, headers, route, progress } = placed;
  const before = mcpEcho(route, headers);
  const { isModern } = before;
  const server = serverOf(placed);
  if (attributes.method !== "POST") return readWithoutMessage(placed, server, isModern);

  const message = readMessage(placed);
  // Headers do not tell whether there is an id.
  const echo = message.source === "headers" ? before : echoOf(message.root, isModern);
  progress.echo = echo;
  return isRpcAnswer(message.root)
    ? readAnswer(placed, server, message, echo)
    : readCall(placed, server, message, echo);
}

function readCall(placed: PlacedRequest, server: string, message: McpMessage, echo: Echo): Meaning {
  const { headers, route } = placed;
  const call = readRpcCall(message.root, echo);
  const meta = requireObject(call.params?.member("_meta"));
  const spoken = spokenIn(placed, call, meta);
  const method = methodOf(call.method, spoken);
  if (spoken.isModern && message.source !== "headers") requireMeta(meta);

  const { resource, moreResources, name } = resourcesOf(method, server, call.params);
  requireMirrored(headers, spoken, call.method, method, name);
  requireEnvoyAgrees(placed, message, call.method, method);
  const sessionId = call.method === INITIALIZE ? null : sessionOf(headers, route, spoken);
  const facts = { method: call.method, protocolVersion: spoken.version, sessionId };
  const parametersKnown = message.source === "body";
  const isToolCall = spoken.isModern && method.names === "tool" && parametersKnown;
  return {
    operation: call.method,
    action: method.action,
    resource,
    moreResources,
    parameters: parametersKnown ? parametersOf(method, call) : NO_JSON,
    parametersKnown,
    untrusted: claimsOf(method, call, meta),
    mcp: isToolCall ? { ...facts, parameterHeaders: headers.parameters() } : facts,
    treatment: method.treatment,
    isCacheable: isCacheable(method, call, message),
    echo: call.echo,
  };
}

/** What the client answers to a call of the server's: only within a session there was one. */
function readAnswer(
  placed: PlacedRequest,
  server: string,
  message: McpMessage,
  echo: Echo,
): Meaning {
  const { headers, route } = placed;
  requireRpcAnswer(message.root);
  const spoken = requireSpoken(
    placed,
    versionOf(route, versionNamed(placed), undefined),
    undefined,
  );
  const sessionId = sessionOf(headers, route, spoken);
  if (sessionId === null) {
    throw new DenyError("rpc.response_unexpected", "no request is waiting for an answer");
  }
  requireMirrored(headers, spoken, CLIENT_RESPONSE, CLIENT_RESPONSE_METHOD, null);
  requireEnvoyAgrees(placed, message, CLIENT_RESPONSE, CLIENT_RESPONSE_METHOD);
  return {
    operation: CLIENT_RESPONSE,
    action: CLIENT_RESPONSE_METHOD.action,
    resource: serverResource(server),
    parameters: NO_JSON,
    untrusted: NO_JSON,
    mcp: { method: CLIENT_RESPONSE, protocolVersion: spoken.version, sessionId },
    treatment: CLIENT_RESPONSE_METHOD.treatment,
    isCacheable: false,
    echo,
  };
}

function readWithoutMessage(placed: PlacedRequest, server: string, isModern: boolean): Meaning {
  const { attributes, headers, route } = placed;
  const isServed = acceptsLegacy(route) && !isModern;
  const method = isServed ? MCP_HTTP_METHODS.get(attributes.method) : undefined;
  const isStream = headers.get("accept")?.toLowerCase().includes("text/event-stream") === true;
  if (method === undefined || (attributes.method === "GET" && !isStream)) {
    throw new DenyError("mcp.http_method", "MCP is not spoken with this HTTP method");
  }
  // A server that takes a message with any method would do what nobody has read.
  if (!hasNoBody(attributes, headers)) {
    throw new DenyError("mcp.http_method", "a message comes with POST only");
  }
  const spoken = requireSpoken(
    placed,
    versionOf(route, versionNamed(placed), undefined),
    undefined,
  );
  return {
    operation: attributes.method,
    action: method.action,
    resource: serverResource(server),
    parameters: NO_JSON,
    untrusted: NO_JSON,
    mcp: {
      method: attributes.method,
      protocolVersion: spoken.version,
      sessionId: sessionOf(headers, route, spoken),
    },
    treatment: method.treatment,
    isCacheable: false,
    echo: { dialect: "jsonrpc", rpcId: undefined, isNotification: false, isModern: false },
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

function versionNamed({ headers }: PlacedRequest): string | undefined {
  return headers.get("mcp-protocol-version");
}

function spokenIn(placed: PlacedRequest, call: RpcCall, meta: JsonNode | undefined): Spoken {
  const named = versionNamed(placed);
  const inMeta = meta?.member(META_VERSION);
  if (call.method !== INITIALIZE) {
    return requireSpoken(placed, versionOf(placed.route, named, inMeta), undefined);
  }
  const offered = call.params?.member("protocolVersion");
  if (offered !== undefined && offered.kind !== "string") {
    throw paramsInvalid("a version is not a string");
  }
  const spoken = versionOfInitialize(placed.route, named, inMeta, offered?.text);
  return requireSpoken(placed, spoken, offered?.text);
}

/** The refusal names the version that was asked for, so that a client can choose another one. */
function requireSpoken(
  placed: PlacedRequest,
  spoken: Spoken | undefined,
  offered: string | undefined,
): Spoken {
  if (spoken !== undefined) return spoken;
  const { progress } = placed;
  const requestedVersion = asVersion(versionNamed(placed) ?? offered);
  if (progress.echo !== undefined && requestedVersion !== undefined) {
    progress.echo = { ...progress.echo, requestedVersion };
  }
  throw new DenyError("mcp.version_unsupported", "the protocol version is not accepted here");
}

function methodOf(name: string, spoken: Spoken): McpMethod {
  if (SERVER_METHODS.has(name)) throw new DenyError("mcp.direction", "only servers send this");
  const method = MCP_METHODS.get(name);
  if (method === undefined || (spoken.isModern && isNotificationName(name))) {
    throw new DenyError("rpc.method_unknown", "the method is not known");
  }
  if (!method.versions.has(spoken.rules)) {
    throw new DenyError("mcp.method_not_in_version", "the method belongs to another version");
  }
  return method;
}

function parametersOf(method: McpMethod, call: RpcCall): LazyJson {
  if (method.parameters === undefined) return NO_JSON;
  const parameters = requireObject(call.params?.member(method.parameters));
  if (parameters === undefined && method.parameters === "argument") {
    throw paramsInvalid("there is no argument to complete");
  }
  return lazyObject(parameters);
}

/**
 * A retry with answers of the user is decided anew, and so is whatever may be one unseen: without a
 * body neither answers nor arguments are known.
 */
function isCacheable(method: McpMethod, { params }: RpcCall, { source }: McpMessage): boolean {
  if (source !== "body") return method.names === "server";
  return (
    params?.member("inputResponses") === undefined && params?.member("requestState") === undefined
  );
}

function claimsOf(method: McpMethod, call: RpcCall, meta: JsonNode | undefined): LazyJson {
  const { params } = call;
  if (params === undefined || (meta === undefined && method.claims === undefined)) return NO_JSON;
  const names = ["_meta", ...(method.claims ?? [])];
  const claims = lazyMembers(names.map((name) => [name, params.member(name)] as const));
  if (claims.bytes.length > UNTRUSTED_BYTES_MAX) throw paramsInvalid("the claims are too long");
  return claims;
}

function requireObject(node: JsonNode | undefined): JsonNode | undefined {
  if (node === undefined || node.kind === "object") return node;
  throw paramsInvalid("a member of params is not an object");
}

function paramsInvalid(message: string): DenyError {
  return new DenyError("rpc.params_invalid", message);
}
