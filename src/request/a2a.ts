/**
 * A2A over HTTP: one operation on the agent behind the route, in the JSON-RPC, the REST or the gRPC
 * binding of version 1.0 or 0.3. The route names the agent; body and headers never do.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { A2aFacts, AgentMessage, Echo, ResourceName } from "../domain/request.ts";
import type { A2aVersion, Route } from "../domain/route.ts";
import { type JsonNode, lazyMembers, lazyObject, NO_JSON } from "../json/json-node.ts";
import { readStrictJson } from "../json/strict-json.ts";
import { type A2aBinding, bindingOf, earlyEcho, extensionsOf, versionOf } from "./a2a-headers.ts";
import { agreed, paramsInvalid } from "./a2a-ids.ts";
import { A2A_REST_LEVEL, A2A_RPC_LEVEL } from "./a2a-level.ts";
import { type A2aOperation, operationByMethod } from "./a2a-operations.ts";
import { type A2aNames, type PlaceNames, readA2aNames } from "./a2a-params.ts";
import { type A2aQuery, readA2aQuery } from "./a2a-query.ts";
import { restTarget } from "./a2a-rest-path.ts";
import { hasNoBody, requireJsonBody } from "./body-rules.ts";
import { isName } from "./identifier.ts";
import { echoOf, readRpcCall } from "./json-rpc.ts";
import type { RequestHeaders } from "./request-headers.ts";
import type { Meaning, PlacedRequest } from "./surface.ts";

const CARD_PATH = "/.well-known/agent-card.json";
const GRPC_SERVICE = "/lf.a2a.v1.A2AService/";
const A2A_TYPES: readonly string[] = ["application/a2a+json"];

/** An operation, recognised and with everything it names. */
interface Asked {
  readonly operation: A2aOperation;
  readonly names: A2aNames;
  /** Undefined = there are none; gRPC never shows them. */
  readonly params: JsonNode | undefined;
}

/** How a refusal looks before the body was read. */
export function a2aEcho(headers: RequestHeaders, route: Route, path: string): Echo {
  return earlyEcho(headers, pathBelow(route, path));
}

export function readA2a(placed: PlacedRequest): Meaning {
  const { headers, route, progress, attributes } = placed;
  const agentId = agentOf(route);
  const below = pathBelow(route, placed.path);
  const binding = bindingOf(headers, below);
  const query = readA2aQuery(placed.query);
  if (below === CARD_PATH && binding !== "grpc") return readCard(placed);

  const version = versionOf(headers, query.version, route);
  const echo = { ...a2aEcho(headers, route, placed.path), a2aVersion: version };
  progress.echo = echo;
  if (binding === "jsonrpc" && attributes.method !== "POST") {
    throw new DenyError("method.refused", "JSON-RPC is spoken with POST");
  }
  const asked = readAsked(placed, binding, version, below, query);
  return meaningOf(placed, asked, { binding, version, agentId });
}

function readAsked(
  placed: PlacedRequest,
  binding: A2aBinding,
  version: A2aVersion,
  below: string,
  query: A2aQuery,
): Asked {
  if (binding === "grpc") return readGrpc(placed, version);
  return binding === "jsonrpc"
    ? readRpc(placed, version, query)
    : readRest(placed, version, below, query);
}

/** Only Envoy's configuration and the route table name the agent. */
function agentOf(route: Route): string {
  if (route.agentId === undefined) throw new DenyError("route.unknown", "the route names no agent");
  return route.agentId;
}

/** Behind the prefix; of an exact path nothing, unless it is the card's. */
function pathBelow(route: Route, path: string): string {
  const { pathPrefix } = route;
  if (pathPrefix === undefined) return path.endsWith(CARD_PATH) ? CARD_PATH : "";
  return path.slice(pathPrefix === "/" ? 0 : pathPrefix.length);
}

/** The public card: for everybody, or for every caller that the route lets in. */
function readCard(placed: PlacedRequest): Meaning {
  const { attributes, headers, route } = placed;
  // What comes with it would go on unread, and on a public card from anybody.
  if (attributes.method !== "GET" || !hasNoBody(attributes, headers)) throw methodUnknown();
  // Whoever reads a card does not know yet which version the agent speaks.
  if ((headers.get("a2a-version") ?? "") !== "") versionOf(headers, undefined, route);
  return {
    operation: "GetAgentCard",
    action: "a2a:query",
    resource: resource("card"),
    parameters: NO_JSON,
    untrusted: NO_JSON,
    treatment: route.a2a.publicCard ? "public" : "always",
    echo: a2aEcho(headers, route, placed.path),
  };
}

/** A stream of messages has no body to read, so nothing is known but the operation. */
function readGrpc(placed: PlacedRequest, version: A2aVersion): Asked {
  const { attributes, path } = placed;
  const name = path.startsWith(GRPC_SERVICE) ? path.slice(GRPC_SERVICE.length) : "";
  const operation = version === "1.0" ? operationByMethod(name, version) : undefined;
  if (operation === undefined || attributes.method !== "POST") throw methodUnknown();
  const names: A2aNames = {
    tenant: undefined,
    taskId: undefined,
    contextId: undefined,
    configId: undefined,
    referenceTaskIds: [],
    pushHost: null,
    // An address that can not be seen can not be checked.
    isPushUrlValid: operation.subject !== "new-config",
    partHosts: [],
  };
  return { operation, names, params: undefined };
}

