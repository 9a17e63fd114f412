/** A `fetch` handler behind a real socket: what SDKs offer that speak web streams. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

export type FetchHandler = (request: Request) => Promise<Response>;

export interface FetchServer {
  readonly port: number;
  /** Headers of the requests so far, by lower-case name. */
  readonly arrived: Headers[];
  close(): Promise<void>;
}

export async function startFetchServer(handler: FetchHandler): Promise<FetchServer> {
  const arrived: Headers[] = [];
  const server = createServer((incoming, outgoing) => {
    const request = requestOf(incoming, outgoing);
    arrived.push(request.headers);
    handler(request).then(
      (response) => answer(response, outgoing),
      () => outgoing.destroy(),
    );
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

/** Its signal fires when the client goes away. */
function requestOf(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const { method = "GET", url = "/" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(`http://${headers.get("host")}${url}`, {
    method,
    headers,
    signal: gone.signal,
    ...(hasBody
      ? { body: Readable.toWeb(incoming) as NonNullable<RequestInit["body"]>, duplex: "half" }
      : {}),
  });
}

async function answer(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  try {
    for await (const part of response.body ?? []) outgoing.write(part);
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}
