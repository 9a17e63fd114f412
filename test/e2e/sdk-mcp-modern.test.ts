/** A real client of MCP 2026-07-28 gets the same answers through the gateway as without it. */
import type { Progress } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lasting } from "../support/compare.ts";
import type { Gateway } from "../support/gateway.ts";
import { MODERN_VERSION, type ModernClient, modernClient } from "../support/mcp-modern-client.ts";
import { lacksTools, SUM_SCOPES, startSdkGateway } from "../support/sdk-gateway.ts";
import { type ModernServer, startModernServer } from "../support/upstream-mcp-modern.ts";
import { waitUntil } from "../support/wait-until.ts";

const GREETING = "demo://text/greeting";

type Operation = (modern: ModernClient) => Promise<unknown>;

const tool =
  (name: string, args: Record<string, unknown> = {}): Operation =>
  ({ client }) =>
    client.callTool({ name, arguments: args });

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "`server/discover`": async ({ client }) => ({
    found: client.getDiscoverResult(),
    again: await client.discover(),
    version: client.getNegotiatedProtocolVersion(),
    era: client.getProtocolEra(),
  }),
  "`tools/list`": ({ client }) => client.listTools(),
  "`tools/call` with text": tool("echo", { message: "plain" }),
  "`tools/call` with text beyond ASCII": tool("echo", { message: "=?base64? grüße ✓" }),
  "`tools/call` that needs scopes": tool("get-sum"),
  "`tools/call` with structured content": tool("weather"),
  "`tools/call` that fails in the tool": tool("fails"),
  "`tools/call` with `notifications/progress`": async ({ client }) => {
    const progress: Progress[] = [];
    const onprogress = (step: Progress) => progress.push(step);
    const result = await client.callTool({ name: "steps" }, { onprogress });
    return { progress, result };
  },
  "`tools/call` that asks for input and is retried with it": tool("ask"),
  "`resources/list`": ({ client }) => client.listResources(),
  "`resources/templates/list`": ({ client }) => client.listResourceTemplates(),
  "`resources/read`": ({ client }) => client.readResource({ uri: GREETING }),
  "`resources/read` of a template": ({ client }) => client.readResource({ uri: "demo://text/two" }),
  "`prompts/list`": ({ client }) => client.listPrompts(),
  "`prompts/get`": ({ client }) =>
    client.getPrompt({ name: "weather-in", arguments: { city: "Berlin" } }),
  "`completion/complete`": ({ client }) =>
    client.complete({
      ref: { type: "ref/resource", uri: "demo://text/{id}" },
      argument: { name: "id", value: "t" },
    }),
};

describe.skipIf(lacksTools())("a client of MCP 2026-07-28", () => {
  let server: ModernServer;
  let gateway: Gateway;
  let token: string;
  let direct: ModernClient;
  let gated: ModernClient;
  const clients: ModernClient[] = [];

  const start = async (url: string, bearer?: string, mode?: "auto") => {
    const modern = modernClient({ url, token: bearer, mode });
    clients.push(modern);
    await modern.connect();
    return modern;
  };
  const gatedUrl = () => `http://127.0.0.1:${gateway.envoy.gatewayPort}/mcp/demo`;

  beforeAll(async () => {
    server = await startModernServer();
    gateway = await startSdkGateway(server.port);
    token = await gateway.credentials.user("alice", ["operator"], {
      claims: { scope: SUM_SCOPES.join(" ") },
    });
    direct = await start(`http://127.0.0.1:${server.port}/mcp`);
    gated = await start(gatedUrl(), token);
  });
  afterAll(async () => {
    await Promise.all(clients.map(({ client }) => client.close()));
    await gateway?.stop();
    await server?.close();
  });

  it.each(Object.entries(OPERATIONS))("%s answers the same", async (_title, operation) => {
    const sent = gated.http.sent.length;
    const [expected, seen] = await Promise.all([operation(direct), operation(gated)]);
    expect(seen).toBeDefined();
    expect(lasting(seen)).toEqual(lasting(expected));
    const statuses = gated.http.sent.slice(sent).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it("asks the gateway anew for the retry of a call that asked for input", async () => {
    const checks = await gateway.checks();
    await gated.client.callTool({ name: "ask" });
    expect(await gateway.checks()).toBe(checks + 2);
  });

  it("`Mcp-Method`, `Mcp-Name` and `Mcp-Param-*` of the library reach the upstream", async () => {
    await gated.client.listTools(); // from there the library knows what to repeat in headers
    await gated.client.callTool({ name: "echo", arguments: { message: "mirrored" } });
    const headers = server.arrived.findLast((one) => one.has("x-sark-audit-id"));
    expect(Object.fromEntries(headers ?? [])).toMatchObject({
      "mcp-protocol-version": MODERN_VERSION,
      "mcp-method": "tools/call",
      "mcp-name": "echo",
      "mcp-param-message": "mirrored",
      "x-sark-tool-name": "echo",
    });
    expect(headers?.has("authorization")).toBe(false);
  });

  it("`subscriptions/listen` streams changes until the client leaves", async () => {
    const filter = { toolsListChanged: true, resourceSubscriptions: [GREETING] };
    const listening = [direct, gated];
    const open = await Promise.all(listening.map(({ client }) => client.listen(filter)));
    expect(open[1]?.honoredFilter).toEqual(open[0]?.honoredFilter);
    server.notify.resourceUpdated(GREETING);
    server.notify.resourceUpdated("demo://text/nobody-asked");
    server.notify.toolsChanged();
    for (const { changes } of listening) {
      await waitUntil("two changes", () => changes.length >= 2);
      expect(changes).toEqual([GREETING, "tools"]);
    }
    await Promise.all(open.map((one) => one.close()));
    expect(await Promise.all(open.map((one) => one.closed))).toEqual(["local", "local"]);
  });

  it("a call that the client gives up ends at the server too", async () => {
    const giveUp = async ({ client }: ModernClient) => {
      const aborting = new AbortController();
      const call = client.callTool(
        { name: "stuck" },
        { signal: aborting.signal, onprogress: () => aborting.abort("enough") },
      );
      return call.catch((error: Error) => `${error.name}: ${error.message}`);
    };
    const [expected, seen] = await Promise.all([giveUp(direct), giveUp(gated)]);
    expect(seen).toBe(expected);
  });

  it("a client that may fall back finds the same revision", async () => {
    const auto = await start(gatedUrl(), token, "auto");
    expect(auto.client.getNegotiatedProtocolVersion()).toBe(MODERN_VERSION);
    expect(auto.http.sent).toMatchObject([{ rpcMethod: "server/discover", status: 200 }]);
  });

  it("`notifications/cancelled` after a stream, which the revision lacks, is refused quietly", async () => {
    const refused = await waitUntil("the notification", () =>
      gated.http.sent.find(({ rpcMethod }) => rpcMethod === "notifications/cancelled"),
    );
    expect(refused.status).toBe(404);
    expect(gated.errors.filter(({ message }) => !message.includes("rpc.method_unknown"))).toEqual(
      direct.errors,
    );
  });
});
