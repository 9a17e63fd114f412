/** A client that goes away while it is asked about costs a record and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { waitUntil } from "../support/wait-until.ts";

describe.skipIf(lacksEnvoy())("a cancelled request", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ variant: "patient" });
  });
  afterAll(() => gateway.stop());

  it("is recorded, never forwarded, and leaves no request behind", async () => {
    const { envoy, sidecar, upstream } = gateway;
    const token = await gateway.credentials.user("alice", ["developer"]);
    const headers = bearer(token);
    expect((await gateway.call({ path: "/app/items", headers })).status).toBe(200);
    const checks = await gateway.checks();
    const before = { audit: sidecar.audit.length, arrived: upstream.arrived.length };

    sidecar.signal("SIGSTOP"); // the Check is in its socket, and nobody reads it yet
    const client = new AbortController();
    const answer = gateway.call({
      path: "/mcp/demo",
      headers,
      body: toolCall("get_weather"),
      signal: client.signal,
    });
    await waitUntil("Envoy to ask", async () => (await gateway.checks()) > checks);
    client.abort();
    await expect(answer).rejects.toThrow();
    await waitUntil("Envoy to give up", async () => {
      return (await envoy.stat("cluster.sark_authz.upstream_rq_active")) === 0;
    });
    sidecar.signal("SIGCONT");

    await waitUntil("the record", () => sidecar.audit.length > before.audit);
    expect(upstream.arrived).toHaveLength(before.arrived);
    expect((await gateway.call({ path: "/app/items", headers })).status).toBe(200);
  });
});
