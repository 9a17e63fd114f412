/** Challenges, denials and metadata documents as clients see them through a real Envoy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { grpcCall } from "../support/grpc-call.ts";
import type { HttpAnswer } from "../support/http-call.ts";

const MCP = "/mcp/demo";
const DOCUMENT = "/.well-known/oauth-protected-resource/mcp/demo";
const METADATA = `resource_metadata="https://gateway.example${DOCUMENT}"`;
const JSON_TYPE = [["content-type", "application/json"]] as const;
const MODERN = [...JSON_TYPE, ["mcp-protocol-version", "2026-07-28"]] as const;

/** All that a client can compare: without ids and the moment. */
function face(answer: HttpAnswer): unknown {
  const { date: _date, "x-sark-audit-id": auditId, ...headers } = answer.headers;
  return { status: answer.status, headers, text: answer.text.replaceAll(String(auditId), "ID") };
}

describe.skipIf(lacksEnvoy())("behind the reference configuration", () => {
  let gateway: Gateway;
  let viewer: string;
  let developer: string;
  beforeAll(async () => {
    gateway = await startGateway();
    viewer = await gateway.credentials.user("victor", ["viewer"]);
    developer = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const call = (body: string, headers: readonly (readonly [string, string])[] = JSON_TYPE) =>
    gateway.call({ path: MCP, headers, body });
  const as = (token: string, body: string) => call(body, bearer(token));

  describe("WWW-Authenticate", () => {
    it("tells who has no credential where to get one, and for what: identity.missing", async () => {
      const plain = await call(toolCall("get_weather"));
      expect(plain).toMatchObject({
        status: 401,
        headers: { "www-authenticate": `Bearer ${METADATA}` },
      });
      const scoped = await call(toolCall("export_all"));
      expect(scoped.headers["www-authenticate"]).toBe(`Bearer ${METADATA}, scope="tools.export"`);
    });

    it("says that a token is no good: identity.expired, identity.malformed", async () => {
      const old = await gateway.credentials.user("alice", ["developer"], { expiresInS: -60 });
      expect((await as(old, toolCall("export_all"))).headers["www-authenticate"]).toBe(
        `Bearer error="invalid_token", error_description="The token has expired", ${METADATA}, scope="tools.export"`,
      );
      expect((await as("x", toolCall("export_all"))).headers["www-authenticate"]).toBe(
        `Bearer error="invalid_token", error_description="The token is not valid", ${METADATA}`,
      );
    });

    it("names every scope that is missing: identity.insufficient_scope", async () => {
      const first = await as(developer, toolCall("export_all"));
      expect(first).toMatchObject({
        status: 403,
        headers: {
          "www-authenticate": `Bearer error="insufficient_scope", scope="tools.export", ${METADATA}, error_description="The token lacks a scope that this operation needs"`,
        },
      });
      expect(face(await as(developer, toolCall("export_all")))).toEqual(face(first));
    });

    it("refuses two credentials without more: identity.multiple", async () => {
      const answer = await call(toolCall("get_weather"), [
        ...bearer(developer),
        ["x-api-key", "sark_sk_0123456789abcdefghijklmnopqrstuvwxyz"],
      ]);
      expect(answer).toMatchObject({
        status: 400,
        headers: { "www-authenticate": 'Bearer error="invalid_request"' },
      });
    });

    it("is absent when the policy says no, fresh or from the cache: policy.denied", async () => {
      const answers = [];
      for (let index = 0; index < 3; index++) {
        answers.push(await as(viewer, toolCall("get_weather")));
      }
      expect(answers[0]?.status).toBe(403);
      expect(answers[0]?.headers).not.toHaveProperty("www-authenticate");
      expect(new Set(answers.map((answer) => JSON.stringify(face(answer)))).size).toBe(1);
    });

    it("offers nothing to a browser page: origin.refused", async () => {
      const origin = ["origin", "https://elsewhere.example"] as const;
      const answer = await call(toolCall("get_weather"), [...bearer(developer), origin]);
      expect(answer.status).toBe(403);
      const names = Object.keys(answer.headers).filter((name) => name.startsWith("access-control"));
      expect(names).toEqual([]);
    });
  });

  it("gives unknown and denied tools one face: policy.denied", async () => {
    const known = face(await as(viewer, toolCall("get_weather")));
    expect(face(await as(viewer, toolCall("delete_index")))).toEqual(known);
    expect(face(await as(viewer, toolCall("no_such_tool")))).toEqual(known);
    // Classified as critical by its words: never stored, which must not show either.
    expect(face(await as(viewer, toolCall("credential_payment_secret")))).toEqual(known);
    expect(JSON.stringify(known)).toContain("Access denied");
    expect(JSON.stringify(known)).not.toMatch(/victor|insufficient/);
  });

  it("gives back the id as it was written, or none: json.syntax, policy.denied", async () => {
    const id = async (body: string, headers: readonly (readonly [string, string])[] = JSON_TYPE) =>
      /^\{"jsonrpc":"2.0",(?:"id":(.*?),)?"error"/.exec((await call(body, headers)).text)?.[1];
    expect(await id(toolCall("x").replace('"id":7', '"id":"\\u0041b"'))).toBe('"\\u0041b"');
    expect(await id(toolCall("x").replace('"id":7', '"id":-0'))).toBe("-0");
    expect(await id("no json")).toBe("null");
    expect(await id("no json", MODERN)).toBeUndefined();
    expect(await id(toolCall("x").replace('"id":7,', ""))).toBeUndefined();
  });

  describe("a gRPC caller", () => {
    const ask = (headers: Readonly<Record<string, string>>) =>
      grpcCall(gateway.envoy.gatewayPort, "/app/Call", headers);

    it("gets UNAUTHENTICATED and a line for identity.missing", async () => {
      const answer = await ask({});
      expect(answer).toMatchObject({ code: 16, details: "Authentication required" });
      expect(answer.metadata).toMatchObject({
        "content-type": "application/grpc",
        "www-authenticate": "Bearer",
      });
    });

    it("gets PERMISSION_DENIED and a line for policy.denied", async () => {
      const answer = await ask({ authorization: `Bearer ${viewer}` });
      expect(answer).toMatchObject({ code: 7, details: "Access denied" });
    });

    it("is told in plain text where Envoy makes no trailers: identity.missing", async () => {
      const headers = [["content-type", "application/grpc-web"]] as const;
      const answer = await gateway.call({ method: "POST", path: "/app/Call", headers, body: "x" });
      expect(answer).toMatchObject({
        status: 401,
        headers: { "content-type": "text/plain" },
        text: "Authentication required",
      });
    });

    it("does not get the document of the caller before it", async () => {
      const headers = [["authorization", `Bearer ${viewer}`]] as const;
      const request = { method: "POST", path: "/app/Call", headers, body: "x" };
      expect(JSON.parse((await gateway.call(request)).text)).toMatchObject({ allow: false });
      expect(await ask({ authorization: `Bearer ${viewer}` })).toMatchObject({ code: 7 });
      expect(JSON.parse((await gateway.call(request)).text)).toMatchObject({ allow: false });
    });
  });

  describe("the metadata document", () => {
    it("is given to everybody, without a Check", async () => {
      const checks = await gateway.checks();
      const answer = await gateway.call({ path: `${DOCUMENT}?from=challenge` });
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(JSON.parse(answer.text)).toEqual({
        resource: "https://gateway.example/mcp/demo",
        authorization_servers: ["https://idp.example"],
        bearer_methods_supported: ["header"],
        scopes_supported: ["tools.export"],
      });
      expect(await gateway.checks()).toBe(checks);
    });

    it.each(["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])("is not for %s", async (method) => {
      const arrived = gateway.upstream.arrived.length;
      const answer = await gateway.call({ method, path: DOCUMENT });
      expect(answer).toMatchObject({ status: 405, headers: { allow: "GET" } });
      expect(gateway.upstream.arrived.length).toBe(arrived);
    });

    it.each([
      `${DOCUMENT}/`,
      `${DOCUMENT}/more`,
      "/.well-known/oauth-protected-resource",
      "/.well-known/oauth-protected-resource/mcp",
      `${DOCUMENT}%2f..%2f..`,
    ])("opens no other path: %s", async (path) => {
      const arrived = gateway.upstream.arrived.length;
      expect([400, 404]).toContain((await gateway.call({ path })).status);
      expect(gateway.upstream.arrived.length).toBe(arrived);
    });
  });
});
