/** What stands behind Envoy in tests: an upstream and a stand-in of the cold path that keep what arrives. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Upstream {
  readonly port: number;
  readonly arrived: ArrivedRequest[];
  close(): Promise<void>;
}

/**
 * Every answer is a 200 with `servedBy` in header `x-served-by`; the body repeats the request's headers.
 * Whoever accepts nothing but an event stream gets one that never ends.
 */
export async function startUpstream(servedBy: string): Promise<Upstream> {
  const arrived: ArrivedRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      arrived.push({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(parts).toString("utf8"),
      });
      response.setHeader("x-served-by", servedBy);
      if (request.headers.accept === "text/event-stream") {
        response.setHeader("content-type", "text/event-stream");
        response.write("data: first\n\n");
        return;
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ served_by: servedBy, headers: request.headers }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    arrived,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
