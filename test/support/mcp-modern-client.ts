/** A client of MCP 2026-07-28 that answers questions of the server, and what it was told meanwhile. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { type CountingFetch, countingFetch } from "./counting-fetch.ts";

export const MODERN_VERSION = "2026-07-28";

export interface ModernClient {
  readonly client: Client;
  readonly http: CountingFetch;
  /** What changed, in the order it was told: a URI, or the kind of list. */
  readonly changes: string[];
  /** Errors that belong to no call. */
  readonly errors: Error[];
  connect(): Promise<void>;
}

export interface ModernClientOptions {
  readonly url: string;
  readonly token?: string | undefined;
  /** `auto` tries this revision and falls back to an earlier one. */
  readonly mode?: "auto" | undefined;
}

export function modernClient({ url, token, mode }: ModernClientOptions): ModernClient {
  const http = countingFetch();
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    fetch: http.fetch,
  });
  const client = new Client(
    { name: "modern-client", version: "1.0.0" },
    {
      capabilities: { elicitation: {} },
      versionNegotiation: { mode: mode ?? { pin: MODERN_VERSION } },
    },
  );
  const changes: string[] = [];
  const errors: Error[] = [];
  client.onerror = (error) => errors.push(error);
  client.setRequestHandler("elicitation/create", () => ({
    action: "accept",
    content: { name: "N" },
  }));
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
    changes.push(params.uri);
  });
  client.setNotificationHandler("notifications/tools/list_changed", () => {
    changes.push("tools");
  });
  return { client, http, changes, errors, connect: () => client.connect(transport) };
}
