/** Each kind of answer, on each surface, is what a client and an upstream behind Envoy see. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import {
  bearer,
  type Gateway,
  lacksEnvoy,
  question,
  startGateway,
  toolCall,
} from "../support/gateway.ts";
import { type HttpAnswer, httpCall } from "../support/http-call.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const MCP = "/mcp/demo";
const AUTHORIZE = "/api/v1/gateway/authorize";

const OBSERVED = [
  {
    name: "mcp-observed",
    match: { path: "/mcp/observed", methods: ["POST"] },
    surface: "mcp",
    server_name: "demo",
    mode: "observe",
  },
  {
    name: "observed",
    match: { path: "/observed", methods: ["GET"] },
    surface: "http",
    body: "none",
    mode: "observe",
  },
];

describe.skipIf(lacksEnvoy())("answers", () => {
  let gateway: Gateway;
  let developer: string;
  let worker: string;

  beforeAll(async () => {
    const change = { routes: [...ROUTES, ...OBSERVED] };
    gateway = await startGateway({ variant: "observed-routes", change });
    developer = await gateway.credentials.user("alice", ["developer"]);
    worker = await gateway.credentials.agent("worker-1", {
      agent_type: "worker",
      trust_level: "limited",
      environment: "production",
      capabilities: ["query"],
    });
  });
  afterAll(() => gateway.stop());

  const post = (path: string, token: string, body: string) =>
    gateway.call({ path, headers: bearer(token), body });
  const get = (path: string, token: string) => gateway.call({ path, headers: bearer(token) });
  const forwarded = () => gateway.upstream.arrived.at(-1);

  /** The record of a local reply; also proves that the reply carries its id. */
  const recordOf = (answer: HttpAnswer) =>
    gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));

  describe("mcp", () => {
    it("forwards an allowed call with the caller's identity and without its token", async () => {
      const answer = await post(MCP, developer, toolCall("get_weather"));
      expect(answer.status).toBe(200);
      expect(answer.headers["x-served-by"]).toBe("upstream");
      expect(forwarded()?.headers).toMatchObject({
        "x-sark-authz": "enforced",
        "x-sark-user-id": "alice",
        "x-sark-tool-name": "get_weather",
      });
      expect(forwarded()?.headers).not.toHaveProperty("authorization");
      expect(forwarded()?.body).toBe(toolCall("get_weather"));
    });

    it("refuses a forbidden call with a JSON-RPC error for the same id", async () => {
      const before = gateway.upstream.arrived.length;
      const answer = await post(MCP, developer, toolCall("delete_index"));
      expect(answer.status).toBe(403);
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(answer.headers["cache-control"]).toBe("no-store");
      expect(JSON.parse(answer.text)).toMatchObject({
        jsonrpc: "2.0",
        id: 7,
        error: {
          code: -32000,
          message: "Access denied",
          data: { reason_code: "policy.denied", audit_id: answer.headers["x-sark-audit-id"] },
        },
      });
      expect(gateway.upstream.arrived).toHaveLength(before);
      expect(await recordOf(answer)).toMatchObject({ decision: "deny" });
    });

    it("challenges a caller without credential", async () => {
      const headers = [["content-type", "application/json"]] as const;
      const answer = await gateway.call({ path: MCP, headers, body: toolCall("get_weather") });
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.missing" });
    });

    it("refuses an expired token as such", async () => {
      const expired = await gateway.credentials.user("alice", ["developer"], {
        expiresInS: -3_600,
      });
      const answer = await post(MCP, expired, toolCall("get_weather"));
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
      expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.expired" });
    });

    it("lets an observed route pass and claims no identity", async () => {
      const answer = await post("/mcp/observed", developer, toolCall("delete_index"));
      expect(answer.headers["x-served-by"]).toBe("upstream");
      expect(forwarded()?.headers["x-sark-authz"]).toBe("deferred");
      expect(forwarded()?.headers).not.toHaveProperty("x-sark-user-id");
      const auditId = String(forwarded()?.headers["x-sark-audit-id"]);
      expect(await gateway.sidecar.auditLine(auditId)).toMatchObject({
        decision: "deferred",
        reason_code: "shadow.would_deny",
      });
    });
  });

  describe("http", () => {
    it("forwards an allowed read and refuses a write", async () => {
      const read = await get("/app/items?page=2", developer);
      expect(read.headers["x-served-by"]).toBe("upstream");
      expect(forwarded()?.path).toBe("/app/items?page=2");
      expect(forwarded()?.headers["x-sark-user-id"]).toBe("alice");

      const write = await post("/app/items", developer, "{}");
      expect(write.status).toBe(403);
      expect(JSON.parse(write.text)).toMatchObject({
        allow: false,
        reason_code: "policy.denied",
        audit_id: write.headers["x-sark-audit-id"],
      });
    });

    it("lets an observed route pass", async () => {
      const answer = await get("/observed", developer);
      expect(answer.headers["x-served-by"]).toBe("upstream");
      expect(forwarded()?.headers["x-sark-authz"]).toBe("deferred");
    });
  });

  describe("sark", () => {
    it.each([
      ["get_weather", true],
      ["delete_index", false],
    ])("decides %s by itself and never calls Python", async (tool, allow) => {
      const answer = await post(AUTHORIZE, developer, question(tool));
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty("x-served-by");
      expect(JSON.parse(answer.text)).toMatchObject({
        allow,
        reason: expect.any(String),
        audit_id: answer.headers["x-sark-audit-id"],
        cache_ttl: expect.any(Number),
      });
      expect(gateway.python.arrived).toHaveLength(0);
    });

    it("decides agent to agent", async () => {
      const body = JSON.stringify({
        source_agent_id: "worker-1",
        target_agent_id: "planner",
        capability: "execute",
        message_type: "task",
      });
      const answer = await post(`${AUTHORIZE}-a2a`, worker, body);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject({
        allow: false,
        reason_code: "a2a.capability",
        filtered_parameters: null,
        cache_ttl: 0,
      });
    });

    it("refuses what SARK refuses, with SARK's error document", async () => {
      const unknown = JSON.stringify({ action: "gateway:admin:delete", server_name: "demo" });
      const answer = await post(AUTHORIZE, developer, unknown);
      expect(answer.status).toBe(422);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "INVALID_REQUEST" } });
      const wrongKind = await post(`${AUTHORIZE}-a2a`, developer, "{}");
      expect([401, 422]).toContain(wrongKind.status);
    });

    it("leaves the rest of the gateway to Python, unchecked", async () => {
      const checks = await gateway.checks();
      const answer = await get("/api/v1/gateway/servers", developer);
      expect(answer.headers["x-served-by"]).toBe("python");
      expect(gateway.python.arrived.at(-1)?.headers["authorization"]).toBe(`Bearer ${developer}`);
      expect(await gateway.checks()).toBe(checks);
    });
  });

  describe("error", () => {
    let broken: Envoy;
    beforeAll(async () => {
      broken = await gateway.addEnvoy("unknown-key");
    });
    const ask = (path: string, body?: string) =>
      httpCall({
        port: broken.gatewayPort,
        path,
        headers: bearer(developer),
        ...(body === undefined ? {} : { body }),
      });

    it("answers 500 with a body and a record on strict routes", async () => {
      const mcp = await ask(MCP, toolCall("get_weather"));
      expect(mcp.status).toBe(500);
      expect(mcp.text).toContain("engine.unavailable");
      const http = await ask("/app/items");
      expect(http.status).toBe(500);
      expect(await recordOf(http)).toMatchObject({ reason_code: "check.internal" });
      expect(await broken.stat("http.gateway.ext_authz.strict.error")).toBe(2);
    });

    it("lets Python decide on migration routes, and says so", async () => {
      const answer = await ask(AUTHORIZE, question("get_weather"));
      expect(answer.headers["x-served-by"]).toBe("python");
      const { headers } = gateway.python.arrived.at(-1) ?? {};
      expect(headers?.["x-envoy-auth-failure-mode-allowed"]).toBe("true");
      expect(headers).not.toHaveProperty("x-sark-authz");
    });
  });
});

