/** A stream ends with the token that asked for it, where the route wants it so. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway } from "../support/gateway.ts";
import { ROUTES } from "../support/sidecar-config.ts";
import { waitUntil } from "../support/wait-until.ts";

describe.skipIf(lacksEnvoy())("mcp.bound_streams", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    const routes = ROUTES.map((route) =>
      route.surface === "mcp" ? { ...route, mcp: { ...route.mcp, bound_streams: true } } : route,
    );
    gateway = await startGateway({ variant: "bounded-streams", change: { routes } });
  });
  afterAll(() => gateway.stop());

  it("has Envoy end the upstream's answer when the token expires, and forwards no time-out", async () => {
    const token = await gateway.credentials.user("alice", ["developer"], { expiresInS: 2 });
    const headers = [
      ...bearer(token).filter(([name]) => name === "authorization"),
      ["accept", "text/event-stream"],
    ] as const;
    await expect(gateway.call({ path: "/mcp/demo", headers })).rejects.toThrow("aborted");
    const line = await waitUntil("the access log", async () => gateway.envoy.accessLog.at(-1));
    expect(line).toMatchObject({ decision: "allow", code: 200, details: "response_timeout" });
    const arrived = gateway.upstream.arrived.at(-1)?.headers;
    expect(arrived).not.toHaveProperty("x-envoy-upstream-rq-timeout-ms");
    expect(Number(arrived?.["x-envoy-expected-rq-timeout-ms"])).toBeLessThanOrEqual(2_000);
  });
});
