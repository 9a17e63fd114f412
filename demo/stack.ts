/**
 * Everything the demo runs: cold path, upstream, sidecar and Envoy, in a temporary folder and on free
 * ports. `stop` ends all of it, also when the start failed half-way.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, startChild } from "../test/support/child-process.ts";
import { createCredentials } from "../test/support/credentials.ts";
import { type Envoy, startEnvoy } from "../test/support/envoy.ts";
import { freePort } from "../test/support/free-port.ts";
import { httpCall } from "../test/support/http-call.ts";
import { type Sidecar, startSidecar } from "../test/support/sidecar.ts";
import { sidecarConfig } from "../test/support/sidecar-config.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import type { Cleanup } from "./cleanup.ts";
import { startMcpUpstream } from "./mcp-upstream.ts";
import { mintTokens, type TokenName } from "./tokens.ts";

export interface Tools {
  readonly envoy: string;
  readonly python: string;
}

export interface Stack {
  readonly folder: string;
  readonly envoy: Envoy;
  readonly sidecar: Sidecar;
  readonly upstreamPort: number;
  readonly pythonPort: number;
  readonly metricsPort: number;
  readonly tokens: Readonly<Record<TokenName, string>>;
  /** Requests that reached the cold path so far. */
  coldPathCalls(): Promise<number>;
}

export async function startStack(
  tools: Tools,
  gatewayPort: number,
  cleanup: Cleanup,
): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "sark-demo-"));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const credentials = await createCredentials(folder);
  const tokens = await mintTokens(credentials);
  for (const [name, token] of Object.entries(tokens)) {
    writeFileSync(join(folder, name), `authorization: Bearer ${token}\n`, { mode: 0o600 });
  }
  const upstream = await startMcpUpstream();
  cleanup.add(() => upstream.close());

  const metricsPort = await freePort();
  const check = `unix:${join(folder, "authz.sock")}`;
  const config = sidecarConfig({ check, metricsPort, credentials, folder });
  const [pythonPort, sidecar] = await startServices(tools.python, cleanup, {
    config,
    metricsPort,
    folder,
  });
  const envoy = await startEnvoy({
    envoy: tools.envoy,
    folder,
    sidecars: [check],
    upstreamPort: upstream.port,
    pythonPort,
    gatewayPort,
  });
  cleanup.add(() => envoy.stop());
  return {
    ...{ folder, envoy, sidecar, pythonPort, metricsPort, tokens },
    upstreamPort: upstream.port,
    coldPathCalls: async () => {
      const { text } = await httpCall({ port: pythonPort, path: "/demo/calls" });
      return (JSON.parse(text) as { count: number }).count;
    },
  };
}

/** Python and the sidecar start side by side; whichever came up is ended even if the other fails. */
async function startServices(
  python: string,
  cleanup: Cleanup,
  options: Parameters<typeof startSidecar>[0],
): Promise<readonly [number, Sidecar]> {
  const coldPath = startColdPath(python, cleanup);
  const sidecar = startSidecar(options).then((started) => {
    cleanup.add(() => started.stop());
    return started;
  });
  await Promise.allSettled([coldPath, sidecar]);
  return Promise.all([coldPath, sidecar]);
}

async function startColdPath(python: string, cleanup: Cleanup): Promise<number> {
  let port: number | undefined;
  const script = new URL("cold-path.py", import.meta.url).pathname;
  const child: Child = startChild(python, [script], {
    onStdout: (line) => {
      port ??= Number(line);
    },
  });
  cleanup.add(() => child.stop());
  return waitUntil(
    "the cold path",
    async () => {
      if (port === undefined) return undefined;
      const answer = await httpCall({ port, path: "/demo/calls" });
      return answer.status === 200 ? port : undefined;
    },
    { boundMs: 30_000, detail: child.tail },
  );
}
