/**
 * `healthcheck`: asks a running sidecar whether it is ready, for containers without curl.
 *
 * @module
 */
import { request } from "node:http";
import { readListenAddress } from "../config/listen-address.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { loadConfig } from "./load-config.ts";
import type { Terminal } from "./terminal.ts";

const TIMEOUT_MS = 2_000;
const READY = 200;
/** A wildcard can be bound, not called. */
const CALLABLE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

export async function healthcheck(file: string, terminal: Terminal): Promise<number> {
  const { listen } = await loadConfig(file, terminal.env);
  const address = readListenAddress(listen.metrics);
  if (address?.kind !== "tcp") throw new TypeError("listen.metrics was checked to be host:port");
  try {
    const status = await statusOf(CALLABLE[address.host] ?? address.host, address.port);
    terminal.print(status === READY ? "ready" : `not ready (status ${status})`);
    return status === READY ? EXIT_CODE.success : EXIT_CODE.negative;
  } catch {
    terminal.tell(`nothing answers on ${listen.metrics}`);
    return EXIT_CODE.unavailable;
  }
}

function statusOf(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const call = request({ host, port, path: "/readyz", agent: false, signal }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    call.once("error", reject);
    call.end();
  });
}
