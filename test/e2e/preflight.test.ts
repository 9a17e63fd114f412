/** Browser pages of a listed origin reach an MCP server through Envoy, others do not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const PATH = "/mcp/demo";
const PAGE = "https://app.example";
const PREFLIGHT = [
  ["origin", PAGE],
  ["access-control-request-method", "POST"],
] as const;

describe.skipIf(lacksEnvoy())("pages", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    const routes = ROUTES.map((route) =>
      route.name === "mcp-demo"
        ? {
            ...route,
            match: { path: PATH, methods: ["POST", "GET", "DELETE", "OPTIONS"] },
            cors: { origins: [PAGE] },
          }
        : route,
    );
    gateway = await startGateway({ change: { routes } });
  });
  afterAll(() => gateway.stop());

  it("send a preflight without credential, which the upstream answers", async () => {
    const answer = await gateway.call({ path: PATH, method: "OPTIONS", headers: PREFLIGHT });
    expect(answer.status).toBe(200);
    expect(gateway.upstream.arrived.at(-1)).toMatchObject({ method: "OPTIONS", path: PATH });
  });

  it("need a credential for the call itself", async () => {
    const token = await gateway.credentials.user("alice", ["developer"]);
    const page = ["origin", PAGE] as const;
    const json = ["content-type", "application/json"] as const;
    const call = { path: PATH, body: toolCall("get_weather") };
    const known = await gateway.call({ ...call, headers: [...bearer(token), page] });
    expect(known.status).toBe(200);
    expect((await gateway.call({ ...call, headers: [json, page] })).status).toBe(401);
  });

  it.each<[string, readonly (readonly [string, string])[], number]>([
    ["of another origin", [["origin", "https://evil.example"], ...PREFLIGHT.slice(1)], 403],
    ["without an origin", PREFLIGHT.slice(1), 405],
    ["that asks for no method", PREFLIGHT.slice(0, 1), 405],
  ])("are stopped with a preflight %s", async (_, headers, status) => {
    const before = gateway.upstream.arrived.length;
    const answer = await gateway.call({ path: PATH, method: "OPTIONS", headers });
    expect(answer.status).toBe(status);
    expect(gateway.upstream.arrived).toHaveLength(before);
  });
});
