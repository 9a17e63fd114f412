/** A body is decided whole and unambiguous, or refused: by Envoy over its limit, else by the sidecar. */
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
import { type HttpCall, httpCall } from "../support/http-call.ts";

const BODY_BYTES_MAX = 65_536;
const MCP = "/mcp/demo";

/** A tool call of exactly this many bytes. */
function callOfBytes(bytes: number): string {
  const short = toolCall("get_weather", {
    params: { name: "get_weather", arguments: { pad: "" } },
  });
  return short.replace('"pad":""', `"pad":"${"x".repeat(bytes - short.length)}"`);
}

describe.skipIf(lacksEnvoy())("bodies", () => {
  let gateway: Gateway;
  let unhardened: Envoy;
  let token: string;
  beforeAll(async () => {
    gateway = await startGateway();
    unhardened = await gateway.addEnvoy("unhardened");
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const send = (body: HttpCall["body"] & {}, path = MCP, envoy = gateway.envoy) =>
    httpCall({ port: envoy.gatewayPort, path, headers: bearer(token), body });
  const reasonOf = async (answer: { readonly headers: Readonly<Record<string, unknown>> }) =>
    (await gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]))).reason_code;

  it("is forwarded unchanged when it comes in chunks below the limit", async () => {
    const whole = callOfBytes(30_000);
    const parts = [whole.slice(0, 10_000), whole.slice(10_000, 20_001), whole.slice(20_001)];
    const checks = await gateway.checks();
    const answer = await send(parts);
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.body).toBe(whole);
    expect(await gateway.checks()).toBe(checks + 1);
  });

  it.each([
    ["strict", MCP, callOfBytes(BODY_BYTES_MAX + 1)],
    ["migration", "/api/v1/gateway/authorize", question("x".repeat(BODY_BYTES_MAX))],
  ])(
    "over the limit is Envoy's own 413 without a Check on a %s route",
    async (_mode, path, body) => {
      const checks = await gateway.checks();
      const answer = await send(body, path);
      expect(answer.status).toBe(413);
      expect(answer.headers).not.toHaveProperty("x-sark-audit-id");
      expect(await gateway.checks()).toBe(checks);
      expect(gateway.python.arrived).toHaveLength(0);
    },
  );

  it("of exactly the limit is refused by the sidecar, as more may have followed", async () => {
    const answer = await send(callOfBytes(BODY_BYTES_MAX));
    expect(answer.status).toBe(413);
    expect(await reasonOf(answer)).toBe("body.truncated");
  });

  it("that Envoy handed over in part is refused by the sidecar", async () => {
    const answer = await send(callOfBytes(BODY_BYTES_MAX + 10_000), MCP, unhardened);
    expect(answer.status).toBe(413);
    expect(await reasonOf(answer)).toBe("body.truncated");
  });

  it("may be as large as the upstream likes on a route that is decided without it", async () => {
    const admin = await gateway.credentials.user("root-1", ["admin"]);
    const body = "x".repeat(3 * BODY_BYTES_MAX);
    const answer = await gateway.call({ path: "/app/upload", headers: bearer(admin), body });
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.body).toHaveLength(body.length);
  });

  it.each([
    ["a repeated member", `{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}`],
    ["a batch", `[${toolCall("get_weather")}]`],
    ["a byte order mark", `\ufeff${toolCall("get_weather")}`],
    ["half a document", toolCall("get_weather").slice(0, -5)],
    ["no body at all", ""],
    ["two documents", toolCall("get_weather") + toolCall("delete_index")],
    [
      "JSON of depth 40",
      toolCall("get_weather", { deep: JSON.parse("[".repeat(40) + "]".repeat(40)) }),
    ],
    ["a member in another letter case", toolCall("get_weather").replace('"params"', '"Params"')],
  ])("with %s is refused with 400", async (_what, body) => {
    const before = gateway.upstream.arrived.length;
    expect((await send(body)).status).toBe(400);
    expect(gateway.upstream.arrived).toHaveLength(before);
  });

  it("with invalid UTF-8 is refused with 400", async () => {
    const bytes = Buffer.from(toolCall("get_weather"));
    bytes[bytes.indexOf("get_weather") + 1] = 0xff;
    expect((await send(bytes)).status).toBe(400);
  });

  it.each([
    ["content-encoding", "gzip", 415],
    ["content-type", "text/plain", 415],
  ])("with %s: %s is refused", async (name, value, status) => {
    const headers = [
      ["authorization", `Bearer ${token}`],
      [name, value],
    ] as [string, string][];
    if (name !== "content-type") headers.push(["content-type", "application/json"]);
    const answer = await gateway.call({ path: MCP, headers, body: toolCall("get_weather") });
    expect(answer.status).toBe(status);
  });
});
