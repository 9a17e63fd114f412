/** A gateway before the upstream of a client library's test, with routes that such clients need. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lacksOpa } from "../unit/policy/rego-bundle.ts";
import { MCP_AUDIENCE } from "./credentials.ts";
import { type Gateway, lacksEnvoy, startGateway } from "./gateway.ts";
import { sdkPolicy } from "./sdk-policy.ts";
import { ROUTES } from "./sidecar-config.ts";
import { waitUntil } from "./wait-until.ts";

export const METADATA_URL = "https://gateway.example/.well-known/oauth-protected-resource/mcp/demo";

/** Tool `get-sum` needs both scopes; every token that is to call it has to name them. */
export const SUM_SCOPES = ["demo:read", "demo:sum"] as const;

const MCP_ROUTE = {
  name: "mcp-demo",
  match: { path: "/mcp/demo", methods: ["POST", "GET", "DELETE"] },
  surface: "mcp",
  server_name: "demo",
  audience: MCP_AUDIENCE,
  mcp: {
    resource_metadata_url: METADATA_URL,
    scopes: [{ action: "gateway:tool:invoke", tool: "get-sum", scopes: [...SUM_SCOPES] }],
  },
};

const A2A_RULES = { public_card: true, push_hosts: ["hooks.example"] };

export interface McpChanges {
  readonly jsonrpc_denial_code?: "own" | "sark";
  readonly mcp?: { readonly accept_versions: readonly string[] };
}

/** True when these tests can not run here; in CI a missing tool is a failure. */
export const lacksTools = () => lacksEnvoy() || lacksOpa();

export async function startSdkGateway(
  upstreamPort: number,
  changes: McpChanges = {},
): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "sark-sdk-"));
  const mcpRoute = { ...MCP_ROUTE, ...changes, mcp: { ...MCP_ROUTE.mcp, ...changes.mcp } };
  const routes = ROUTES.map((route) => {
    if (route.name === MCP_ROUTE.name) return mcpRoute;
    return route.surface === "a2a" ? { ...route, a2a: A2A_RULES } : route;
  });
  const change = { policy: sdkPolicy(folder), routes };
  try {
    return await startGateway({ variant: "sdk-routes", upstreamPort, change });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Envoy's own word for how it answered the request of this record: by itself, or not. */
export async function endOf(gateway: Gateway, auditId: string): Promise<string | null> {
  const line = await waitUntil(`the access log of ${auditId}`, () =>
    gateway.envoy.accessLog.find(({ decision_id }) => decision_id === auditId),
  );
  return line.details;
}

/** What the call of a client fails with. */
export function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

/** `details` of a request that was refused and never reached an upstream. */
export const REFUSED_BY_ENVOY = "ext_authz_denied";
