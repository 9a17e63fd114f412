/** Whole CheckRequests, and single parts of them inside a valid one: one request, or one typed refusal. */
import { DenyError, UnavailableError } from "../../../src/domain/errors.ts";
import type { AuthzRequest } from "../../../src/domain/request.ts";
import {
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADERS_EXACT,
} from "../../../src/request/header-rules.ts";
import { readRequest } from "../../../src/request/read-request.ts";
import { decodeCheckRequest, selectHeaders } from "../../../src/wire/check-request.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { checkRequest } from "../../support/check-request.ts";
import { rules, TOKEN } from "../../unit/request/attributes.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";

const SELECTION = selectHeaders(REQUEST_HEADERS_EXACT, REQUEST_HEADER_PREFIXES);
export const RULES = rules();
export const JSON_HEADERS = {
  authorization: `Bearer ${TOKEN}`,
  "content-type": "application/json",
  "x-request-id": "r-1",
};

/** The request, or the reason it was refused for; anything else thrown breaks the promise. */
export function readBytes(bytes: Uint8Array, by = RULES): AuthzRequest | string {
  try {
    return readRequest(decodeCheckRequest(bytes, SELECTION), by, {});
  } catch (thrown) {
    if (thrown instanceof DenyError || thrown instanceof UnavailableError) return thrown.reason;
    if (thrown instanceof WireError) return "request.malformed";
    throw thrown;
  }
}

export function signature(read: AuthzRequest | string): string {
  return typeof read === "string" ? read : `accepted ${read.route.name} ${read.operation}`;
}

export const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name: "get_weather", arguments: { city: "Paris" }, _meta: { progressToken: 1 } },
});
const QUESTION = JSON.stringify({
  action: "gateway:tool:invoke",
  server_name: "demo",
  tool_name: "get_weather",
  parameters: { city: "Paris" },
  sensitivity_level: "low",
  context: { a: 1 },
});
const AGENT_QUESTION = JSON.stringify({
  source_agent_id: "planner",
  target_agent_id: "worker-1",
  capability: "execute",
  message_type: "task",
  parameters: {},
});

export const wholeRequest: FuzzTarget = {
  name: "check-request",
  weight: 8,
  seeds: () => [
    checkRequest({ headers: JSON_HEADERS, body: CALL }),
    checkRequest({ headers: JSON_HEADERS, body: CALL, form: "map", rawBody: false }),
    checkRequest({ headers: JSON_HEADERS, body: QUESTION, path: "/api/v1/gateway/authorize" }),
    checkRequest({
      headers: JSON_HEADERS,
      body: AGENT_QUESTION,
      path: "/api/v1/gateway/authorize-a2a",
    }),
    checkRequest({ method: "GET", path: "/app/items?a=1", headers: { host: "gateway.example" } }),
    checkRequest({
      contextExtensions: { "sark.route": "mcp-demo", "sark.surface": "mcp", team: "x" },
      sourcePrincipal: "spiffe://example/ns/a",
    }),
  ],
  dictionary: [
    "\x12",
    "\x1a",
    "\x22",
    "\xff\xff\xff\xff\x0f",
    "authorization",
    "x-api-key",
    "x-sark-user-id",
    "sark.mode",
    "observe",
    "content-length",
    "/mcp/demo",
    '"method"',
  ],
  run: (input) => signature(readBytes(input)),
};

