/** A small MCP server of revision 2026-07-28, with one of everything. */
import {
  acceptedContent,
  createMcpHandler,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ResourceTemplate,
  type ServerNotifier,
} from "@modelcontextprotocol/server";
import { startFetchServer } from "./fetch-server.ts";

export interface ModernServer {
  readonly port: number;
  readonly arrived: readonly Headers[];
  /** Sends changes to whoever listens. */
  readonly notify: ServerNotifier;
  close(): Promise<void>;
}

export async function startModernServer(): Promise<ModernServer> {
  const handler = createMcpHandler(createServer, { legacy: "reject", keepAliveMs: 0 });
  const server = await startFetchServer(handler.fetch);
  return {
    port: server.port,
    arrived: server.arrived,
    notify: handler.notify,
    close: async () => {
      await handler.close();
      await server.close();
    },
  };
}

function createServer(): McpServer {
  const server = new McpServer(
    { name: "modern-server", version: "1.0.0" },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
      },
      instructions: "One of everything.",
    },
  );
  addTools(server);
  addInteractiveTools(server);
  addResources(server);
  addPrompts(server);
  return server;
}

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

function addTools(server: McpServer): void {
  const mirrored = Object.assign({ type: "string" as const }, { "x-mcp-header": "message" });
  const echoSchema = fromJsonSchema<{ message: string }>({
    type: "object",
    properties: { message: mirrored },
    required: ["message"],
  });
  server.registerTool("echo", { inputSchema: echoSchema }, ({ message }) => text(message));
  server.registerTool(
    "get-sum",
    { inputSchema: fromJsonSchema<object>({ type: "object", properties: {} }) },
    () => text("5"),
  );
  server.registerTool(
    "weather",
    {
      outputSchema: fromJsonSchema<object>({
        type: "object",
        properties: { celsius: { type: "number" } },
      }),
    },
    () => ({ ...text("21"), structuredContent: { celsius: 21 } }),
  );
  server.registerTool("fails", {}, () => ({ ...text("no"), isError: true }));
}

function addInteractiveTools(server: McpServer): void {
  server.registerTool("steps", {}, async (context) => {
    const { progressToken } = context.mcpReq._meta ?? {};
    for (let progress = 1; progressToken !== undefined && progress <= 3; progress++) {
      const params = { progressToken, progress, total: 3 };
      await context.mcpReq.notify({ method: "notifications/progress", params });
    }
    return text("done");
  });
  server.registerTool("stuck", {}, async (context) => {
    const { progressToken } = context.mcpReq._meta ?? {};
    if (progressToken !== undefined) {
      const params = { progressToken, progress: 1 };
      await context.mcpReq.notify({ method: "notifications/progress", params });
    }
    const aborted = Promise.withResolvers<void>();
    context.mcpReq.signal.addEventListener("abort", () => aborted.resolve());
    await aborted.promise;
    return text("never seen");
  });
  server.registerTool("ask", {}, (context) => {
    const answers = context.mcpReq.inputResponses;
    const confirmed = acceptedContent<{ name: string }>(answers, "who");
    if (confirmed !== undefined) return text(`hello ${confirmed.name}`);
    const who = inputRequired.elicit({
      message: "Who are you?",
      requestedSchema: {
        type: "object",
        properties: { name: { type: "string" } },
        required: ["name"],
      },
    });
    return inputRequired({ inputRequests: { who }, requestState: "asked" });
  });
}

function addResources(server: McpServer): void {
  server.registerResource("greeting", "demo://text/greeting", {}, (uri) => ({
    contents: [{ uri: uri.href, text: "grüße ✓" }],
  }));
  const template = new ResourceTemplate("demo://text/{id}", {
    list: undefined,
    complete: { id: (value) => ["one", "two"].filter((id) => id.startsWith(value)) },
  });
  server.registerResource("numbered", template, {}, (uri, { id }) => ({
    contents: [{ uri: uri.href, text: `text ${id}` }],
  }));
}

function addPrompts(server: McpServer): void {
  const argsSchema = fromJsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  });
  server.registerPrompt("weather-in", { argsSchema }, ({ city }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Weather in ${city}?` } }],
  }));
}
