/**
 * The read-only HTTP listener for probes and scrapes. It changes nothing and needs no credential, so it
 * may be bound wider than the others. GET and HEAD only.
 *
 * | path | answer |
 * |---|---|
 * | `/livez` | 200 while the process can answer at all |
 * | `/readyz` | 200 when the service wants to be asked, else 503 with what it waits for; text, or JSON when `accept` names it |
 * | `/health` | 200 with status, service, version and implementation as JSON, as SARK's services do |
 * | `/metrics` | Prometheus text |
 *
 * Anything else is 404, another method 405. A client that is slow, silent or too many is cut off.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../domain/errors.ts";

export interface MetricsListenerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly readiness: {
    readonly isReady: boolean;
    /** Names of what is missing. */
    readonly waitingFor: readonly string[];
  };
  readonly metrics: { readonly contentType: string; exposition(): Promise<string> };
  readonly version: string;
  readonly implementation: string;
  /** Told of a scrape that failed. */
  readonly onError: (error: unknown) => void;
}

export interface MetricsListener {
  readonly host: string;
  readonly port: number;
  /** Takes no new connection, lets answers under way finish, then closes what is left. */
  close(): Promise<void>;
}

const HEADER_BYTES_MAX = 8_192;
const REQUEST_MS_MAX = 5_000;
const IDLE_MS_MAX = 10_000;
const CONNECTIONS_MAX = 64;
/** Between looks for connections that ran out of time. */
const LOOK_MS = 1_000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type Handler = (request: IncomingMessage) => Answer | Promise<Answer>;

export async function startMetricsListener(
  options: MetricsListenerOptions,
): Promise<MetricsListener> {
  const routes = routesOf(options);
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: REQUEST_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: IDLE_MS_MAX,
      connectionsCheckingInterval: LOOK_MS,
    },
    (request, response) => {
      respond(routes, request, response).catch((error: unknown) => {
        options.onError(error);
        send(response, { status: 500, type: TEXT, body: "failed\n" }, request.method === "HEAD");
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  const address = await bind(server, options);
  return { host: address.address, port: address.port, close: () => close(server) };
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

function routesOf(options: MetricsListenerOptions): ReadonlyMap<string, Handler> {
  const { readiness, metrics, version, implementation } = options;
  return new Map<string, Handler>([
    ["/livez", () => ({ status: 200, type: TEXT, body: "ok\n" })],
    ["/readyz", (request) => readyAnswer(readiness, wantsJson(request))],
    [
      "/health",
      () => {
        const status = readiness.isReady ? "healthy" : "not_ready";
        return json(200, { status, service: "sark-authz", version, implementation });
      },
    ],
    [
      "/metrics",
      async () => ({ status: 200, type: metrics.contentType, body: await metrics.exposition() }),
    ],
  ]);
}

function readyAnswer(readiness: MetricsListenerOptions["readiness"], asJson: boolean): Answer {
  const { isReady, waitingFor } = readiness;
  const status = isReady ? 200 : 503;
  if (asJson) return json(status, { ready: isReady, waiting_for: waitingFor });
  const body = isReady ? "ready\n" : `waiting for: ${waitingFor.join(", ")}\n`;
  return { status, type: TEXT, body };
}

function json(status: number, value: object): Answer {
  return { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n` };
}

function wantsJson(request: IncomingMessage): boolean {
  return request.headers.accept?.includes(JSON_TYPE) ?? false;
}

async function respond(
  routes: ReadonlyMap<string, Handler>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume(); // a body is not read, and must not stop the next request
  const handler = routes.get((request.url ?? "").split("?", 1)[0] ?? "");
  const isHead = request.method === "HEAD";
  if (handler === undefined) {
    send(response, { status: 404, type: TEXT, body: "not found\n" }, isHead);
  } else if (isHead || request.method === "GET") {
    send(response, await handler(request), isHead);
  } else {
    response.setHeader("allow", "GET, HEAD");
    response.setHeader("connection", "close");
    send(response, { status: 405, type: TEXT, body: "method not allowed\n" }, isHead);
  }
}

function send(response: ServerResponse, answer: Answer, isHead: boolean): void {
  if (response.headersSent) return;
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": Buffer.byteLength(answer.body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(isHead ? undefined : answer.body);
}

function bind(server: Server, options: MetricsListenerOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(bindError(error, options)));
    server.listen({ host: options.host, port: options.port }, () => {
      server.removeAllListeners("error");
      server.on("error", options.onError);
      resolve(server.address() as AddressInfo);
    });
  });
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is taken: stop what uses it or choose another one",
  EACCES: "no permission for this port: choose one above 1023",
  EADDRNOTAVAIL: "this machine has no such address: name one it has",
};

function bindError(error: NodeJS.ErrnoException, options: MetricsListenerOptions): ConfigError {
  const remedy = REMEDIES[error.code ?? ""] ?? `cannot listen (${error.code ?? "unknown"})`;
  const where = `listen.metrics ${options.host}:${options.port}`;
  return new ConfigError([`${where}: ${remedy}`], { cause: error });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), LOOK_MS).unref();
  });
}
