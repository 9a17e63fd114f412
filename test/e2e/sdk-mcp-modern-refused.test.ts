/** What a real client of MCP 2026-07-28 makes of a refusal: its own error, at once, with our body. */
import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkHttpError,
} from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "../support/gateway.ts";
import { legacyClient } from "../support/mcp-legacy-client.ts";
import { MODERN_VERSION, type ModernClient, modernClient } from "../support/mcp-modern-client.ts";
import {
  endOf,
  failureOf,
  lacksTools,
  REFUSED_BY_ENVOY,
  SUM_SCOPES,
  startSdkGateway,
} from "../support/sdk-gateway.ts";
import { type ModernServer, startModernServer } from "../support/upstream-mcp-modern.ts";

const GREETING = "demo://text/greeting";

interface Refusal {
  readonly status: number;
  readonly body: { readonly error: { readonly data: { readonly audit_id: string } } };
}

/** The status and the JSON-RPC error that the library's error, or the cause of it, carries. */
function refusalOf(error: unknown): Refusal {
  const cause = error instanceof SdkHttpError ? error : (error as Error).cause;
  expect(cause).toBeInstanceOf(SdkHttpError);
  const { status, data } = cause as SdkHttpError;
  return { status, body: JSON.parse(String(data["text"])) };
}

const refusal = (status: number, code: number, reasonCode: string) => ({
  status,
  body: {
    jsonrpc: "2.0",
    id: expect.anything(),
    error: {
      code,
      message: expect.any(String),
      data: {
        reason_code: reasonCode,
        audit_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        cache_ttl: 0,
      },
    },
  },
});

type Operation = (modern: ModernClient) => Promise<unknown>;

