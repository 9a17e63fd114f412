/** What Envoy's MCP filter reads and what the sidecar reads is the same, or the request is refused. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { type HttpAnswer, type HttpCall, httpCall } from "../support/http-call.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const PATH = "/mcp/demo";
const MODERN = "2026-07-28";
const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientCapabilities": {},
};

function message(method: string, params: object, id: number | string = 7): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

describe.skipIf(lacksEnvoy())("Envoy's MCP filter", () => {
  let gateway: Gateway;
  let metadataOnly: Envoy;
  let filterOff: Envoy;
  let token: string;
  beforeAll(async () => {
    const routes = ROUTES.map((route) =>
      route.name === "mcp-demo" ? { ...route, mcp_source: "both" } : route,
    );
    gateway = await startGateway({ variant: "mcp-both", change: { routes } });
    metadataOnly = await gateway.addEnvoy("mcp-metadata");
    filterOff = await gateway.addEnvoy("reference");
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const send = (
    body: HttpCall["body"] & {},
    headers: Readonly<Record<string, string>> = {},
    envoy = gateway.envoy,
  ) =>
    httpCall({
      port: envoy.gatewayPort,
      path: PATH,
      headers: [
        ...bearer(token),
        ["accept", "application/json, text/event-stream"],
        ...Object.entries({ "mcp-protocol-version": "2025-11-25", ...headers }),
      ],
      body,
    });
  const recordOf = (answer: HttpAnswer) =>
    gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));

  it.each<[string, string]>([
    ["tools/call", toolCall("get_weather")],
    [
      "tools/call with arguments of 60 kB",
      message("tools/call", { name: "get_weather", arguments: { x: "y".repeat(60_000) } }),
    ],
    [
      "tools/call in escapes",
      '{"jsonrpc":"2.0","id":"\\u0061","method":"tools/c\\u0061ll","params":{"name":"get_we\\u0061ther"}}',
    ],
    ["tools/list", message("tools/list", {})],
    ["a notification", '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
  ])("reads %s like the sidecar", async (_, body) => {
    const answer = await send(body);
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.body).toBe(body);
  });

  it.each<[string, object]>([
    ["resources/read", { uri: "file:///a" }],
    ["resources/subscribe", { uri: "file:///a" }],
    ["prompts/get", { name: "greet", arguments: { a: "b" } }],
    [
      "completion/complete",
      { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "a", value: "b" } },
    ],
    ["tasks/get", { taskId: "t-1" }],
    ["tasks/result", { taskId: "t-1" }],
  ])("reads %s like the sidecar, and policy denies what no rule names", async (method, params) => {
    const answer = await send(message(method, params));
    expect(answer.status).toBe(403);
    expect(await recordOf(answer)).toMatchObject({ reason_code: "policy.denied" });
  });

  it("reads 2026-07-28 like the sidecar, and metadata of its own without a body", async () => {
    const body = message("tools/call", { name: "get_weather", _meta: META });
    const headers = {
      "mcp-protocol-version": MODERN,
      "mcp-method": "tools/call",
      "mcp-name": "get_weather",
    };
    for (const envoy of [gateway.envoy, metadataOnly]) {
      expect((await send(body, headers, envoy)).status).toBe(200);
      // Here the filter compares by itself, before there is a Check.
      const before = gateway.upstream.arrived.length;
      const other = await send(body, { ...headers, "mcp-name": "delete_index" }, envoy);
      expect(other.status).toBe(400);
      expect(JSON.parse(other.text)).toMatchObject({ id: 7, error: { code: -32020 } });
      expect(other.headers).not.toHaveProperty("x-sark-audit-id");
      expect(gateway.upstream.arrived).toHaveLength(before);
    }
  });

  it("is believed where it alone reads, but not about arguments it never shows", async () => {
    const admin = await gateway.credentials.user("root-1", ["admin"]);
    const ask = (name: string, bearerToken: string) =>
      httpCall({
        port: metadataOnly.gatewayPort,
        path: PATH,
        headers: [
          ...bearer(bearerToken),
          ["accept", "application/json, text/event-stream"],
          ["mcp-protocol-version", "2025-11-25"],
        ],
        body: toolCall(name),
      });
    expect((await ask("get_weather", token)).status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.body).toBe(toolCall("get_weather"));
    // A tool with sensitive parameters, which an admin may call where they are seen.
    const unseen = await ask("delete_index", admin);
    expect(unseen.status).toBe(403);
    expect(await recordOf(unseen)).toMatchObject({ reason_code: "policy.denied" });
  });

  it.each([
    ["a batch", `[${toolCall("get_weather")}]`],
    ["a repeated member", '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}'],
    ["half a message", toolCall("get_weather").slice(0, -3)],
  ])("answers %s by itself, without a Check", async (_, body) => {
    const checks = await gateway.checks();
    expect((await send(body)).status).toBe(400);
    expect(await gateway.checks()).toBe(checks);
  });

  it("has to be there where both are needed", async () => {
    const answer = await send(toolCall("get_weather"), {}, filterOff);
    expect(answer.status).toBe(403);
    expect(await recordOf(answer)).toMatchObject({ reason_code: "mcp.metadata_mismatch" });
  });

  it("lets a stream and the end of a session through", async () => {
    for (const [method, accept] of [
      ["GET", "application/json, text/event-stream"],
      ["DELETE", "application/json, text/event-stream"],
    ] as const) {
      const answer = await httpCall({
        port: gateway.envoy.gatewayPort,
        path: PATH,
        method,
        headers: [
          ["authorization", `Bearer ${token}`],
          ["accept", accept],
          ["mcp-protocol-version", "2025-11-25"],
          ["mcp-session-id", "s-1"],
        ],
      });
      expect([method, answer.status]).toEqual([method, 200]);
    }
  });
});
