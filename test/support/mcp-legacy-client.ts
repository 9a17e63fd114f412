/** A client of the MCP line up to 2025-11-25 that can be asked back, and what it was told meanwhile. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { type CountingFetch, countingFetch, type FetchOptions } from "./counting-fetch.ts";

export interface LegacyClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly http: CountingFetch;
  /** URIs of changed resources, in the order they came. */
  readonly updates: string[];
  readonly logs: unknown[];
  /** Errors that belong to no call. */
  readonly errors: Error[];
  connect(): Promise<void>;
}

export interface LegacyClientOptions extends FetchOptions {
  readonly url: string;
  readonly token?: string | undefined;
  readonly transport?: StreamableHTTPClientTransportOptions;
}

export function legacyClient(options: LegacyClientOptions): LegacyClient {
  const http = countingFetch(options);
  const headers = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
  const transport = new StreamableHTTPClientTransport(new URL(options.url), {
    requestInit: { headers },
    fetch: http.fetch,
    ...options.transport,
  });
  const client = new Client(
    { name: "legacy-client", version: "1.0.0" },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  const updates: string[] = [];
  const logs: unknown[] = [];
  const errors: Error[] = [];
  client.onerror = (error) => errors.push(error);
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: "stub",
    role: "assistant",
    content: { type: "text", text: "sampled" },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({
    action: "accept",
    content: { name: "N", check: true, interpretation: "technical" },
  }));
  client.setRequestHandler(ListRootsRequestSchema, () => ({
    roots: [{ uri: "file:///srv/root", name: "root" }],
  }));
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    updates.push(params.uri);
  });
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    logs.push(params.data);
  });
  // The library's own types do not agree with each other under exactOptionalPropertyTypes.
  const connect = () => client.connect(transport as Transport);
  return { client, transport, http, updates, logs, errors, connect };
}
