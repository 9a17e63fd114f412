/** Probes and scrapes are answered over a real socket, anything else is turned away. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  type MetricsListener,
  type MetricsListenerOptions,
  startMetricsListener,
} from "../../../src/admin/metrics-listener.ts";
import { ConfigError } from "../../../src/domain/errors.ts";
import { Readiness } from "../../../src/lifecycle/readiness.ts";

const open: MetricsListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function start(change: Partial<MetricsListenerOptions> = {}) {
  const readiness = new Readiness();
  const errors: unknown[] = [];
  const listener = await startMetricsListener({
    host: "127.0.0.1",
    port: 0,
    readiness,
    metrics: { contentType: "text/plain; version=0.0.4", exposition: async () => "up 1\n" },
    version: "0.1.0",
    implementation: "typescript",
    onError: (error) => errors.push(error),
    ...change,
  });
  open.push(listener);
  return { listener, readiness, errors };
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  listener: MetricsListener,
  path: string,
  options: { method?: string; accept?: string; body?: string } = {},
): Promise<Reply> {
  const { method = "GET", accept = "*/*", body } = options;
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      { host: listener.host, port: listener.port, path, method, headers: { accept }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

describe("startMetricsListener", () => {
  it("says that the process lives, ready or not", async () => {
    const { listener, readiness } = await start();
    readiness.hold("policy");
    expect(await ask(listener, "/livez")).toMatchObject({ status: 200, body: "ok\n" });
  });

  it("says what it waits for, as text and as JSON, until it is ready", async () => {
    const { listener, readiness } = await start();
    const release = [readiness.hold("policy"), readiness.hold("keys")];
    expect(await ask(listener, "/readyz")).toMatchObject({
      status: 503,
      body: "waiting for: policy, keys\n",
    });
    const waiting = await ask(listener, "/readyz", { accept: "application/json" });
    expect([waiting.status, JSON.parse(waiting.body)]).toEqual([
      503,
      { ready: false, waiting_for: ["policy", "keys"] },
    ]);
    for (const each of release) each();
    expect(await ask(listener, "/readyz")).toMatchObject({ status: 200, body: "ready\n" });
    const ready = await ask(listener, "/readyz", { accept: "application/json" });
    expect(JSON.parse(ready.body)).toEqual({ ready: true, waiting_for: [] });
  });

  it("tells SARK's health document", async () => {
    const { listener, readiness } = await start();
    const service = { service: "sark-authz", version: "0.1.0", implementation: "typescript" };
    const healthy = await ask(listener, "/health");
    expect(healthy.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(healthy.body)).toEqual({ status: "healthy", ...service });
    readiness.hold("policy");
    const waiting = await ask(listener, "/health");
    expect([waiting.status, JSON.parse(waiting.body).status]).toEqual([200, "not_ready"]);
  });

  it("gives the metrics under their content type", async () => {
    const { listener } = await start();
    const reply = await ask(listener, "/metrics?name=up");
    expect(reply).toMatchObject({ status: 200, body: "up 1\n" });
    expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4");
  });

  it("answers HEAD like GET without the body", async () => {
    const { listener } = await start();
    for (const path of ["/livez", "/readyz", "/health", "/metrics", "/nothing"]) {
      const get = await ask(listener, path);
      const head = await ask(listener, path, { method: "HEAD" });
      expect([head.status, head.body]).toEqual([get.status, ""]);
      expect(head.headers["content-length"]).toBe(String(get.body.length));
    }
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("refuses %s", async (method) => {
    const { listener } = await start();
    const reply = await ask(listener, "/metrics", { method, body: "x".repeat(1_000) });
    expect(reply.status).toBe(405);
    expect(reply.headers["allow"]).toBe("GET, HEAD");
  });

  it.each(["/", "/metrics/", "/admin", "/readyz/x", "//livez"])(
    "does not know %s",
    async (path) => {
      const { listener } = await start();
      expect((await ask(listener, path)).status).toBe(404);
    },
  );

  it("survives a scrape that fails and tells it without a word to the caller", async () => {
    const exposition = () => Promise.reject(new Error("canary"));
    const { listener, errors } = await start({
      metrics: { contentType: "text/plain", exposition },
    });
    const reply = await ask(listener, "/metrics");
    expect([reply.status, reply.body]).toEqual([500, "failed\n"]);
    expect(errors).toHaveLength(1);
    expect((await ask(listener, "/livez")).status).toBe(200);
  });

  it("refuses headers beyond its bound", async () => {
    const { listener } = await start();
    expect((await ask(listener, "/livez", { accept: "x".repeat(10_000) })).status).toBe(431);
  });

  it("says what to do when the port is taken", async () => {
    const { listener } = await start();
    const second = start({ port: listener.port });
    await expect(second).rejects.toThrow(ConfigError);
    await expect(second).rejects.toThrow(/listen\.metrics 127\.0\.0\.1:\d+: the port is taken/);
  });

  it("closes although a client keeps its connection open", async () => {
    const { listener } = await start();
    const socket = connect(listener.port, listener.host);
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.resume();
    await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
    socket.write("GET /livez HTTP/1.1\r\nhost: x\r\n"); // never finished
    await listener.close();
    await closed;
    open.splice(0);
  });
});
