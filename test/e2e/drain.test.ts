/** A sidecar that ends takes no request with it: of two, each can be replaced under load. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Envoy } from "../support/envoy.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { httpCall } from "../support/http-call.ts";
import { startLoad } from "../support/load.ts";
import { waitUntil } from "../support/wait-until.ts";

const WORKERS = 8;

describe.skipIf(lacksEnvoy())("of two sidecars", () => {
  let gateway: Gateway;
  let token: string;
  beforeAll(async () => {
    // Patient: this is about requests that are lost, not about a machine that is busy.
    const change = { shutdown: {} };
    gateway = await startGateway({ variant: "patient", sidecars: 2, isTcp: true, change });
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const ask = async (envoy: Envoy) => {
    const body = toolCall("get_weather");
    const call = { port: envoy.gatewayPort, path: "/mcp/demo", headers: bearer(token), body };
    return (await httpCall(call)).status;
  };
  const seesHealthy = (envoy: Envoy, count: number) =>
    waitUntil(`Envoy to see ${count} sidecars`, async () => {
      return (await envoy.stat("cluster.sark_authz.membership_healthy")) === count;
    });

  it("one that drains fails no request, one after the other", { timeout: 60_000 }, async () => {
    const load = startLoad(WORKERS, () => ask(gateway.envoy));
    await load.more(100);
    for (const sidecar of gateway.sidecars) {
      expect(sidecar.audit.length).toBeGreaterThan(0);
      expect(await sidecar.drain()).toBe(0);
      await load.more(100);
      await seesHealthy(gateway.envoy, 1);
      await sidecar.restart();
      await seesHealthy(gateway.envoy, 2);
      await load.more(100);
    }
    await load.stop();
    expect(load.answers.filter((status) => status !== 200)).toEqual([]);
    expect(await gateway.envoy.stat("http.gateway.ext_authz.strict.error")).toBe(0);
  });

  it("one that was killed fails no later request, before Envoy has noticed", async () => {
    const envoy = await gateway.addEnvoy("reference");
    await ask(envoy);
    await ask(envoy);
    await gateway.sidecars[0]?.kill();
    for (let turn = 0; turn < 10; turn++) expect(await ask(envoy)).toBe(200);
  });
});
