/** A real A2A client gets the same answers of a real agent through the gateway as without it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AgentClient, agentClient, sayTo } from "../support/a2a-client.ts";
import { lasting } from "../support/compare.ts";
import type { Gateway } from "../support/gateway.ts";
import { lacksTools, startSdkGateway } from "../support/sdk-gateway.ts";
import { type AgentServer, ENDLESS, startAgent } from "../support/upstream-agent.ts";

type Operation = (agent: AgentClient) => Promise<unknown>;

const PLANNER = {
  ...{ agent_type: "orchestrator", trust_level: "trusted", environment: "production" },
  capabilities: ["execute", "query"],
};

const idOf = (result: unknown) => String((result as { readonly id?: string }).id);

/** The task that a message started, without waiting for its end. */
const started = async ({ client }: AgentClient, text: string) =>
  idOf(await client.sendMessage(sayTo(text, { returnImmediately: true })));

const collected = async (events: AsyncIterable<unknown>) => {
  const all = [];
  for await (const event of events) all.push(event);
  return all;
};

/** By name of version 1.0, then of version 0.3. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "the public card": async ({ card }) => card,
  "`SendMessage`, `message/send`": ({ client }) => client.sendMessage(sayTo("hello ✓")),
  "`SendStreamingMessage`, `message/stream`": ({ client }) =>
    collected(client.sendMessageStream(sayTo("hello"))),
  "`GetTask`, `tasks/get`": async (agent) => {
    const id = idOf(await agent.client.sendMessage(sayTo("hello")));
    return agent.client.getTask({ tenant: "", id });
  },
  "`GetTask`, `tasks/get` of a missing task": ({ client }) =>
    client.getTask({ tenant: "", id: "no-such-task" }).catch((error: Error) => error.message),
  "`CancelTask`, `tasks/cancel`": async (agent) => {
    const id = await started(agent, ENDLESS);
    return agent.client.cancelTask({ tenant: "", id, metadata: undefined });
  },
  "`SubscribeToTask`, `tasks/resubscribe`": async (agent) => {
    const id = await started(agent, ENDLESS);
    const events = agent.client.resubscribeTask({ tenant: "", id });
    const first = await events.next();
    await agent.client.cancelTask({ tenant: "", id, metadata: undefined });
    return [first.value, ...(await collected(events))];
  },
  "the operations on push notification configs": async (agent) => {
    const { client } = agent;
    const taskId = await started(agent, ENDLESS);
    const config = { tenant: "", taskId, id: "config-1" };
    const url = "https://hooks.example/notify";
    const steps = [
      await client.createTaskPushNotificationConfig({
        ...config,
        url,
        token: "t",
        authentication: undefined,
      }),
      await client.getTaskPushNotificationConfig(config),
      await client.listTaskPushNotificationConfig({ ...config, pageSize: 0, pageToken: "" }),
      await client.deleteTaskPushNotificationConfig(config),
    ];
    await client.cancelTask({ tenant: "", id: taskId, metadata: undefined });
    return steps;
  },
  "`GetExtendedAgentCard`, `agent/getAuthenticatedExtendedCard`": ({ client }) =>
    client.getAgentCard(),
};

const INTERFACES = [
  { binding: "JSONRPC", version: "1.0" },
  { binding: "HTTP+JSON", version: "1.0" },
  { binding: "JSONRPC", version: "0.3" },
  { binding: "HTTP+JSON", version: "0.3" },
] as const;

describe.skipIf(lacksTools())("an A2A client", () => {
  let server: AgentServer;
  let gateway: Gateway;
  let planner: string;

  beforeAll(async () => {
    server = await startAgent();
    gateway = await startSdkGateway(server.port);
    planner = await gateway.credentials.agent("planner", PLANNER);
  });
  afterAll(async () => {
    await gateway?.stop();
    await server?.close();
  });

  describe.each(INTERFACES)("of $binding $version", (spoken) => {
    let direct: AgentClient;
    let gated: AgentClient;

    beforeAll(async () => {
      direct = await agentClient({ ...spoken, port: server.port });
      const port = gateway.envoy.gatewayPort;
      gated = await agentClient({ ...spoken, port, token: planner });
    });

    it.each(Object.entries(OPERATIONS))("%s: answers the same", async (_title, operation) => {
      const [expected, seen] = await Promise.all([operation(direct), operation(gated)]);
      expect(seen).toBeDefined();
      expect(lasting(seen)).toEqual(lasting(expected));
      expect(gated.http.sent.map(({ status }) => status)).toEqual(
        direct.http.sent.map(({ status }) => status),
      );
    });
  });

  it("`ListTasks`, which only 1.0 has: lists the tasks of a context", async () => {
    const port = gateway.envoy.gatewayPort;
    const { client } = await agentClient({ ...INTERFACES[0], port, token: planner });
    const task = (await client.sendMessage(sayTo("listed"))) as { readonly contextId: string };
    const { tasks } = await client.listTasks({
      ...{ tenant: "", contextId: task.contextId, status: 0, pageToken: "" },
      statusTimestampAfter: undefined,
    });
    expect(tasks).toMatchObject([{ id: idOf(task), contextId: task.contextId }]);
  });
});
