/** Sidecar and upstream read one path: what could be read in two ways is refused, upgrades included. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway } from "../support/gateway.ts";
import { httpCall } from "../support/http-call.ts";

const UPGRADE = [
  ["connection", "upgrade"],
  ["upgrade", "websocket"],
] as const;

describe.skipIf(lacksEnvoy())("paths", () => {
  let gateway: Gateway;
  let unhardened: Envoy;
  let token: string;
  beforeAll(async () => {
    gateway = await startGateway();
    unhardened = await gateway.addEnvoy("unhardened");
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const get = (envoy: Envoy, path: string, headers: readonly (readonly [string, string])[] = []) =>
    httpCall({ port: envoy.gatewayPort, path, headers: [...bearer(token), ...headers] });

  it("upstream receives the normalized path that was decided", async () => {
    const answer = await get(gateway.envoy, "//app/./x/../items");
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)?.path).toBe("/app/items");
  });

  it.each(["/app/%2fitems", "/app/%5Citems"])("Envoy refuses %s without a Check", async (path) => {
    const checks = await gateway.checks();
    expect((await get(gateway.envoy, path)).status).toBe(400);
    expect(await gateway.checks()).toBe(checks);
  });

  it("Envoy refuses an upgrade without a Check", async () => {
    const checks = await gateway.checks();
    expect((await get(gateway.envoy, "/app/items", UPGRADE)).status).toBe(403);
    expect(await gateway.checks()).toBe(checks);
  });

  it("a path without route is 404 without a Check", async () => {
    const checks = await gateway.checks();
    expect((await get(gateway.envoy, "/elsewhere")).status).toBe(404);
    expect(await gateway.checks()).toBe(checks);
  });

  describe("without Envoy's protection", () => {
    it.each([
      ["//app/items", 400],
      ["/app//items", 400],
      ["/app/../app/items", 400],
      ["/app/./items", 400],
      ["/app/%2e%2e/items", 400],
      ["/app/%2fitems", 400],
      ["/app/%5Citems", 400],
      ["/app/%3Fx", 400],
      ["/app/items;v=1", 400],
      ["/app/..;/items", 400],
      ["/app/%zz", 400],
      ["/app/%00", 400],
      ["/elsewhere", 403],
    ])("the sidecar refuses %s", async (path, status) => {
      const before = gateway.upstream.arrived.length;
      const answer = await get(unhardened, path);
      expect(answer.status).toBe(status);
      expect(gateway.upstream.arrived).toHaveLength(before);
      const record = await gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));
      expect(record.decision).toBe("deny");
    });

    it("the sidecar refuses an upgrade", async () => {
      const answer = await get(unhardened, "/app/items", UPGRADE);
      expect(answer.status).toBe(400);
      const record = await gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));
      expect(record.reason_code).toBe("upgrade.refused");
    });
  });
});
