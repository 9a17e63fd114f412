/** One HTTP/1.1 request exactly as written: repeated headers, odd paths, chunked and cut bodies. */
import { Agent, type IncomingMessage, request } from "node:http";

export interface HttpCall {
  readonly port: number;
  readonly method?: string;
  /** Sent as it is. */
  readonly path: string;
  /** Pairs in order; a name may be repeated. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Several parts are sent as chunks without Content-Length. */
  readonly body?: string | Uint8Array | readonly string[];
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  readonly durationMs: number;
}

const TIMEOUT_MS = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const startedMs = performance.now();
  const { body } = call;
  const isWhole = typeof body === "string" || body instanceof Uint8Array;
  const headers = ["Host", `127.0.0.1:${call.port}`, ...(call.headers ?? []).flat()];
  if (isWhole) headers.push("Content-Length", String(Buffer.byteLength(body)));
  else if (body !== undefined) headers.push("Transfer-Encoding", "chunked");

  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port: call.port,
        method: call.method ?? (body === undefined ? "GET" : "POST"),
        path: call.path,
        headers,
        agent,
        timeout: call.timeoutMs ?? TIMEOUT_MS,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.once("error", reject);
        answer.once("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(parts).toString("utf8"),
            durationMs: performance.now() - startedMs,
          }),
        );
      },
    );
    sent.once("timeout", () => sent.destroy(new Error(`no answer from port ${call.port} in time`)));
    sent.once("upgrade", (_answer, socket) => {
      socket.destroy();
      reject(new Error("the connection was upgraded"));
    });
    sent.once("error", reject);
    if (isWhole || body === undefined) sent.end(body);
    else {
      for (const part of body) sent.write(part);
      sent.end();
    }
  });
}
