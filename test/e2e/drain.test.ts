/** A sidecar that is asked to end takes no request with it: two of them can be replaced under load. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { startLoad } from "../support/load.ts";

const WORKERS = 8;

describe.skipIf(lacksEnvoy())("a drain", () => {
  let gateway: Gateway;
  let token: string;
  beforeAll(async () => {
    // Patient: this is about requests that are lost, not about a machine that is busy.
    gateway = await startGateway({
      variant: "patient",
      sidecars: 2,
      isTcp: true,
      change: { shutdown: {} },
    });
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  it("under load fails no request, one sidecar after the other", { timeout: 60_000 }, async () => {
    const load = startLoad(WORKERS, async () => {
      const body = toolCall("get_weather");
      const answer = await gateway.call({ path: "/mcp/demo", headers: bearer(token), body });
      return answer.status;
    });
    await load.more(100);
    for (const sidecar of gateway.sidecars) {
      expect(sidecar.audit.length).toBeGreaterThan(0);
      expect(await sidecar.drain()).toBe(0);
      await load.more(100);
      await sidecar.restart();
      await load.more(100);
    }
    await load.stop();
    expect(load.answers.filter((status) => status !== 200)).toEqual([]);
    expect(await gateway.envoy.stat("http.gateway.ext_authz.strict.error")).toBe(0);
  });
});