function readRpc(placed: PlacedRequest, version: A2aVersion, query: A2aQuery): Asked {
  const { attributes, headers, progress } = placed;
  const body = requireJsonBody(attributes, headers, placed.bodyBytesMax, A2A_TYPES);
  const root = readStrictJson(body, A2A_RPC_LEVEL);
  const { rpcId } = echoOf(root, false);
  // The protocol has no notifications: a call without an id is answered with the id null.
  const echo: Echo = {
    dialect: "a2a-jsonrpc",
    rpcId,
    isNotification: false,
    a2aVersion: version,
  };
  progress.echo = echo;
  const { method, params } = readRpcCall(root, echo);
  const operation = operationByMethod(method, version);
  if (operation === undefined) throw methodUnknown();
  const place: PlaceNames = { ...NO_PLACE, otherTenant: query.tenant };
  const names = readA2aNames(operation, version === "0.3", params, place);
  return { operation, names, params };
}

const NO_PLACE: PlaceNames = {
  tenant: undefined,
  taskId: undefined,
  contextId: undefined,
  configId: undefined,
  otherTaskId: undefined,
  otherTenant: undefined,
};

function readRest(
  placed: PlacedRequest,
  version: A2aVersion,
  below: string,
  query: A2aQuery,
): Asked {
  const target = restTarget(placed.attributes.method, below, version);
  if (target === undefined) throw methodUnknown();
  const { operation, tenant, taskId } = target;
  // Beside a path that names a config, `id` is the config's.
  const isConfig = operation.subject === "config";
  const needsBody = operation.subject === "message" || operation.subject === "new-config";
  const params = restBody(placed, needsBody);
  const names = readA2aNames(operation, false, params, {
    tenant,
    taskId,
    configId: agreed([target.configId, isConfig ? query.id : undefined], "a2a.id_conflict"),
    contextId: query.contextId,
    otherTaskId: agreed([query.taskId, isConfig ? undefined : query.id], "a2a.id_conflict"),
    otherTenant: query.tenant,
  });
  return { operation, names, params };
}

/** Where no body is needed, some clients write `null` for none. */
function restBody(placed: PlacedRequest, isNeeded: boolean): JsonNode | undefined {
  const { attributes, headers } = placed;
  if (!isNeeded && hasNoBody(attributes, headers)) return undefined;
  const body = requireJsonBody(attributes, headers, placed.bodyBytesMax, A2A_TYPES);
  const root = readStrictJson(body, A2A_REST_LEVEL);
  if (root.kind === "null" && !isNeeded) return undefined;
  if (root.kind !== "object") throw paramsInvalid("the body is not an object");
  return root;
}

interface Place {
  readonly binding: A2aBinding;
  readonly version: A2aVersion;
  readonly agentId: string;
}

function meaningOf(placed: PlacedRequest, asked: Asked, place: Place): Meaning {
  const { headers, route, progress } = placed;
  const { operation, names, params } = asked;
  const { binding, version, agentId } = place;
  const capability = route.a2a.capabilityMap.get(operation.name) ?? operation.capability;
  const facts: A2aFacts = {
    operation: operation.name,
    binding,
    protocolVersion: version,
    taskId: names.taskId ?? null,
    contextId: names.contextId ?? null,
    pushConfigId: names.configId ?? null,
    referenceTaskIds: names.referenceTaskIds,
    tenant: names.tenant ?? null,
    extensions: extensionsOf(headers),
    pushHost: names.pushHost,
    isPushUrlValid: names.isPushUrlValid,
    partHosts: names.partHosts,
  };
  const agentMessage: AgentMessage = {
    sourceAgentId: undefined,
    targetAgentId: agentId,
    capability,
    targetEnvironment: "",
    claimedDelegationDepth: 0,
  };
  return {
    operation: operation.name,
    action: `a2a:${capability}`,
    resource: resourceOf(operation, names),
    moreResources: names.referenceTaskIds.map((id) => resource("task", id)),
    agentMessage,
    parameters: lazyObject(params),
    parametersKnown: binding !== "grpc",
    untrusted: lazyMembers([["skill", skillOf(params)]]),
    a2a: facts,
    treatment: "policy",
    echo: progress.echo ?? a2aEcho(headers, route, placed.path),
  };
}

function resourceOf({ subject }: A2aOperation, names: A2aNames): ResourceName {
  if (names.taskId !== undefined) return resource("task", names.taskId);
  return resource(subject === "card" ? "card" : "agent");
}

function resource(type: ResourceName["type"], name?: string): ResourceName {
  return { type, server: null, tool: null, name: name ?? null, claimedSensitivity: undefined };
}

/** No field of the protocol: agents that ask for a skill by name write it into their metadata. */
function skillOf(params: JsonNode | undefined): string | undefined {
  for (const holder of [params?.member("message"), params]) {
    const metadata = holder?.member("metadata");
    if (metadata?.kind !== "object") continue;
    const { skill } = lazyObject(metadata).value();
    if (typeof skill === "string" && isName(skill)) return skill;
  }
  return undefined;
}

function methodUnknown(): DenyError {
  return new DenyError("rpc.method_unknown", "the operation is not known");
}
