/** Client certificates through a real Envoy: who the peer is must be listed by its exact name. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority, type CertificateFiles, pemOf } from "../support/certificates.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const EDGE = "spiffe://prod.example/ns/edge/sa/gateway";
const DNS = "gateway.prod.example";

describe.skipIf(lacksEnvoy())("workloads", () => {
  const folder = mkdtempSync(join(tmpdir(), "sark-workloads-"));
  let gateway: Gateway;
  let authority: CertificateAuthority;
  let token: string;

  beforeAll(async () => {
    authority = new CertificateAuthority(folder, "ca");
    const server = authority.sign("server", "IP:127.0.0.1");
    gateway = await startGateway({
      clientTls: { ...server, caFile: authority.caFile },
      change: {
        routes: ROUTES.map((route) =>
          route.name === "mcp-demo" ? { ...route, mtls: "required" } : { ...route },
        ),
      },
      identity: { workloads: [EDGE, DNS] },
    });
    token = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An allowed tool call on a connection of its own: its status and, where refused here, its record. */
  function callWith(
    client: CertificateFiles | undefined,
  ): Promise<{ readonly status: number | undefined; readonly auditId: unknown }> {
    const body = toolCall("get_weather");
    const options = {
      host: "127.0.0.1",
      port: gateway.envoy.gatewayPort,
      path: "/mcp/demo",
      method: "POST",
      headers: { ...Object.fromEntries(bearer(token)), "content-length": Buffer.byteLength(body) },
      agent: false,
      ca: readFileSync(authority.caFile),
      ...(client === undefined ? {} : pemOf(client)),
    } as const;
    return new Promise((resolve, reject) => {
      const call = request(options, (answer) => {
        answer
          .resume()
          .on("end", () =>
            resolve({ status: answer.statusCode, auditId: answer.headers["x-sark-audit-id"] }),
          );
      });
      call.on("error", reject).end(body);
    });
  }

  async function expectRefused(client: CertificateFiles | undefined): Promise<void> {
    const { status, auditId } = await callWith(client);
    expect(status).toBe(401);
    const line = await gateway.sidecar.auditLine(String(auditId));
    expect(line.reason_code).toBe("identity.workload_unknown");
  }

  it.each([
    ["uri", `URI:${EDGE}`],
    ["uri-first", `DNS:other.example,URI:${EDGE}`],
    ["dns", `DNS:${DNS}`],
  ])("are known by a listed name: %s", async (name, names) => {
    expect((await callWith(authority.sign(name, names))).status).toBe(200);
  });

  it.each([
    ["unlisted", "URI:spiffe://prod.example/ns/edge/sa/other"],
    ["longer", `URI:${EDGE}/more`],
    ["dot-is-a-dot-uri", `URI:${EDGE.replace(".", "x")}`],
    ["dot-is-a-dot-dns", "DNS:gatewayxprod.example"],
    ["wildcard", "DNS:*.prod.example"],
    ["second-uri", `URI:spiffe://prod.example/x,URI:${EDGE}`],
    [DNS, undefined],
  ])("B17: are refused under another name: %s", async (name, names) => {
    await expectRefused(authority.sign(name, names));
  });

  it("are refused without a certificate, good token or not", async () => {
    await expectRefused(undefined);
  });
});
