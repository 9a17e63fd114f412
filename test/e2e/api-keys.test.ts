/** API keys through a real Envoy: three carriers, scopes, and a key taken back while serving. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.ts";
import { type Gateway, lacksEnvoy, question, startGateway, toolCall } from "../support/gateway.ts";
import type { HttpAnswer } from "../support/http-call.ts";
import { waitUntil } from "../support/wait-until.ts";

const MCP = "/mcp/demo";
const UNKNOWN_KEY = `sark_gw_${"0".repeat(32)}`;
const CARRIERS = ["authorization", "x-api-key", "x-gateway-api-key"] as const;

describe.skipIf(lacksEnvoy())("api keys", () => {
  const folder = mkdtempSync(join(tmpdir(), "sark-api-keys-"));
  const file = join(folder, "api-keys.jsonl");
  const pepperFile = join(folder, "api-keys.pepper");
  let gateway: Gateway;
  let service: string;
  let reader: string;
  let agents: string;

  /** What a command prints. */
  async function apiKey(...args: readonly string[]): Promise<string> {
    const out: string[] = [];
    const tell = () => {};
    const onStop = () => {};
    const print = (line: string) => void out.push(line);
    const all = ["api-key", ...args, "--file", file];
    const code = await runCommandLine({ args: all, env: {}, print, tell, onStop });
    if (code !== 0) throw new Error(`api-key ${args[0]} ended with ${code}`);
    return out.join("\n");
  }
  const create = (id: string, scope: string, ...more: readonly string[]) =>
    apiKey(
      ...["create", "--init", "--pepper-file", pepperFile, "--owner", "o", "--team", "platform"],
      ...["--id", id, "--scope", scope, ...more],
    );

  beforeAll(async () => {
    service = await create("service", "gateway:authorize");
    reader = await create("reader", "gateway:audit", "--kind", "gateway");
    agents = await create("agents", "admin");
    const keys = { file, pepper_file: pepperFile };
    gateway = await startGateway({ identity: { api_keys: keys } });
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (key: string, carrier: string = "x-api-key", path = MCP, body?: string) =>
    gateway.call({
      path,
      headers: [
        [carrier, carrier === "authorization" ? `Bearer ${key}` : key],
        ["content-type", "application/json"],
      ],
      body: body ?? toolCall("get_weather"),
    });
  const recordOf = (answer: HttpAnswer) =>
    gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));

  it.each(CARRIERS)("is taken from %s and kept from the upstream", async (carrier) => {
    const answer = await call(service, carrier);
    expect([answer.status, answer.headers["x-served-by"]]).toEqual([200, "upstream"]);
    const { headers } = gateway.upstream.arrived.at(-1) ?? {};
    expect(headers).toMatchObject({
      "x-sark-authz": "enforced",
      "x-sark-user-id": "apikey:service",
    });
    for (const name of CARRIERS) expect(headers).not.toHaveProperty(name);
  });

  it("is recorded as a service, without the key", async () => {
    await call(service);
    const auditId = String(gateway.upstream.arrived.at(-1)?.headers["x-sark-audit-id"]);
    const line = await gateway.sidecar.auditLine(auditId);
    expect(line).toMatchObject({
      decision: "allow",
      user_id: "apikey:service",
      principal_type: "service",
    });
    expect(JSON.stringify(line)).not.toContain(service.slice(-32));
  });

  it("is refused beside another credential", async () => {
    const headers = [
      ["x-api-key", service],
      ["x-gateway-api-key", service],
      ["content-type", "application/json"],
    ] as const;
    const answer = await gateway.call({ path: MCP, headers, body: toolCall("get_weather") });
    expect(answer.status).toBe(400);
    expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.multiple" });
  });

  it("needs a scope", async () => {
    const answer = await call(reader);
    expect(answer.status).toBe(403);
    expect(answer.headers["www-authenticate"]).toContain('error="insufficient_scope"');
    expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.insufficient_scope" });
  });

  it("is refused when it is unknown", async () => {
    const answer = await call(UNKNOWN_KEY);
    expect(answer.status).toBe(401);
    expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.api_key_unknown" });
  });

  it("asks SARK's authorize endpoint", async () => {
    const body = question("get_weather");
    const answer = await call(service, "x-gateway-api-key", "/api/v1/gateway/authorize", body);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([200, { allow: true }]);
  });

  it("is the wrong kind of credential between agents, whatever its scopes", async () => {
    const body =
      '{"source_agent_id":"planner","target_agent_id":"worker-1","capability":"query","message_type":"request"}';
    const answer = await call(agents, "x-api-key", "/api/v1/gateway/authorize-a2a", body);
    expect(answer.status).toBe(401);
    expect(await recordOf(answer)).toMatchObject({ reason_code: "identity.type" });
  });

  it("is made and taken back without a restart, and a bad file changes nothing", async () => {
    const { pid } = gateway.sidecar;
    const late = await create("late", "gateway:authorize");
    const statusOf = async () => (await call(late)).status;
    await waitUntil("the new key to be known", async () => (await statusOf()) === 200);

    await apiKey("revoke", "late");
    await waitUntil("the key to be refused", async () => (await statusOf()) === 401);
    expect(await recordOf(await call(late))).toMatchObject({ reason_code: "identity.revoked" });
    expect((await call(service)).status).toBe(200);

    writeFileSync(file, "not a record\n");
    const isRefused = () => gateway.sidecar.log.some((line) => line.includes("API keys refused"));
    await waitUntil("the bad file to be refused", isRefused);
    expect((await call(service)).status).toBe(200);
    expect(gateway.sidecar.pid).toBe(pid);
    for (const key of [service, late]) {
      expect(gateway.sidecar.log.join("\n")).not.toContain(key.slice(-32));
    }
  });
});
