/** A real client of MCP up to 2025-11-25 gets the same answers through the gateway as without it. */
import {
  CreateTaskResultSchema,
  type Progress,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lasting } from "../support/compare.ts";
import type { Gateway } from "../support/gateway.ts";
import { type LegacyClient, legacyClient } from "../support/mcp-legacy-client.ts";
import { lacksTools, SUM_SCOPES, startSdkGateway } from "../support/sdk-gateway.ts";
import { type EverythingServer, startEverythingServer } from "../support/upstream-everything.ts";
import { waitUntil } from "../support/wait-until.ts";

const TEXT = "demo://resource/dynamic/text/1";

type Operation = (legacy: LegacyClient) => Promise<unknown>;

const tool =
  (name: string, args: Record<string, unknown> = {}): Operation =>
  ({ client }) =>
    client.callTool({ name, arguments: args });

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "`initialize`": async ({ client, transport }) => ({
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    version: transport.protocolVersion,
  }),
  "`ping`": ({ client }) => client.ping(),
  "`tools/list`": ({ client }) => client.listTools(),
  "`tools/call` with text": tool("echo", { message: "grüße ✓" }),
  "`tools/call` that needs scopes": tool("get-sum", { a: 2, b: 3 }),
  "`tools/call` with an image": tool("get-tiny-image"),
  "`tools/call` with annotations": tool("get-annotated-message", {
    messageType: "success",
    includeImage: true,
  }),
  "`tools/call` with structured content": tool("get-structured-content", { location: "Chicago" }),
  "`tools/call` with resource links": tool("get-resource-links", { count: 4 }),
  "`tools/call` with an embedded resource": tool("get-resource-reference", {
    resourceType: "Blob",
    resourceId: 2,
  }),
  "`tools/call` that fails in the tool": tool("get-resource-reference", { resourceId: -1 }),
  "`tools/call` with `notifications/progress`": async ({ client }) => {
    const progress: Progress[] = [];
    const result = await client.callTool(
      { name: "trigger-long-running-operation", arguments: { duration: 0.6, steps: 3 } },
      undefined,
      { onprogress: (step) => progress.push(step) },
    );
    return { progress, result };
  },
  "`tools/call` that asks back with `sampling/createMessage`": tool("trigger-sampling-request", {
    prompt: "hello",
    maxTokens: 5,
  }),
  "`tools/call` that asks back with `elicitation/create`": tool("trigger-elicitation-request"),
  "`tools/call` that asks back with `roots/list`": tool("get-roots-list"),
  "`resources/list`": ({ client }) => client.listResources(),
  "`resources/templates/list`": ({ client }) => client.listResourceTemplates(),
  "`resources/read` of a text": ({ client }) => client.readResource({ uri: TEXT }),
  "`resources/read` of a document": ({ client }) =>
    client.readResource({ uri: "demo://resource/static/document/features.md" }),
  "`resources/read` of bytes": ({ client }) =>
    client.readResource({ uri: "demo://resource/dynamic/blob/3" }),
  "`prompts/list`": ({ client }) => client.listPrompts(),
  "`prompts/get`": ({ client }) =>
    client.getPrompt({ name: "args-prompt", arguments: { city: "Berlin", state: "BE" } }),
  "`completion/complete` of a prompt": ({ client }) =>
    client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "S" },
    }),
  "`completion/complete` of a resource template": ({ client }) =>
    client.complete({
      ref: { type: "ref/resource", uri: "demo://resource/dynamic/text/{resourceId}" },
      argument: { name: "resourceId", value: "7" },
    }),
  "`logging/setLevel`": ({ client }) => client.setLoggingLevel("error"),
};

