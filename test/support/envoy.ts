/** A real Envoy with the reference configuration or a variant of it, on ports of its own. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientTls, gatewayConfig, type Variant } from "../../envoy/variants.ts";
import { startChild } from "./child-process.ts";
import { httpCall } from "./http-call.ts";
import { waitUntil } from "./wait-until.ts";

export const REFERENCE = new URL("../../envoy/envoy.yaml", import.meta.url).pathname;

export interface EnvoyOptions {
  /** The program. */
  readonly envoy: string;
  /** Where its configuration is written; removed by the caller. */
  readonly folder: string;
  /** `unix:/path` or `127.0.0.1:port`, one for each sidecar process. */
  readonly sidecars: readonly string[];
  readonly upstreamPort: number;
  readonly pythonPort: number;
  readonly variant?: Variant;
  readonly clientTls?: ClientTls | undefined;
  /** 0 or absent: chosen by the system. */
  readonly gatewayPort?: number;
}

/** A line of the access log, with the names of the reference configuration. */
interface AccessLine {
  readonly path: string | null;
  readonly code: number;
  readonly details: string | null;
  readonly decision: string | null;
  readonly decision_id: string | null;
  readonly reason: string | null;
  readonly cache: string | null;
  readonly strict_us: number | null;
  readonly migration_us: number | null;
}

export interface Envoy {
  readonly pid: number;
  readonly gatewayPort: number;
  readonly adminPort: number;
  readonly accessLog: readonly AccessLine[];
  /** A counter or gauge by its full name; 0 when it was never touched. */
  stat(name: string): Promise<number>;
  /** Sets runtime keys, as an operator would through the admin interface. */
  modifyRuntime(values: Readonly<Record<string, string | number>>): Promise<void>;
  stop(): Promise<void>;
}

export async function startEnvoy(options: EnvoyOptions): Promise<Envoy> {
  const { folder } = options;
  const configFile = join(folder, "envoy.json");
  const adminFile = join(folder, "envoy-admin");
  const addresses = { ...options, gatewayPort: options.gatewayPort ?? 0, adminPort: 0 };
  writeFileSync(
    configFile,
    gatewayConfig(readFileSync(REFERENCE, "utf8"), addresses, options.variant),
  );
  const accessLog: AccessLine[] = [];
  const child = startChild(
    options.envoy,
    [
      ...["-c", configFile, "--admin-address-path", adminFile, "--concurrency", "1"],
      ...["--disable-hot-restart", "--file-flush-interval-msec", "20", "--log-level", "warning"],
    ],
    { onStdout: (line) => accessLog.push(JSON.parse(line) as AccessLine) },
  );
  const admin = (path: string, method = "GET") =>
    httpCall({ port: Number(readFileSync(adminFile, "utf8").split(":").at(-1)), path, method });

  try {
    const gatewayPort = await waitUntil(
      "Envoy's listener",
      async () => {
        if (!child.isRunning) return -1;
        const ready = await admin("/ready");
        return ready.status === 200 && portOf(await admin("/listeners?format=json"));
      },
      { detail: child.tail },
    );
    if (gatewayPort === -1) throw new Error(`Envoy did not start:\n${child.tail()}`);
    return {
      pid: child.pid,
      gatewayPort,
      adminPort: Number(readFileSync(adminFile, "utf8").split(":").at(-1)),
      accessLog,
      stat: async (name) => {
        const { text } = await admin(`/stats?filter=^${name.replaceAll(".", "\\.")}$`);
        return Number(/: (\d+)/.exec(text)?.[1] ?? 0);
      },
      modifyRuntime: async (values) => {
        const query = Object.entries(values).map(([key, value]) => `${key}=${value}`);
        const answer = await admin(`/runtime_modify?${query.join("&")}`, "POST");
        if (answer.status !== 200) throw new Error(`runtime_modify: ${answer.text}`);
      },
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

function portOf(answer: { readonly text: string }): number {
  const parsed = JSON.parse(answer.text) as {
    listener_statuses?: { local_address: { socket_address: { port_value: number } } }[];
  };
  return parsed.listener_statuses?.[0]?.local_address.socket_address.port_value ?? 0;
}
