/** One Check, one record: client, upstream, Envoy's access log and audit trail know it by the same id. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { waitUntil } from "../support/wait-until.ts";

const PATH = "/mcp/demo";

describe.skipIf(lacksEnvoy())("records", () => {
  let gateway: Gateway;
  let token: string;
  beforeAll(async () => {
    gateway = await startGateway({ isTcp: true });
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const call = (tool: string) =>
    gateway.call({ path: PATH, headers: bearer(token), body: toolCall(tool) });
  const accessLine = (auditId: string) =>
    waitUntil(`access log line ${auditId}`, () =>
      gateway.envoy.accessLog.find((line) => line.decision_id === auditId),
    );

  it("have an id of their own on every cache hit, which reaches upstream and access log", async () => {
    const ids = new Set<string>();
    const caches: (string | null)[] = [];
    for (let repeat = 0; repeat < 5; repeat++) {
      expect((await call("get_weather")).status).toBe(200);
      const headers = gateway.upstream.arrived.at(-1)?.headers ?? {};
      const auditId = String(headers["x-sark-audit-id"]);
      expect(headers["x-sark-user-id"]).toBe("alice");
      ids.add(auditId);
      const line = await accessLine(auditId);
      expect(line).toMatchObject({ code: 200, decision: "allow", reason: "allowed" });
      caches.push(line.cache);
      expect(await gateway.sidecar.auditLine(auditId)).toMatchObject({
        decision: "allow",
        cache_hit: line.cache === "hit",
      });
    }
    expect(ids.size).toBe(5);
    expect(caches).toEqual(["miss", "hit", "hit", "hit", "hit"]);
  });

  it("name decision and reason of a refusal in the access log", async () => {
    const answer = await call("delete_index");
    const line = await accessLine(String(answer.headers["x-sark-audit-id"]));
    expect(line).toMatchObject({
      code: 403,
      decision: "deny",
      reason: "policy.denied",
      details: expect.stringContaining("ext_authz_denied"),
    });
    expect(Number(line.strict_us)).toBeGreaterThan(0);
  });

  it("are exactly as many as Checks, whatever was asked", async () => {
    const requests = [
      toolCall("get_weather"),
      toolCall("delete_index"),
      "not json",
      "[]",
      toolCall("../x"),
      toolCall("get_weather", { method: "no/such" }),
    ];
    const before = await gateway.checks();
    const tokens = [token, `${token}x`, "no-token"];
    const all = tokens.flatMap((credential) =>
      requests.map((body) => gateway.call({ path: PATH, headers: bearer(credential), body })),
    );
    await Promise.all(all);
    await Promise.all([
      gateway.call({ path: PATH }),
      gateway.call({ path: PATH, method: "DELETE", headers: bearer(token) }),
      gateway.call({ path: "/app/items" }),
    ]);
    const checks = await gateway.checks();
    expect(checks - before).toBe(all.length + 3);
    await gateway.sidecar.drain(); // whatever was queued is written before the process ends
    expect(gateway.sidecar.audit).toHaveLength(checks);
    expect(new Set(gateway.sidecar.audit.map((line) => line.audit_id)).size).toBe(
      gateway.sidecar.audit.length,
    );
  });
});