describe.skipIf(lacksEnvoy())("a rollout of 0 %", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({
      change: { rollout: { feature: "sark_authz", store: "static", percent: 0 } },
    });
  });
  afterAll(() => gateway.stop());

  it("leaves every SARK decision to Python, token included, and enforces strict routes", async () => {
    const token = await gateway.credentials.user("alice", ["developer"]);
    const call = (path: string, body: string) =>
      gateway.call({ path, headers: bearer(token), body });

    const decided = await call(AUTHORIZE, question("get_weather"));
    expect(decided.headers["x-served-by"]).toBe("python");
    expect(gateway.python.arrived.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      "x-sark-authz": "deferred",
    });
    const malformed = await call(AUTHORIZE, "not json");
    expect(malformed.headers["x-served-by"]).toBe("python");
    expect((await call(MCP, toolCall("delete_index"))).status).toBe(403);
  });

  it("forwards without asking once the runtime switch is at 0, and asks again at 100", async () => {
    const token = await gateway.credentials.user("alice", ["developer"]);
    const ask = async () => {
      const checks = await gateway.checks();
      await gateway.call({ path: AUTHORIZE, headers: bearer(token), body: question("x") });
      return (await gateway.checks()) - checks;
    };
    await gateway.envoy.modifyRuntime({ "sark.ext_authz.enabled": 0 });
    expect(await ask()).toBe(0);
    await gateway.envoy.modifyRuntime({ "sark.ext_authz.enabled": 100 });
    expect(await ask()).toBe(1);
  });
});
