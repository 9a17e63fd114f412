/**
 * The demo's upstream behind Envoy: a tiny MCP server at `/mcp/demo` and an application everywhere
 * else. It trusts the `x-sark-*` headers, as a real one would, and repeats them in each answer.
 *
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface McpUpstream {
  readonly port: number;
  close(): void;
}

const TOOLS = [
  { name: "get_weather", description: "read the weather", inputSchema: { type: "object" } },
  { name: "delete_index", description: "delete an index", inputSchema: { type: "object" } },
];

export async function startMcpUpstream(): Promise<McpUpstream> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const received = sarkHeaders(request.headers);
      const body = Buffer.concat(parts).toString("utf8");
      const answer =
        request.url === "/mcp/demo" ? answerRpc(body, received) : { served_by: "app", received };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sarkHeaders(headers: IncomingHttpHeaders): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-sark-")));
}

interface RpcRequest {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly name?: string };
}

function answerRpc(body: string, received: Record<string, unknown>): object {
  const request = JSON.parse(body) as RpcRequest;
  const base = { jsonrpc: "2.0", id: request.id ?? null };
  const _meta = { "demo/received": received };
  if (request.method === "tools/list") return { ...base, result: { tools: TOOLS, _meta } };
  if (request.method === "tools/call") {
    const text = `${request.params?.name} ran for ${received["x-sark-user-id"]}`;
    return { ...base, result: { content: [{ type: "text", text }], _meta } };
  }
  return { ...base, error: { code: -32601, message: "Method not found" } };
}