describe.skipIf(lacksTools())("a client of MCP up to 2025-11-25", () => {
  let server: EverythingServer;
  let gateway: Gateway;
  let token: string;
  const clients: LegacyClient[] = [];

  const start = async (url: string, bearer?: string, rewrite = (body: string) => body) => {
    const legacy = legacyClient({ url, token: bearer, rewrite });
    clients.push(legacy);
    await legacy.connect();
    return legacy;
  };
  const directUrl = () => `http://127.0.0.1:${server.port}/mcp`;
  const gatedUrl = () => `http://127.0.0.1:${gateway.envoy.gatewayPort}/mcp/demo`;
  let direct: LegacyClient;
  let gated: LegacyClient;

  beforeAll(async () => {
    server = await startEverythingServer();
    gateway = await startSdkGateway(server.port);
    token = await gateway.credentials.user("alice", ["operator"], {
      claims: { scope: SUM_SCOPES.join(" ") },
    });
    direct = await start(directUrl());
    gated = await start(gatedUrl(), token);
  });
  afterAll(async () => {
    await Promise.all(clients.map(({ client }) => client.close()));
    await gateway?.stop();
    await server?.stop();
  });

  it.each(Object.entries(OPERATIONS))("%s answers the same", async (_title, operation) => {
    const [expected, seen] = await Promise.all([operation(direct), operation(gated)]);
    expect(lasting(seen)).toEqual(lasting(expected));
    expect(seen).toBeDefined();
  });

  it("`GET` streams what `resources/subscribe` asked for, until `resources/unsubscribe`", async () => {
    const updatesOf = async (legacy: LegacyClient) => {
      await legacy.client.subscribeResource({ uri: TEXT });
      await legacy.client.callTool({ name: "toggle-subscriber-updates" });
      await waitUntil("an update", () => legacy.updates.length > 0);
      await legacy.client.callTool({ name: "toggle-subscriber-updates" });
      await legacy.client.unsubscribeResource({ uri: TEXT });
      return legacy.updates;
    };
    const [expected, seen] = await Promise.all([updatesOf(direct), updatesOf(gated)]);
    expect(seen).toEqual([TEXT]);
    expect(seen).toEqual(expected);
    expect(gated.http.sent.filter(({ method }) => method === "GET")).toMatchObject([
      { status: 200 },
    ]);
  });

  it("`tasks/get`, `tasks/list`, `tasks/result` and `tasks/cancel` answer the same", async () => {
    const tasksOf = async ({ client }: LegacyClient) => {
      const create = async (topic: string) => {
        const params = { name: "simulate-research-query", arguments: { topic }, task: {} };
        const created = await client.request(
          { method: "tools/call", params },
          CreateTaskResultSchema,
        );
        return created.task;
      };
      const finished = await create("bees");
      const canceled = await create("ants");
      const { tasks } = client.experimental;
      const steps = [
        finished,
        await tasks.getTask(finished.taskId),
        await tasks.cancelTask(canceled.taskId),
        (await tasks.listTasks()).tasks.length,
        await tasks.getTaskResult(finished.taskId, ResultSchema),
      ];
      return steps;
    };
    const [expected, seen] = await Promise.all([tasksOf(direct), tasksOf(gated)]);
    expect(lasting(seen)).toEqual(lasting(expected));
  });

  it("`notifications/cancelled` ends a call on both ways", async () => {
    const cancel = async ({ client }: LegacyClient) => {
      const aborting = new AbortController();
      const call = client.callTool(
        { name: "trigger-long-running-operation", arguments: { duration: 5, steps: 50 } },
        undefined,
        { signal: aborting.signal, onprogress: () => aborting.abort("enough") },
      );
      return call.catch((error: Error) => error.message);
    };
    const [expected, seen] = await Promise.all([cancel(direct), cancel(gated)]);
    expect(seen).toBe(expected);
    await waitUntil("the notification", () =>
      gated.http.sent.some(
        ({ rpcMethod, status }) => rpcMethod === "notifications/cancelled" && status === 202,
      ),
    );
  });

  it.each(["2025-06-18", "2025-11-25"])("`initialize` settles on %s", async (version) => {
    const rewrite = (body: string) =>
      body.replace(/"protocolVersion":"[^"]+"/, `"protocolVersion":"${version}"`);
    const old = await start(gatedUrl(), token, rewrite);
    expect(old.transport.protocolVersion).toBe(version);
    expect(await old.client.callTool({ name: "echo", arguments: { message: "hi" } })).toEqual({
      content: [{ type: "text", text: "Echo: hi" }],
    });
  });

  it("`DELETE` ends the session at the server", async () => {
    const { client, transport, http } = await start(gatedUrl(), token);
    const { sessionId } = transport;
    await transport.terminateSession();
    expect(http.sent.at(-1)).toMatchObject({ method: "DELETE", status: 200 });
    expect(transport.sessionId).toBeUndefined();
    const late = legacyClient({
      url: gatedUrl(),
      token,
      transport: { sessionId: sessionId ?? "" },
    });
    await expect(late.client.connect(late.transport as never)).resolves.toBeUndefined();
    await expect(late.client.ping()).rejects.toMatchObject({ code: 400 });
    await client.close();
    await late.client.close();
  });

  it("leaves nothing behind that a client would report as an error", () => {
    // Progress of the call that was given up, as much of it as was on its way.
    const late = /^Received a progress notification for an unknown token/;
    const reported = ({ errors }: LegacyClient) =>
      errors.map(({ message }) => message).filter((message) => !late.test(message));
    expect(reported(gated)).toEqual(reported(direct));
  });
});
