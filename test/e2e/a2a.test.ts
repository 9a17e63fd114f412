/** A2A through a real Envoy: each binding and version is forwarded as it is, or refused in its own words. */
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, lacksEnvoy, startGateway } from "../support/gateway.ts";
import type { HttpCall } from "../support/http-call.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const AGENT = "/a2a/worker";
const GRPC_ROUTE = {
  name: "a2a-grpc",
  match: { path_prefix: "/lf.a2a.v1.A2AService" },
  surface: "a2a",
  agent_id: "worker-1",
};

describe.skipIf(lacksEnvoy())("A2A", () => {
  let gateway: Gateway;
  let planner: string;
  let reader: string;

  beforeAll(async () => {
    gateway = await startGateway({
      variant: "a2a-grpc",
      change: { routes: [...ROUTES, GRPC_ROUTE] },
    });
    const claims = {
      ...{ agent_type: "orchestrator", trust_level: "trusted", environment: "production" },
      capabilities: ["execute", "query"],
    };
    planner = await gateway.credentials.agent("planner", claims);
    reader = await gateway.credentials.agent("reader", { ...claims, capabilities: ["query"] });
  });
  afterAll(() => gateway.stop());

  interface Asked {
    readonly version?: string;
    readonly token?: string | undefined;
    readonly body?: object;
  }

  function ask(method: string, below: string, asked: Asked = {}) {
    const token = "token" in asked ? asked.token : planner;
    const call: Omit<HttpCall, "port"> = {
      method,
      path: `${AGENT}${below}`,
      headers: [
        ["content-type", "application/json"],
        ["a2a-version", asked.version ?? "1.0"],
        ...(token === undefined ? [] : [["authorization", `Bearer ${token}`] as const]),
      ],
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    };
    return gateway.call(call);
  }

  const rpc = (method: string, params: object, asked: Asked = {}) =>
    ask("POST", "", { ...asked, body: { jsonrpc: "2.0", id: 7, method, params } });
  const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "hello" }] };
  const forwarded = () => gateway.upstream.arrived.at(-1);

  it.each([
    ["1.0", "SendMessage"],
    ["0.3", "message/send"],
  ])(
    "forwards JSON-RPC of version %s with the caller's identity and without its token",
    async (version, method) => {
      const answer = await rpc(method, { message }, { version });
      expect(answer.status).toBe(200);
      expect(forwarded()).toMatchObject({
        path: AGENT,
        body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { message } }),
        headers: {
          "x-sark-authz": "enforced",
          "x-sark-user-id": "planner",
          "a2a-version": version,
        },
      });
      expect(forwarded()?.headers).not.toHaveProperty("authorization");
    },
  );

  it.each<[string, string, string, string, object | undefined]>([
    ["1.0", "POST", "/message:send", "SendMessage", { message }],
    ["1.0", "GET", "/tasks/t-1?historyLength=3", "GetTask", undefined],
    ["1.0", "POST", "/acme/tasks/t-1:cancel", "CancelTask", undefined],
    ["0.3", "POST", "/v1/message:stream", "SendStreamingMessage", { message }],
    ["0.3", "GET", "/v1/tasks/t-1:subscribe", "SubscribeToTask", undefined],
    ["0.3", "GET", "/v1/card", "GetExtendedAgentCard", undefined],
  ])("forwards REST of version %s: %s %s", async (version, method, below, operation, body) => {
    const answer = await ask(method, below, { version, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(200);
    expect(forwarded()).toMatchObject({ method, path: `${AGENT}${below}` });
    const id = String(forwarded()?.headers["x-sark-audit-id"]);
    expect(await gateway.sidecar.auditLine(id)).toMatchObject({
      event_type: "a2a_communication",
      metadata: { operation },
      target_agent_id: "worker-1",
    });
  });

  it("a2a.capability: refuses in the words of each binding and version", async () => {
    const before = gateway.upstream.arrived.length;
    const told = "Access denied: Agent lacks required capability";
    const newer = await rpc("SendMessage", { message }, { token: reader });
    expect(newer.status).toBe(403);
    expect(JSON.parse(newer.text)).toMatchObject({
      id: 7,
      error: { code: -32000, message: told, data: [{ reason: "A2A_CAPABILITY" }] },
    });
    const older = await rpc("message/send", { message }, { token: reader, version: "0.3" });
    expect(JSON.parse(older.text)).toMatchObject({
      error: { data: { reason_code: "a2a.capability" } },
    });
    const rest = await ask("POST", "/message:send", { token: reader, body: { message } });
    expect(JSON.parse(rest.text)).toMatchObject({
      error: { code: 403, status: "PERMISSION_DENIED", message: told },
    });
    const asked = { token: reader, body: { message }, version: "0.3" };
    const problem = await ask("POST", "/v1/message:send", asked);
    expect(problem.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(problem.text)).toMatchObject({ status: 403, code: -32000, message: told });
    expect(gateway.upstream.arrived).toHaveLength(before);
  });

  it("a2a.push_url: lets notifications go to registered hosts only", async () => {
    const create = (url: string) =>
      ask("POST", "/tasks/t-1/pushNotificationConfigs", { body: { url } });
    expect((await create("https://hooks.example/n")).status).toBe(200);
    for (const url of ["https://evil.example/n", "https://127.0.0.1/", "http://hooks.example/"]) {
      const refused = await create(url);
      expect(refused.status).toBe(403);
      expect(refused.text).toContain("a2a.push_url");
    }
  });

  it("a2a.version_unsupported: is the protocol's own error", async () => {
    const answer = await rpc("SendMessage", { message }, { version: "2.0" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: -32009, data: [{ reason: "VERSION_NOT_SUPPORTED" }] },
    });
  });

  it("gives the public card to everybody and the extended card to agents only", async () => {
    const open = await ask("GET", "/.well-known/agent-card.json", { token: undefined });
    expect(open.headers["x-served-by"]).toBe("upstream");
    const closed = await ask("GET", "/extendedAgentCard", { token: undefined });
    expect(closed.status).toBe(401);
    expect(closed.headers["www-authenticate"]).toMatch(/^Bearer/);
    expect(JSON.parse(closed.text)).toMatchObject({ error: { status: "UNAUTHENTICATED" } });
  });

  it("identity.type: does not take a user's token", async () => {
    const user = await gateway.credentials.user("alice", ["admin"]);
    expect((await rpc("SendMessage", { message }, { token: user })).status).toBe(401);
  });

  it.each([
    ["GET", "/tasks/a%3Asubscribe"],
    ["POST", "/message%3Asend"],
    ["GET", "/v1/tasks/t-1"],
    ["POST", "/.well-known/agent-card.json"],
    ["GET", "/tasks?tenant=a&tenant=b"],
    ["GET", "/tasks?context_id=c"],
  ])("forwards nothing that could be read in two ways: %s %s", async (method, below) => {
    const before = gateway.upstream.arrived.length;
    const answer = await ask(method, below, method === "POST" ? { body: { message } } : {});
    expect([400, 404]).toContain(answer.status);
    expect(gateway.upstream.arrived).toHaveLength(before);
  });

  describe("over gRPC", () => {
    let client: Client;
    beforeAll(() => {
      const address = `127.0.0.1:${gateway.envoy.gatewayPort}`;
      client = new Client(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
    });
    afterAll(() => client.close());

    const call = (operation: string, token: string) =>
      new Promise<ServiceError | null>((resolve) => {
        const metadata = new Metadata();
        metadata.set("authorization", `Bearer ${token}`);
        metadata.set("a2a-version", "1.0");
        const raw = (bytes: Buffer) => bytes;
        const path = `/lf.a2a.v1.A2AService/${operation}`;
        client.makeUnaryRequest(path, raw, raw, Buffer.alloc(0), metadata, (error) =>
          resolve(error),
        );
      });

    it("refuses with a status and one line", async () => {
      const refused = await call("SendMessage", reader);
      expect(refused?.code).toBe(status.PERMISSION_DENIED);
      expect(refused?.details).toBe("Agent lacks required capability");
      expect((await call("CreateTaskPushNotificationConfig", planner))?.details).toBe(
        "Push notification address is not allowed",
      );
      expect((await call("Nothing", planner))?.code).toBe(status.UNIMPLEMENTED);
    });

    it("forwards what is allowed", async () => {
      await call("SendMessage", planner);
      expect(forwarded()).toMatchObject({
        path: "/lf.a2a.v1.A2AService/SendMessage",
        headers: { "x-sark-user-id": "planner" },
      });
    });
  });
});
