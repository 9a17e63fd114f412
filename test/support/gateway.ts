/** A whole gateway for one test file: Envoy, one or more sidecars, an upstream and the cold path. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientTls, Variant } from "../../envoy/variants.ts";
import { type Credentials, createCredentials } from "./credentials.ts";
import { type Envoy, startEnvoy } from "./envoy.ts";
import { freePort } from "./free-port.ts";
import { type HttpAnswer, type HttpCall, httpCall } from "./http-call.ts";
import { type Sidecar, startSidecar } from "./sidecar.ts";
import { sidecarConfig } from "./sidecar-config.ts";
import { startUpstream, type Upstream } from "./upstreams.ts";

const ENVOY = new URL("../../.tools/venv/bin/envoy", import.meta.url).pathname;

/** True, with a note, when these tests can not run here; in CI a missing Envoy is a failure. */
export function lacksEnvoy(): boolean {
  if (existsSync(ENVOY)) return false;
  if (process.env["CI"] === "true") throw new Error(`Envoy is missing: ${ENVOY}`);
  console.warn("skipped: Envoy is missing, `npm test` provides it");
  return true;
}

export { ENVOY };

export interface GatewayOptions {
  readonly variant?: Variant;
  /** Envoy speaks TLS with clients; `call` does not, so a test calls by itself. */
  readonly clientTls?: ClientTls;
  readonly sidecars?: number;
  /** Over TCP instead of a socket file. */
  readonly isTcp?: boolean;
  /** Where routes to an upstream lead, instead of to the one that keeps what arrives. */
  readonly upstreamPort?: number;
  /** Sections of the sidecar's configuration that differ. */
  readonly change?: Readonly<Record<string, unknown>>;
  /** Keys of its section identity beside the issuers. */
  readonly identity?: Readonly<Record<string, unknown>>;
}

export interface Gateway {
  readonly envoy: Envoy;
  readonly sidecars: readonly Sidecar[];
  /** The first of them. */
  readonly sidecar: Sidecar;
  readonly upstream: Upstream;
  readonly python: Upstream;
  readonly credentials: Credentials;
  call(call: Omit<HttpCall, "port">): Promise<HttpAnswer>;
  /** Another Envoy before the same sidecars; ended with the gateway. */
  addEnvoy(variant: Variant): Promise<Envoy>;
  /** Requests that Envoy sent to the sidecars so far, repeated ones included. */
  checks(): Promise<number>;
  /** Ends everything; rejects if Envoy found any reply of a sidecar invalid. */
  stop(): Promise<void>;
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "sark-e2e-"));
  const tasks: (() => unknown)[] = [];
  const envoys: Envoy[] = [];
  const stop = async () => {
    const refused = (await Promise.all(envoys.map(refusedReplies))).reduce((a, b) => a + b, 0);
    await Promise.all(tasks.map((task) => task()));
    rmSync(folder, { recursive: true, force: true });
    if (refused > 0) throw new Error(`Envoy found ${refused} replies of the sidecar invalid`);
  };
  try {
    const credentials = await createCredentials(folder);
    const upstream = await startUpstream("upstream");
    tasks.push(upstream.close);
    const python = await startUpstream("python");
    tasks.push(python.close);
    const started = await startSidecars(options, folder, credentials, tasks);
    const addEnvoy = async (variant: Variant) => {
      const added = await startEnvoy({
        envoy: ENVOY,
        folder: mkdtempSync(join(folder, "envoy-")),
        sidecars: started.map(({ check }) => check),
        upstreamPort: options.upstreamPort ?? upstream.port,
        pythonPort: python.port,
        clientTls: options.clientTls,
        variant,
      });
      tasks.push(added.stop);
      envoys.push(added);
      return added;
    };
    const envoy = await addEnvoy(options.variant ?? "reference");
    const sidecars = started.map(({ sidecar }) => sidecar);
    return {
      ...{ envoy, sidecars, upstream, python, credentials, addEnvoy, stop },
      sidecar: sidecars[0] as Sidecar,
      call: (call) => httpCall({ ...call, port: envoy.gatewayPort }),
      checks: () => envoy.stat("cluster.sark_authz.upstream_rq_total"),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function refusedReplies(envoy: Envoy): Promise<number> {
  const filters = ["strict", "migration"];
  const counts = filters.map((name) => envoy.stat(`http.gateway.ext_authz.${name}.invalid`));
  return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
}

async function startSidecars(
  options: GatewayOptions,
  folder: string,
  credentials: Credentials,
  tasks: (() => unknown)[],
): Promise<readonly { readonly check: string; readonly sidecar: Sidecar }[]> {
  const started = [];
  for (let index = 0; index < (options.sidecars ?? 1); index++) {
    const name = `sidecar-${index}`;
    const metricsPort = await freePort();
    const check =
      options.isTcp === true
        ? `127.0.0.1:${await freePort()}`
        : `unix:${join(folder, `${name}.sock`)}`;
    const { change = {}, identity = {} } = options;
    const settings = { check, metricsPort, credentials, folder, change, identity };
    const config = sidecarConfig(settings);
    const sidecar = await startSidecar({ config, metricsPort, folder, name });
    tasks.push(sidecar.stop);
    started.push({ check, sidecar });
  }
  return started;
}

/** Headers of a JSON request by the bearer of `token`. */
export function bearer(token: string): readonly (readonly [string, string])[] {
  return [
    ["authorization", `Bearer ${token}`],
    ["content-type", "application/json"],
  ];
}

/** An MCP tool call as JSON text. */
export function toolCall(name: string, extra: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: { name, arguments: {} },
    ...extra,
  });
}

/** SARK's authorization request as JSON text. */
export function question(toolName: string): string {
  return JSON.stringify({
    action: "gateway:tool:invoke",
    server_name: "demo",
    tool_name: toolName,
    parameters: {},
  });
}
