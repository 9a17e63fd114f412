/** No header of a client reaches an upstream as the sidecar's word, and no Check sees two callers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { httpCall } from "../support/http-call.ts";

const PATH = "/mcp/demo";
const TRUSTED = [
  "x-sark-authz",
  "x-sark-assertion",
  "x-sark-audit-id",
  "x-sark-user-id",
  "x-sark-tool-name",
  "x-sark-authz-shadow",
  "x-sark-remove-parameters",
  "x-sark-anything-else",
];

describe.skipIf(lacksEnvoy())("headers", () => {
  let gateway: Gateway;
  let unhardened: Envoy;
  let token: string;
  beforeAll(async () => {
    gateway = await startGateway();
    unhardened = await gateway.addEnvoy("unhardened");
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const send = (envoy: Envoy, headers: readonly (readonly [string, string])[]) =>
    httpCall({ port: envoy.gatewayPort, path: PATH, headers, body: toolCall("get_weather") });

  it("overwrites or removes every forged trusted header, also on a cache hit", async () => {
    const forged = TRUSTED.map((name) => [name, "forged"] as const);
    for (let repeat = 0; repeat < 2; repeat++) {
      const answer = await send(gateway.envoy, [...bearer(token), ...forged]);
      expect(answer.status).toBe(200);
      const arrived = gateway.upstream.arrived.at(-1);
      expect(arrived?.rawHeaders).not.toContain("forged");
      expect(arrived?.headers["x-sark-user-id"]).toBe("alice");
      expect(arrived?.headers["x-sark-authz"]).toBe("enforced");
    }
  });

  it("strips what tells of a failure or another path from the client's request", async () => {
    const names = [
      "x-envoy-auth-failure-mode-allowed",
      "x-envoy-original-path",
      "x-original-url",
      "x-rewrite-url",
      "x-http-method-override",
    ];
    const answer = await send(gateway.envoy, [
      ...bearer(token),
      ...names.map((name) => [name, "forged"] as const),
    ]);
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.rawHeaders).not.toContain("forged");
  });

  it("refuses names with an underscore before they are asked about", async () => {
    const checks = await gateway.checks();
    const answer = await send(gateway.envoy, [...bearer(token), ["x_sark_user_id", "admin"]]);
    expect(answer.status).toBe(400);
    expect(await gateway.checks()).toBe(checks);
  });

  it("refuses two Authorization headers, which Envoy joins with a comma", async () => {
    const other = await gateway.credentials.user("viewer-1", ["viewer"]);
    const answer = await send(gateway.envoy, [
      ...bearer(token),
      ["authorization", `Bearer ${other}`],
    ]);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(token);
    const record = await gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));
    expect(record.reason_code).toMatch(
      /^(header\.duplicate|identity\.multiple|identity\.malformed)$/,
    );
  });

  it.each(["x-api-key", "x-gateway-api-key"])("refuses a token and %s together", async (name) => {
    const answer = await send(gateway.envoy, [
      ...bearer(token),
      [name, `sark_gw_${"a".repeat(32)}`],
    ]);
    expect(answer.status).toBe(400);
  });

  it("sees a header that the client's Connection header names as absent", async () => {
    const answer = await send(gateway.envoy, [...bearer(token), ["connection", "authorization"]]);
    expect(answer.status).toBe(401);
  });

  describe("without Envoy's protection", () => {
    it.each(TRUSTED)("the sidecar refuses a client's %s", async (name) => {
      const before = gateway.upstream.arrived.length;
      const answer = await send(unhardened, [...bearer(token), [name, "forged"]]);
      expect(answer.status).toBe(403);
      expect(gateway.upstream.arrived).toHaveLength(before);
    });
  });
});
