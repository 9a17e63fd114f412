/** MCP messages of each era, and reading them on routes with other settings. */
import type { McpSettings, McpVersion, Route } from "../../../src/domain/route.ts";
import { type RequestProgress, readRequest } from "../../../src/request/read-request.ts";
import { route } from "../../support/samples.ts";
import { attributes, type Changes, message, rules } from "./attributes.ts";

export const MODERN = "2026-07-28";
export const LEGACY: readonly McpVersion[] = ["2025-03-26", "2025-06-18", "2025-11-25"];

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const MIRRORED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

type Params = Readonly<Record<string, unknown>>;

/** As a client of 2026-07-28 sends it; `more.headers` replace or remove the usual ones. */
export function modern(method: string, params: Params = {}, more: Changes = {}): Changes {
  const mirrored = MIRRORED[method];
  const headers = {
    "mcp-protocol-version": MODERN,
    "mcp-method": method,
    ...(mirrored === undefined ? {} : { "mcp-name": String(params[mirrored]) }),
    ...more.headers,
  };
  return { ...message({ method, params: { _meta: META, ...params } }), ...more, headers };
}

export function legacy(
  method: string,
  params: Params | undefined = undefined,
  version: string = "2025-11-25",
): Changes {
  const fields = params === undefined ? { method } : { method, params };
  return { ...message(fields), headers: { "mcp-protocol-version": version } };
}

/** With headers beside those that `changes` has. */
export function withHeaders(
  changes: Changes,
  headers: Readonly<Record<string, string | undefined>>,
): Changes {
  return { ...changes, headers: { ...changes.headers, ...headers } };
}

export function mcpRoute(settings: Partial<McpSettings>, change: Partial<Route> = {}): Route {
  const plain = route();
  return route({ ...change, mcp: { ...plain.mcp, ...settings } });
}

export function accepting(...versions: McpVersion[]): Route {
  return mcpRoute({ acceptVersions: new Set(versions) });
}

export function readOn(on: Route, changes: Changes, progress: RequestProgress = {}) {
  return readRequest(attributes(changes), rules([on]), progress);
}
