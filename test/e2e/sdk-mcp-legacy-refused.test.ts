/** What a real client of MCP up to 2025-11-25 makes of a refusal: its own error, at once, with our body. */
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "../support/gateway.ts";
import { type LegacyClient, legacyClient } from "../support/mcp-legacy-client.ts";
import {
  endOf,
  failureOf,
  lacksTools,
  REFUSED_BY_ENVOY,
  SUM_SCOPES,
  startSdkGateway,
} from "../support/sdk-gateway.ts";
import { type EverythingServer, startEverythingServer } from "../support/upstream-everything.ts";
import { waitUntil } from "../support/wait-until.ts";

const BODY = /^Streamable HTTP error: Error POSTing to endpoint: (\{.*\})$/;

interface Refusal {
  readonly status: number | undefined;
  readonly body: { readonly error: { readonly data: { readonly audit_id: string } } };
}

/** The status and the JSON-RPC error that the library's error carries. */
function refusalOf(error: unknown): Refusal {
  expect(error).toBeInstanceOf(StreamableHTTPError);
  const { code, message } = error as StreamableHTTPError;
  return { status: code, body: JSON.parse(BODY.exec(message)?.[1] ?? "null") };
}

const refusal = (status: number, code: number, reasonCode: string) => ({
  status,
  body: {
    jsonrpc: "2.0",
    id: expect.any(Number),
    error: {
      code,
      message: expect.any(String),
      data: expect.objectContaining({
        reason_code: reasonCode,
        audit_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    },
  },
});

type Operation = (legacy: LegacyClient) => Promise<unknown>;

describe.skipIf(lacksTools())("a client of MCP up to 2025-11-25 that is refused", () => {
  let server: EverythingServer;
  let gateway: Gateway;
  let guest: LegacyClient;
  const clients: LegacyClient[] = [];

  const url = () => `http://127.0.0.1:${gateway.envoy.gatewayPort}/mcp/demo`;
  const clientWith = (token: string | undefined, rewrite = (body: string) => body) => {
    const legacy = legacyClient({ url: url(), token, rewrite });
    clients.push(legacy);
    return legacy;
  };
  const connected = async (token: string) => {
    const legacy = clientWith(token);
    await legacy.connect();
    await waitUntil("the stream", () => legacy.http.sent.some(({ method }) => method === "GET"));
    return legacy;
  };

  beforeAll(async () => {
    server = await startEverythingServer();
    gateway = await startSdkGateway(server.port);
    guest = await connected(await gateway.credentials.user("gus", ["guest"]));
  });
  afterAll(async () => {
    await Promise.all(clients.map(({ client }) => client.close()));
    await gateway?.stop();
    await server?.stop();
  });

  const TOKENS: readonly (readonly [string, () => Promise<string | undefined>, string])[] = [
    ["no token", async () => undefined, "identity.missing"],
    [
      "an expired token",
      () => gateway.credentials.user("alice", ["operator"], { expiresInS: -3_600 }),
      "identity.expired",
    ],
    [
      "a token for another audience",
      () => gateway.credentials.user("alice", ["operator"], { claims: { aud: "sark-api" } }),
      "identity.invalid",
    ],
    [
      "an agent's token",
      () => gateway.credentials.agent("worker-1", { capabilities: ["query"] }),
      "identity.invalid",
    ],
  ];

  it.each(TOKENS)("`initialize` with %s fails at once", async (_title, token, reasonCode) => {
    const legacy = clientWith(await token());
    const seen = refusalOf(await failureOf(legacy.connect()));
    expect(seen).toEqual(refusal(401, -32_000, reasonCode));
    expect(legacy.http.sent).toMatchObject([{ rpcMethod: "initialize", status: 401 }]);
    expect(await endOf(gateway, seen.body.error.data.audit_id)).toBe(REFUSED_BY_ENVOY);
  });

  it("what follows `initialize` in a version that is not spoken says which ones are", async () => {
    const legacy = clientWith(await gateway.credentials.user("alice", ["operator"]), (body) =>
      body.replace(/"protocolVersion":"[^"]+"/, '"protocolVersion":"2024-11-05"'),
    );
    const { status, body } = refusalOf(await failureOf(legacy.connect()));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: {
        code: -32_022,
        data: {
          reason_code: "mcp.version_unsupported",
          requested: "2024-11-05",
          supported: expect.arrayContaining(["2025-11-25", "2025-06-18"]),
        },
      },
    });
    expect(legacy.http.sent).toMatchObject([
      { rpcMethod: "initialize", status: 200 },
      { rpcMethod: "notifications/initialized", status: 400 },
    ]);
  });

  const DENIED: Readonly<Record<string, Operation>> = {
    "`tools/call` of a denied tool": ({ client }) => client.callTool({ name: "get-env" }),
    "`tools/call` of an unknown tool": ({ client }) => client.callTool({ name: "no-such-tool" }),
    "`resources/list`": ({ client }) => client.listResources(),
    "`resources/templates/list`": ({ client }) => client.listResourceTemplates(),
    "`resources/read`": ({ client }) =>
      client.readResource({ uri: "demo://resource/dynamic/text/1" }),
    "`resources/subscribe`": ({ client }) =>
      client.subscribeResource({ uri: "demo://resource/dynamic/text/1" }),
    "`prompts/list`": ({ client }) => client.listPrompts(),
    "`prompts/get`": ({ client }) => client.getPrompt({ name: "simple-prompt" }),
    "`completion/complete`": ({ client }) =>
      client.complete({
        ref: { type: "ref/prompt", name: "completable-prompt" },
        argument: { name: "department", value: "S" },
      }),
    "`tasks/list`": ({ client }) => client.experimental.tasks.listTasks(),
    "`tasks/cancel`": ({ client }) => client.experimental.tasks.cancelTask("no-such-task"),
  };

  it.each(Object.entries(DENIED))("%s fails at once", async (_title, operation) => {
    const sent = guest.http.sent.length;
    const seen = refusalOf(await failureOf(operation(guest)));
    expect(seen).toEqual(refusal(403, -32_000, "policy.denied"));
    const calls = guest.http.sent.slice(sent).filter(({ rpcMethod }) => rpcMethod !== undefined);
    expect(calls).toMatchObject([{ status: 403 }]);
    expect(await endOf(gateway, seen.body.error.data.audit_id)).toBe(REFUSED_BY_ENVOY);
  });

  it("a denied and an unknown tool look the same", async () => {
    const [denied, unknown] = await Promise.all(
      ["get-env", "no-such-tool"].map(async (name) =>
        JSON.stringify(refusalOf(await failureOf(guest.client.callTool({ name })))).replace(
          /"audit_id":"[^"]*"|"id":\d+/g,
          "",
        ),
      ),
    );
    expect(unknown?.replaceAll("no-such-tool", "get-env")).toBe(denied);
  });

  it("`tools/call` without all the scopes it needs fails at once", async () => {
    const token = await gateway.credentials.user("alice", ["operator"], {
      claims: { scope: SUM_SCOPES[0] },
    });
    const legacy = await connected(token);
    const call = legacy.client.callTool({ name: "get-sum", arguments: { a: 1, b: 2 } });
    const seen = refusalOf(await failureOf(call));
    expect(seen).toEqual(refusal(403, -32_000, "identity.insufficient_scope"));
    expect(await endOf(gateway, seen.body.error.data.audit_id)).toBe(REFUSED_BY_ENVOY);
    expect(legacy.http.sent.filter(({ rpcMethod }) => rpcMethod === "tools/call")).toHaveLength(1);
  });

  it("what is allowed still works afterwards", async () => {
    await expect(
      guest.client.callTool({ name: "echo", arguments: { message: "still here" } }),
    ).resolves.toEqual({ content: [{ type: "text", text: "Echo: still here" }] });
  });
});
