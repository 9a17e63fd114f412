/** Attributes as the wire stage gives them, changeable in single fields. */
import type { Route } from "../../../src/domain/route.ts";
import {
  type RequestProgress,
  type RequestRules,
  readRequest,
} from "../../../src/request/read-request.ts";
import { RouteTable } from "../../../src/request/route-table.ts";
import type { CheckAttributes, WireHeader } from "../../../src/wire/check-request.ts";
import { route } from "../../support/samples.ts";

export const TOKEN = `${"h".repeat(20)}.${"p".repeat(60)}.${"s".repeat(86)}`;

export const ROUTES: readonly Route[] = [
  route(),
  route({ name: "mcp-any", path: undefined, pathPrefix: "/mcp", serverName: undefined }),
  route({
    name: "authorize",
    path: "/api/v1/gateway/authorize",
    surface: "sark",
    endpoint: "authorize",
    serverName: undefined,
  }),
  route({
    name: "authorize-a2a",
    path: "/api/v1/gateway/authorize-a2a",
    surface: "sark",
    endpoint: "authorize-a2a",
    serverName: undefined,
  }),
  route({
    name: "app",
    path: undefined,
    pathPrefix: "/app",
    methods: new Set(["GET", "HEAD", "POST", "LIST"]),
    surface: "http",
    serverName: undefined,
    body: "none",
  }),
  route({
    name: "upload",
    path: "/upload",
    surface: "http",
    serverName: undefined,
    body: "required",
  }),
  route({
    name: "a2a-worker",
    path: undefined,
    pathPrefix: "/a2a/worker",
    surface: "a2a",
    serverName: undefined,
    agentId: "worker-1",
    principals: new Set(["agent"]),
  }),
  route({
    name: "a2a-grpc",
    path: undefined,
    pathPrefix: "/lf.a2a.v1.A2AService",
    surface: "a2a",
    serverName: undefined,
    agentId: "worker-1",
    principals: new Set(["agent"]),
  }),
];

export function rules(routes: readonly Route[] = ROUTES): RequestRules {
  return { routes: new RouteTable(routes), bodyBytesMax: 65_536 };
}

/** A value of undefined removes the header. */
export type HeaderChanges = Readonly<Record<string, string | undefined>>;
export type Changes = Partial<Omit<CheckAttributes, "headers" | "body">> & {
  readonly headers?: HeaderChanges | readonly WireHeader[];
  readonly body?: string | Uint8Array | undefined;
};

export function header(name: string, value: string, isUtf8 = true): WireHeader {
  return { name, value, isUtf8 };
}

const HEADERS: Readonly<Record<string, string>> = {
  authorization: `Bearer ${TOKEN}`,
  "content-type": "application/json",
  "x-request-id": "r-1",
  "user-agent": "test/1",
};

/** The headers of the good request, to be followed by others of the same name. */
export function goodHeaders(): WireHeader[] {
  return Object.entries(HEADERS).map(([name, value]) => header(name, value));
}

const CALL = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_weather","arguments":{"city":"Paris"}}}`;

/** A good `tools/call` by default. */
export function attributes(changes: Changes = {}): CheckAttributes {
  const { headers: headerChanges = {}, body: bodyChange, ...rest } = changes;
  const body = "body" in changes ? bodyChange : CALL;
  const headers = Array.isArray(headerChanges)
    ? headerChanges
    : Object.entries({ ...HEADERS, ...headerChanges }).flatMap(([name, value]) =>
        value === undefined ? [] : [header(name, value)],
      );
  return {
    hasHttp: true,
    method: "POST",
    path: "/mcp/demo",
    host: "gateway.example",
    scheme: "https",
    headersAreJoined: false,
    headerCount: headers.length,
    headerBytes: 500,
    headerNameBytesMax: 20,
    headerValueBytesMax: 200,
    sizeBytes: 0,
    sourceAddress: "10.0.0.7",
    sourcePrincipal: "",
    contextExtensions: new Map(),
    mcpMetadata: undefined,
    ...rest,
    headers,
    body: typeof body === "string" ? Buffer.from(body) : body,
  };
}

export function read(changes: Changes = {}, progress: RequestProgress = {}) {
  return readRequest(attributes(changes), rules(), progress);
}

/** A JSON-RPC message to the demo server. */
export function message(fields: object): Changes {
  return { body: JSON.stringify({ jsonrpc: "2.0", id: 7, ...fields }) };
}

export function authorize(document: object | string): Changes {
  const body = typeof document === "string" ? document : JSON.stringify(document);
  return { path: "/api/v1/gateway/authorize", body };
}

export function authorizeAgent(document: object | string): Changes {
  return { ...authorize(document), path: "/api/v1/gateway/authorize-a2a" };
}

export const AGENT_DOCUMENT = {
  source_agent_id: "planner",
  target_agent_id: "worker-1",
  capability: "execute",
  message_type: "task",
} as const;

/** The reason `act` is refused for; anything else it throws is a failure of the test. */
export function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Error && "reason" in thrown) return String(thrown.reason);
    throw thrown;
  }
  return "accepted";
}
