/**
 * The sidecar as a child process for measuring: own keys, own registry, own bundle, audit and metrics
 * on, pinned to a core.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { stringify } from "yaml";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

export interface RunningServer {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export interface Sidecar extends RunningServer {
  readonly metricsPort: number;
  /** A token that a fresh Check verifies; signed once. */
  readonly token: string;
}

export interface SidecarOptions {
  readonly folder: string;
  readonly bundle: string;
  /** Undefined = the shipped policy's entrypoints. */
  readonly entrypoint: string | undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** `taskset` pins the process; where it is missing the run goes on unpinned and says so. */
export function spawnPinned(core: number, args: readonly string[]): ChildProcess {
  return spawn("taskset", ["-c", String(core), process.execPath, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

export async function startYardstick(): Promise<RunningServer> {
  const child = spawnPinned(SERVER_CORE, ["load/yardstick-server.ts"]);
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  return { child, pid: child.pid ?? 0, port, stop: () => stopChild(child) };
}

export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  mkdirSync(options.folder, { recursive: true });
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "load", alg: "RS256", use: "sig" };
  writeFileSync(join(options.folder, "users.jwks.json"), JSON.stringify({ keys: [jwk] }));
  writeFileSync(join(options.folder, "registry.yaml"), stringify(REGISTRY));
  const port = await freePort();
  const metricsPort = await freePort();
  const config = join(options.folder, "config.yaml");
  writeFileSync(config, stringify(configuration(options, port, metricsPort)));

  const child = spawnPinned(SERVER_CORE, [
    "--disallow-code-generation-from-strings",
    "src/main.ts",
    "serve",
    "--config",
    config,
  ]);
  child.stdout?.resume();
  await ready(child, metricsPort);
  const claims = {
    type: "access",
    email: "alice@idp.example",
    roles: ["developer"],
    teams: ["team-1"],
  };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", kid: "load", typ: "JWT" })
    .setSubject("alice")
    .setIssuer("https://idp.example")
    .setAudience("sark-api")
    .setIssuedAt()
    .setExpirationTime("2h")
    .sign(privateKey);
  return { child, pid: child.pid ?? 0, port, metricsPort, token, stop: () => stopChild(child) };
}

async function ready(child: ChildProcess, metricsPort: number): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null) throw new Error(`the sidecar ended with ${child.exitCode}`);
    const reply = await fetch(`http://127.0.0.1:${metricsPort}/readyz`).catch(() => undefined);
    if (reply?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the sidecar did not become ready in 20 s");
}

const TOOL = { level: "medium", description: "yardstick tool" };
const REGISTRY = {
  servers: {
    demo: {
      owner: "bob",
      team: "platform",
      environment: "production",
      visibility: "internal",
      sensitivity: "medium",
      tools: { tool_1: TOOL, drop_index: { level: "high" } },
    },
  },
};

function configuration(options: SidecarOptions, port: number, metricsPort: number): object {
  const { entrypoint } = options;
  return {
    listen: { check: `127.0.0.1:${port}`, metrics: `127.0.0.1:${metricsPort}` },
    routes: [
      {
        name: "mcp-demo",
        match: { path: "/mcp/demo", methods: ["POST"] },
        surface: "mcp",
        server_name: "demo",
      },
    ],
    identity: {
      issuers: [
        {
          issuer: "https://idp.example",
          kind: "user",
          audience: ["sark-api"],
          algorithms: ["RS256"],
          jwks_file: "users.jwks.json",
        },
      ],
    },
    policy: {
      bundle: options.bundle,
      insecure_unsigned_bundle: true,
      work_hours: { start: 0, end: 24 },
      ...(entrypoint === undefined
        ? {}
        : {
            entrypoints: { sark: entrypoint, a2a: entrypoint, mcp: entrypoint, http: entrypoint },
          }),
    },
    registry: { file: "registry.yaml" },
    audit: { sink: "stdout" },
    log: { level: "warn" },
  };
}
