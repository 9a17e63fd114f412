/** The sidecar as a process of its own, from a configuration object. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, startChild } from "./child-process.ts";
import { httpCall } from "./http-call.ts";
import { waitUntil } from "./wait-until.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** A line of the audit stream; only the fields that tests read. */
interface AuditLine {
  readonly schema: string;
  readonly audit_id: string;
  readonly decision: string;
  readonly reason_code: string;
  readonly latency_ms: number;
  readonly cache_hit: boolean;
  readonly [field: string]: unknown;
}

export interface SidecarOptions {
  readonly config: Record<string, unknown>;
  readonly metricsPort: number;
  /** Where the configuration file is written. */
  readonly folder: string;
  /** Tells several sidecars of one folder apart. */
  readonly name?: string;
}

export interface Sidecar {
  readonly pid: number;
  /** Resolves once the present process is gone. */
  readonly exited: Promise<number | string>;
  /** Every record so far, of all its lives. */
  readonly audit: readonly AuditLine[];
  /** Everything written to stderr. */
  readonly log: readonly string[];
  metrics(): Promise<string>;
  /** The record with this id, as soon as it is written. */
  auditLine(auditId: string): Promise<AuditLine>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again and waits until it is ready. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  drain(): Promise<number | string>;
  stop(): Promise<void>;
}

/** As `npm start` has them. */
const NODE_FLAGS = ["--disallow-code-generation-from-strings"];

export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const configFile = join(options.folder, `${options.name ?? "sidecar"}.yaml`);
  writeFileSync(configFile, JSON.stringify(options.config, undefined, 2));
  const audit: AuditLine[] = [];
  const log: string[] = [];
  const begin = async (): Promise<Child> => {
    const child = startChild(
      process.execPath,
      [...NODE_FLAGS, "src/main.ts", "serve", "--config", configFile],
      {
        cwd: ROOT,
        onStdout: (line) => audit.push(JSON.parse(line) as AuditLine),
        onStderr: (line) => log.push(line),
      },
    );
    try {
      await waitUntil("the sidecar to be ready", () => isReady(child, options.metricsPort), {
        detail: child.tail,
      });
    } catch (error) {
      await child.stop();
      throw error;
    }
    if (!child.isRunning) throw new Error(`the sidecar did not start:\n${child.tail()}`);
    return child;
  };

  let child = await begin();
  return {
    get pid() {
      return child.pid;
    },
    get exited() {
      return child.exited;
    },
    audit,
    log,
    metrics: async () => (await httpCall({ port: options.metricsPort, path: "/metrics" })).text,
    auditLine: (auditId) =>
      waitUntil(`audit record ${auditId}`, () =>
        audit.findLast((line) => line.audit_id === auditId),
      ),
    signal: (signal) => child.signal(signal),
    kill: async () => {
      child.signal("SIGKILL");
      await child.exited;
    },
    restart: async () => {
      await child.stop();
      child = await begin();
    },
    drain: async () => {
      child.signal("SIGTERM");
      return child.exited;
    },
    stop: () => child.stop(),
  };
}

async function isReady(child: Child, port: number): Promise<boolean> {
  if (!child.isRunning) return true; // looked at afterwards
  return (await httpCall({ port, path: "/readyz" })).status === 200;
}
