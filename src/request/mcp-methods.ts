/**
 * What each MCP method asks for. A method that is not here is refused.
 *
 * @module
 */
import type { AuthzRequest } from "../domain/request.ts";

export interface McpMethod {
  /** What the call names: a tool of the server, or only the server. */
  readonly names: "tool" | "server";
  readonly action: string;
  readonly treatment: AuthzRequest["treatment"];
  /** Members of `params` that policy sees as claims, beside `_meta`. */
  readonly claims: readonly string[];
}

const INFO = "gateway:server:info";

function info(treatment: McpMethod["treatment"], ...claims: readonly string[]): McpMethod {
  return { names: "server", action: INFO, treatment, claims };
}

export const MCP_METHODS: ReadonlyMap<string, McpMethod> = new Map<string, McpMethod>([
  ["initialize", info("policy", "clientInfo", "capabilities")],
  ["server/discover", info("policy")],
  ["logging/setLevel", info("policy", "level")],
  ["ping", info("always")],
  ["notifications/initialized", info("always")],
  ["notifications/cancelled", info("always")],
  ["notifications/progress", info("always")],
  ["notifications/roots/list_changed", info("always")],
  [
    "tools/list",
    { names: "server", action: "gateway:tool:discover", treatment: "policy", claims: [] },
  ],
  ["tools/call", { names: "tool", action: "gateway:tool:invoke", treatment: "policy", claims: [] }],
]);

/** Requests without a message: the server's stream and the end of a session. */
export const MCP_HTTP_METHODS: ReadonlyMap<string, McpMethod> = new Map([
  ["GET", info("policy")],
  ["DELETE", info("always")],
]);