describe.skipIf(lacksTools())("a client of MCP 2026-07-28 that is refused", () => {
  let server: ModernServer;
  let gateway: Gateway;
  let guest: ModernClient;
  const clients: ModernClient[] = [];

  const url = () => `http://127.0.0.1:${gateway.envoy.gatewayPort}/mcp/demo`;
  const clientWith = (token: string | undefined) => {
    const modern = modernClient({ url: url(), token });
    clients.push(modern);
    return modern;
  };

  beforeAll(async () => {
    server = await startModernServer();
    gateway = await startSdkGateway(server.port, {
      jsonrpc_denial_code: "own",
      mcp: { accept_versions: [MODERN_VERSION] },
    });
    guest = clientWith(await gateway.credentials.user("gus", ["guest"]));
    await guest.connect();
  });
  afterAll(async () => {
    await Promise.all(clients.map(({ client }) => client.close()));
    await gateway?.stop();
    await server?.close();
  });

  const TOKENS: readonly (readonly [string, () => Promise<string | undefined>, number, string])[] =
    [
      ["no token", async () => undefined, 40_101, "identity.missing"],
      [
        "an expired token",
        () => gateway.credentials.user("alice", ["operator"], { expiresInS: -3_600 }),
        40_103,
        "identity.expired",
      ],
      [
        "a token for another audience",
        () => gateway.credentials.user("alice", ["operator"], { claims: { aud: "sark-api" } }),
        40_102,
        "identity.invalid",
      ],
      [
        "an agent's token",
        () => gateway.credentials.agent("worker-1", { capabilities: ["query"] }),
        40_102,
        "identity.invalid",
      ],
    ];

  it.each(TOKENS)(
    "`server/discover` with %s fails at once",
    async (_title, token, code, reason) => {
      const modern = clientWith(await token());
      const seen = refusalOf(await failureOf(modern.connect()));
      expect(seen).toEqual(refusal(401, code, reason));
      expect(modern.http.sent).toMatchObject([{ rpcMethod: "server/discover", status: 401 }]);
      expect(await endOf(gateway, seen.body.error.data.audit_id)).toBe(REFUSED_BY_ENVOY);
    },
  );

  const DENIED: Readonly<Record<string, Operation>> = {
    "`tools/call` of a denied tool": ({ client }) => client.callTool({ name: "weather" }),
    "`tools/call` of an unknown tool": ({ client }) => client.callTool({ name: "no-such-tool" }),
    "`resources/list`": ({ client }) => client.listResources(),
    "`resources/templates/list`": ({ client }) => client.listResourceTemplates(),
    "`resources/read`": ({ client }) => client.readResource({ uri: GREETING }),
    "`prompts/list`": ({ client }) => client.listPrompts(),
    "`prompts/get`": ({ client }) =>
      client.getPrompt({ name: "weather-in", arguments: { city: "Berlin" } }),
    "`completion/complete`": ({ client }) =>
      client.complete({
        ref: { type: "ref/resource", uri: "demo://text/{id}" },
        argument: { name: "id", value: "t" },
      }),
    "`subscriptions/listen`": ({ client }) => client.listen({ resourceSubscriptions: [GREETING] }),
  };

  it.each(Object.entries(DENIED))("%s fails at once", async (_title, operation) => {
    const sent = guest.http.sent.length;
    const seen = refusalOf(await failureOf(operation(guest)));
    expect(seen).toEqual(refusal(403, 40_301, "policy.denied"));
    expect(guest.http.sent.slice(sent)).toMatchObject([{ status: 403 }]);
    expect(await endOf(gateway, seen.body.error.data.audit_id)).toBe(REFUSED_BY_ENVOY);
  });

  it("`tools/call` without all the scopes it needs names them in the library's own error", async () => {
    const token = await gateway.credentials.user("alice", ["operator"], {
      claims: { scope: SUM_SCOPES[0] },
    });
    const modern = clientWith(token);
    await modern.connect();
    const error = await failureOf(modern.client.callTool({ name: "get-sum" }));
    expect(error).toBeInstanceOf(InsufficientScopeError);
    expect((error as InsufficientScopeError).requiredScope).toBe(SUM_SCOPES.join(" "));
    expect(modern.http.sent.filter(({ rpcMethod }) => rpcMethod === "tools/call")).toHaveLength(1);
  });

  it("a client of an earlier revision learns which one is spoken", async () => {
    const token = await gateway.credentials.user("alice", ["operator"]);
    const legacy = legacyClient({ url: url(), token });
    const error = await failureOf(legacy.connect());
    expect(error).toMatchObject({ code: 400 });
    expect((error as Error).message).toMatch(/"code":-32022.*"supported":\["2026-07-28"\]/);
    expect(legacy.http.sent).toMatchObject([{ rpcMethod: "initialize", status: 400 }]);
  });

  it("what is allowed still works afterwards", async () => {
    const call = guest.client.callTool({ name: "echo", arguments: { message: "still here" } });
    await expect(call).resolves.toMatchObject({ content: [{ text: "still here" }] });
  });
});

describe.skipIf(lacksTools())(
  "a client of MCP 2026-07-28 where only earlier ones are spoken",
  () => {
    let server: ModernServer;
    let gateway: Gateway;

    beforeAll(async () => {
      server = await startModernServer();
      gateway = await startSdkGateway(server.port, { mcp: { accept_versions: ["2025-11-25"] } });
    });
    afterAll(async () => {
      await gateway?.stop();
      await server?.close();
    });

    it("fails with the library's own error after one request", async () => {
      const url = `http://127.0.0.1:${gateway.envoy.gatewayPort}/mcp/demo`;
      const token = await gateway.credentials.user("alice", ["operator"]);
      const modern = modernClient({ url, token });
      const error = await failureOf(modern.connect());
      expect(error).toSatisfy((one) => one instanceof ProtocolError || one instanceof SdkError);
      expect(modern.http.sent).toMatchObject([{ rpcMethod: "server/discover", status: 400 }]);
      expect(server.arrived).toEqual([]);
      await modern.client.close();
    });
  },
);
