/** Browser pages: Envoy answers preflights of listed origins, and a refusal allows nobody. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gateway, lacksEnvoy, startGateway } from "../support/gateway.ts";
import type { HttpAnswer } from "../support/http-call.ts";

const PATH = "/mcp/demo";

describe.skipIf(lacksEnvoy())("a route with Envoy's cors filter", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ variant: "browser-pages" });
  });
  afterAll(() => gateway.stop());

  const preflight = (origin: string) =>
    gateway.call({
      method: "OPTIONS",
      path: PATH,
      headers: [
        ["origin", origin],
        ["access-control-request-method", "POST"],
      ],
    });
  const allows = ({ headers }: HttpAnswer) =>
    Object.keys(headers).filter((name) => name.startsWith("access-control-"));

  it("answers the preflight of a listed origin without a Check or an upstream", async () => {
    const checks = await gateway.checks();
    const answer = await preflight("https://app.example");
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example");
    expect(await gateway.checks()).toBe(checks);
    expect(gateway.upstream.arrived).toEqual([]);
  });

  it("leaves any other preflight to the sidecar, whose refusal allows nothing: origin.refused", async () => {
    const answer = await preflight("https://elsewhere.example");
    expect([403, 405]).toContain(answer.status);
    expect(allows(answer)).toEqual([]);
    expect(gateway.upstream.arrived).toEqual([]);
  });

  it("lets a page of a listed origin read its refusal and its challenge", async () => {
    const headers = [
      ["origin", "https://app.example"],
      ["content-type", "application/json"],
    ] as const;
    const answer = await gateway.call({ path: PATH, headers, body: "{}" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example");
    expect(answer.headers["access-control-expose-headers"]).toContain("www-authenticate");
  });
});
