/** The sidecar's configuration and registry that belong to the routes of `envoy/envoy.yaml`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MCP_VERSIONS } from "../../src/domain/route.ts";
import { AGENT_ISSUER, type Credentials, MCP_AUDIENCE, USER_ISSUER } from "./credentials.ts";

const BUNDLE = new URL("../../policies/dist/bundle.tar.gz", import.meta.url).pathname;

/** `demo` belongs to nobody who appears in tests or demo, so that roles alone decide. */
const REGISTRY = {
  servers: {
    demo: {
      owner: "owner-1",
      team: "platform",
      environment: "production",
      visibility: "internal",
      sensitivity: "medium",
      tools: {
        get_weather: { level: "low", description: "read the weather" },
        delete_index: { level: "high", sensitive_params: ["index_secret"] },
      },
    },
  },
  agents: {
    planner: {
      type: "orchestrator",
      trust_level: "trusted",
      environment: "production",
      accepts: ["query"],
    },
    "worker-1": {
      type: "worker",
      trust_level: "limited",
      environment: "production",
      accepts: ["execute", "query"],
      push_hosts: ["hooks.example"],
    },
  },
  http: { app: { read: ["developer", "viewer"], write: ["admin"] } },
};

export const ROUTES = [
  {
    name: "gateway-authorize",
    match: { path: "/api/v1/gateway/authorize", methods: ["POST"] },
    surface: "sark",
    mode: "migration",
  },
  {
    name: "gateway-authorize-a2a",
    match: { path: "/api/v1/gateway/authorize-a2a", methods: ["POST"] },
    surface: "sark",
    mode: "migration",
  },
  {
    name: "mcp-demo",
    match: { path: "/mcp/demo", methods: ["POST", "GET", "DELETE"] },
    surface: "mcp",
    server_name: "demo",
    audience: MCP_AUDIENCE,
    mcp: {
      accept_versions: MCP_VERSIONS,
      authorization_servers: [USER_ISSUER],
      scopes: [{ action: "gateway:tool:invoke", tool: "export_*", scopes: ["tools.export"] }],
    },
  },
  {
    name: "a2a-worker",
    match: { path_prefix: "/a2a/worker" },
    surface: "a2a",
    agent_id: "worker-1",
    a2a: { public_card: true },
  },
  {
    name: "app",
    match: { path_prefix: "/app", methods: ["GET", "POST"] },
    surface: "http",
    body: "none",
  },
] as const;

export interface SidecarSettings {
  /** `unix:/path` or `127.0.0.1:port`. */
  readonly check: string;
  readonly metricsPort: number;
  readonly credentials: Credentials;
  /** Where the registry is written. */
  readonly folder: string;
  /** Sections that replace those below. */
  readonly change?: Readonly<Record<string, unknown>>;
}

/** A whole configuration; work hours never end, so that the time of day does not matter. */
export function sidecarConfig(settings: SidecarSettings): Record<string, unknown> {
  const registryFile = join(settings.folder, "registry.yaml");
  writeFileSync(registryFile, JSON.stringify(REGISTRY, undefined, 2));
  return {
    listen: {
      check: settings.check,
      doors: null,
      metrics: `127.0.0.1:${settings.metricsPort}`,
    },
    routes: ROUTES,
    identity: {
      issuers: [
        {
          issuer: USER_ISSUER,
          kind: "user",
          audience: ["sark-api", MCP_AUDIENCE],
          algorithms: ["ES256"],
          jwks_file: settings.credentials.usersJwksFile,
        },
        {
          issuer: AGENT_ISSUER,
          kind: "agent",
          audience: ["sark-a2a"],
          algorithms: ["ES256"],
          jwks_file: settings.credentials.agentsJwksFile,
        },
      ],
    },
    policy: {
      bundle: BUNDLE,
      insecure_unsigned_bundle: true,
      work_hours: { start: 0, end: 24 },
    },
    registry: { file: registryFile },
    shutdown: { notice_ms: 0 },
    ...settings.change,
  };
}