export const headers: FuzzTarget = {
  name: "headers",
  weight: 1,
  seeds: () =>
    [
      "authorization: Bearer a.b.c\ncontent-type: application/json\n",
      "x-api-key: k\nHost: gateway.example\n",
      "x_sark_user: a\nmcp-name: b\naccept: a,b\n",
    ].map((text) => Buffer.from(text)),
  dictionary: [
    "authorization",
    "x-api-key",
    "x_api_key",
    "x-sark-user-id",
    "mcp-session-id",
    "\nhost: ",
    "Bearer ",
    ",",
    "\0",
    "\r",
    "upgrade: websocket\n",
  ],
  /** Lines `name: value`; the raw list and the joined map must come to the same end. */
  run: (input) => {
    const entries = input
      .toString("latin1")
      .split("\n")
      .map((line) => line.split(": ", 2))
      .map(([name = "", value = ""]) => [name, Buffer.from(value, "latin1")] as const)
      .filter(([name]) => name !== "" && !/[^ -~]/.test(name));
    const isText = entries.every(([, value]) => !/[^ -~]/.test(value.toString("latin1")));
    const list = readBytes(checkRequest({ method: "GET", path: "/app/x", headers: entries }));
    if (isText && !repeatsList(entries)) {
      const map = readBytes(
        checkRequest({ method: "GET", path: "/app/x", headers: joined(entries), form: "map" }),
      );
      requireHolds(signature(list) === signature(map), "both header forms come to the same end");
    }
    return signature(list);
  },
};

/** A value with commas and two joined values are one text: only the list can tell them apart. */
function repeatsList(entries: readonly (readonly [string, Buffer])[]): boolean {
  const names = entries.map(([name]) => name.toLowerCase());
  const lists = names.filter(
    (name) =>
      name === "mcp-name" || name.endsWith("a2a-extensions") || name.startsWith("mcp-param-"),
  );
  return new Set(lists).size < lists.length;
}

/** As Envoy joins repeated headers. */
function joined(entries: readonly (readonly [string, Buffer])[]): Record<string, string> {
  const map: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    const text = value.toString();
    map[key] = map[key] === undefined ? text : `${map[key]},${text}`;
  }
  return map;
}

/** Bodies of one route, behind otherwise fixed attributes. */
function bodyTarget(
  name: string,
  urlPath: string,
  bodies: readonly string[],
  dictionary: readonly string[],
  agrees: (read: AuthzRequest, lenient: Record<string, unknown>) => void,
): FuzzTarget {
  return {
    name,
    weight: 1,
    seeds: () => bodies.map((body) => Buffer.from(body)),
    dictionary,
    run: (input) => {
      if (input.length === 0) return "empty";
      const read = readBytes(checkRequest({ path: urlPath, headers: JSON_HEADERS, body: input }));
      if (typeof read !== "string") agrees(read, JSON.parse(input.toString()));
      return signature(read);
    },
  };
}

export const jsonRpc = bodyTarget(
  "json-rpc",
  "/mcp/demo",
  [
    CALL,
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    '{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"2025-11-25"}}',
  ],
  [
    '"method"',
    '"Method"',
    '"tools/call"',
    '"tools/list"',
    '"name"',
    '"params"',
    '"id":null',
    "[",
    "2026-07-28",
    "\\u0000",
  ],
  (read, lenient) => {
    const params = (lenient["params"] ?? {}) as Record<string, unknown>;
    requireHolds(!Array.isArray(lenient), "no batch");
    requireHolds(read.operation === (lenient["method"] ?? "client/response"), "same method");
    const isCall = read.operation === "tools/call";
    requireHolds(!isCall || read.resource.tool === params["name"], "same tool");
  },
);

export const sarkDocument = bodyTarget(
  "sark-document",
  "/api/v1/gateway/authorize",
  [
    QUESTION,
    '{"action":"invoke","resource":{"server":"demo","tool":"t","sensitivity":"secret"},"user":{"id":"alice"}}',
  ],
  [
    '"action"',
    '"ACTION"',
    '"tool_name"',
    '"resource"',
    '"sensitivity_level"',
    '"critical"',
    '"low"',
    "null",
  ],
  (read, lenient) => {
    const named = (lenient["resource"] ?? {}) as Record<string, unknown>;
    const tool = lenient["tool_name"] ?? named["tool"] ?? null;
    requireHolds(read.resource.tool === tool, "same tool");
  },
);
