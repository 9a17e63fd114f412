/** What a real A2A client makes of a refusal: its own error, at once, with our body. */
import { A2AError, isJsonRpcError, isRestError } from "@a2a-js/sdk/errors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AgentClient,
  type AgentClientOptions,
  agentClient,
  sayTo,
} from "../support/a2a-client.ts";
import type { Gateway } from "../support/gateway.ts";
import {
  endOf,
  failureOf,
  lacksTools,
  REFUSED_BY_ENVOY,
  startSdkGateway,
} from "../support/sdk-gateway.ts";
import { type AgentServer, startAgent } from "../support/upstream-agent.ts";

const CLAIMS = { agent_type: "orchestrator", trust_level: "trusted", environment: "production" };
const JSON_RPC = { binding: "JSONRPC", version: "1.0" } as const;
const REST = { binding: "HTTP+JSON", version: "1.0" } as const;

const AUDIT_ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

/** What the protocol makes of a reason code. */
const REASONS: Readonly<Record<string, string>> = {
  "identity.missing": "IDENTITY_MISSING",
  "identity.expired": "IDENTITY_EXPIRED",
  "identity.invalid": "IDENTITY_INVALID",
  "a2a.capability": "A2A_CAPABILITY",
  "a2a.push_url": "A2A_PUSH_URL",
  "policy.denied": "POLICY_DENIED",
};

type Operation = (agent: AgentClient) => Promise<unknown>;

const send: Operation = ({ client }) => client.sendMessage(sayTo("hello"));
const stream: Operation = ({ client }) => client.sendMessageStream(sayTo("hello")).next();
const cancel: Operation = ({ client }) =>
  client.cancelTask({ tenant: "", id: "task-1", metadata: undefined });
const query: Operation = ({ client }) => client.getTask({ tenant: "", id: "task-1" });
const push: Operation = ({ client }) =>
  client.createTaskPushNotificationConfig({
    ...{ tenant: "", taskId: "task-1", id: "config-1" },
    ...{ url: "https://127.0.0.1/notify", token: "", authentication: undefined },
  });

describe.skipIf(lacksTools())("an A2A client that is refused", () => {
  let server: AgentServer;
  let gateway: Gateway;
  let planner: string;
  const tokens: Record<string, string | undefined> = {};

  beforeAll(async () => {
    server = await startAgent();
    gateway = await startSdkGateway(server.port);
    const { credentials } = gateway;
    const both = { ...CLAIMS, capabilities: ["execute", "query"] };
    planner = await credentials.agent("planner", both);
    tokens["a planner"] = planner;
    tokens["an expired token"] = await credentials.agent("planner", both, { expiresInS: -3_600 });
    tokens["a token for another audience"] = await credentials.agent("planner", {
      ...both,
      aud: "elsewhere",
    });
    tokens["a user's token"] = await credentials.user("alice", ["operator"]);
    tokens["an agent that may only query"] = await credentials.agent("planner", {
      ...CLAIMS,
      capabilities: ["query"],
    });
    tokens["an agent that policy denies"] = await credentials.agent("stranger", both);
  });
  afterAll(async () => {
    await gateway?.stop();
    await server?.close();
  });

  const clientOf = (options: Omit<AgentClientOptions, "port">) =>
    agentClient({ ...options, port: gateway.envoy.gatewayPort });
  const CASES: readonly (readonly [string, string, Operation, number, string])[] = [
    ["no token", "`SendMessage`", send, 401, "identity.missing"],
    ["an expired token", "`SendMessage`", send, 401, "identity.expired"],
    ["a token for another audience", "`GetTask`", query, 401, "identity.invalid"],
    ["a user's token", "`SendMessage`", send, 401, "identity.invalid"],
    ["an agent that may only query", "`SendMessage`", send, 403, "a2a.capability"],
    ["an agent that may only query", "`SendStreamingMessage`", stream, 403, "a2a.capability"],
    ["an agent that may only query", "`CancelTask`", cancel, 403, "a2a.capability"],
    ["an agent that policy denies", "`SendMessage`", send, 403, "policy.denied"],
    ["an agent that policy denies", "`SendStreamingMessage`", stream, 403, "policy.denied"],
    ["an agent that policy denies", "`GetTask`", query, 403, "policy.denied"],
    ["a planner", "`CreateTaskPushNotificationConfig`", push, 403, "a2a.push_url"],
  ];

  it.each(CASES)(
    "%s, %s over JSON-RPC fails at once",
    async (who, _name, operation, status, reason) => {
      const agent = await clientOf({ ...JSON_RPC, token: tokens[who] });
      const error = await failureOf(operation(agent));
      expect(error).toBeInstanceOf(A2AError);
      expect(isJsonRpcError(error)).toBe(true);
      const { envelopeCode, data } = error as { envelopeCode: number; data: unknown };
      expect(envelopeCode).toBe(-32_000);
      expect(data).toMatchObject([
        {
          reason: REASONS[reason],
          domain: "sark-authz",
          metadata: { audit_id: expect.stringMatching(AUDIT_ID) },
        },
      ]);
      expect(agent.http.sent.slice(1)).toMatchObject([{ method: "POST", status }]);
      const [auditId] = AUDIT_ID.exec(JSON.stringify(data)) ?? [""];
      expect(await endOf(gateway, auditId)).toBe(REFUSED_BY_ENVOY);
    },
  );

  it.each(CASES)("%s, %s over REST fails at once", async (who, _name, operation, status) => {
    const agent = await clientOf({ ...REST, token: tokens[who] });
    const error = await failureOf(operation(agent));
    expect(error).toBeInstanceOf(A2AError);
    expect(isRestError(error)).toBe(true);
    expect(error).toMatchObject({
      statusCode: status,
      message: expect.stringMatching(/^Access denied/),
    });
    // The library keeps no details of a reason it does not know, but every header.
    const { headers } = error as { headers: Record<string, string> };
    expect(agent.http.sent.slice(1)).toMatchObject([{ status }]);
    expect(await endOf(gateway, String(headers["x-sark-audit-id"]))).toBe(REFUSED_BY_ENVOY);
  });

  it.each(["JSONRPC", "HTTP+JSON"] as const)(
    "version 0.3 over %s fails at once",
    async (binding) => {
      const token = tokens["an agent that policy denies"];
      const agent = await clientOf({ binding, version: "0.3", token });
      const error = await failureOf(send(agent));
      expect(error).toBeInstanceOf(Error);
      expect(agent.http.sent.slice(1)).toMatchObject([{ status: 403 }]);
      expect((error as Error).message).toContain("Access denied");
    },
  );

  it("a client that can renew its token does so once and goes on", async () => {
    const agent = await clientOf({
      ...JSON_RPC,
      token: tokens["an expired token"],
      renew: async () => planner,
    });
    expect(await send(agent)).toMatchObject({ artifacts: [{ artifactId: "answer" }] });
    expect(agent.http.sent.slice(1)).toMatchObject([{ status: 401 }, { status: 200 }]);
  });

  it("a client whose new token is refused as well gives up", async () => {
    const expired = tokens["an expired token"];
    const agent = await clientOf({ ...JSON_RPC, token: expired, renew: async () => expired ?? "" });
    expect(await failureOf(send(agent))).toBeInstanceOf(A2AError);
    expect(agent.http.sent.slice(1)).toMatchObject([{ status: 401 }, { status: 401 }]);
  });
});
