/** What is revoked is refused within seconds behind a real Envoy, cached or not, whatever happens to the feed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../support/child-process.ts";
import { createCredentials, USER_ISSUER } from "../support/credentials.ts";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";
import { sidecarConfig } from "../support/sidecar-config.ts";
import { lacksValkey, startValkey, type Valkey } from "../support/valkey.ts";
import { waitUntil } from "../support/wait-until.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const MCP = "/mcp/demo";
/** Prints the list, or puts one in its place. */
const COPY = `
  import("@redis/client").then(async ({ createClient }) => {
    const client = await createClient({ url: "redis://127.0.0.1:" + process.argv[1] }).connect();
    const list = process.argv[2];
    if (list === undefined) process.stdout.write(await client.get("sark:authz:revocations"));
    else await client.set("sark:authz:revocations", list);
    client.destroy();
  });
`;
/** The goal of the design for a change that is announced or polled. */
const VISIBLE = { boundMs: 5_000 };

describe.skipIf(lacksEnvoy() || lacksValkey())("revocation through Redis", () => {
  let valkey: Valkey;
  let folder: string;
  let gateway: Gateway;
  let writer: Child;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sark-revocation-"));
    valkey = await startValkey();
    const change = {
      revocation: {
        source: "redis",
        keys_file: join(folder, "list.jwks.json"),
        state_file: join(folder, "state"),
      },
      redis: { address: `127.0.0.1:${valkey.port}` },
    };
    const config = sidecarConfig({
      check: "127.0.0.1:0",
      metricsPort: 0,
      credentials: await createCredentials(folder),
      folder,
      change,
    });
    writeFileSync(join(folder, "writer.yaml"), JSON.stringify(config));
    revoke("init");
    writer = startWriter();
    gateway = await startGateway({ change });
  });
  afterAll(async () => {
    await gateway.stop();
    await writer.stop();
    await valkey.stop();
    rmSync(folder, { recursive: true });
  });

  const commandLine = (verb: string, ...args: string[]) => [
    ...["src/main.ts", "revoke", verb, "--config", join(folder, "writer.yaml")],
    ...(verb === "list" ? [] : ["--key", join(folder, "private.jwk")]),
    ...args,
  ];
  function revoke(verb: string, ...args: string[]): string {
    return execFileSync(process.execPath, commandLine(verb, ...args), {
      cwd: ROOT,
      encoding: "utf8",
    });
  }
  const startWriter = () => startChild(process.execPath, commandLine("serve"), { cwd: ROOT });
  const add = (kind: string, value: string, ...more: string[]) =>
    revoke("add", "--kind", kind, "--value", value, "--for", "1h", ...more);
  const ask = (token: string) =>
    gateway.call({ path: MCP, headers: bearer(token), body: toolCall("get_weather") });
  const recordOf = async (token: string) => {
    const answer = await ask(token);
    const seen = answer.status === 200 ? gateway.upstream.arrived.at(-1)?.headers : answer.headers;
    const line = await gateway.sidecar.auditLine(String(seen?.["x-sark-audit-id"]));
    return { status: answer.status, line };
  };
  const isRefused = (token: string) => async () => (await ask(token)).status === 401;
  const expectAllowedFromCache = async (token: string) => {
    await ask(token);
    const { status, line } = await recordOf(token);
    expect({ status, hit: line.cache_hit }).toEqual({ status: 200, hit: true });
  };
  const expectRevoked = async (token: string) => {
    const { status, line } = await recordOf(token);
    expect({ status, reason: line.reason_code }).toEqual({
      status: 401,
      reason: "identity.revoked",
    });
  };
  const user = (id: string, claims: Record<string, string> = {}) =>
    gateway.credentials.user(id, ["developer"], { claims });
  const metric = async (name: string) =>
    Number(
      new RegExp(`^${name}(?:{[^}]*})? (.*)$`, "m").exec(await gateway.sidecar.metrics())?.[1],
    );

  const cases: readonly {
    readonly kind: string;
    readonly id: string;
    readonly claims?: Record<string, string>;
    readonly value: (token: string) => string;
    readonly more?: () => readonly string[];
  }[] = [
    { kind: "jti", id: "user-1", claims: { jti: "t-1" }, value: () => "t-1" },
    { kind: "sid", id: "user-2", claims: { sid: "s-1" }, value: () => "s-1" },
    { kind: "sub", id: "user-3", value: () => "user-3", more: () => ["--iss", USER_ISSUER] },
    { kind: "sub", id: "user-4", value: () => "user-4", more: () => ["--not-before", soon()] },
    {
      kind: "token_sha256",
      id: "user-5",
      value: (token) => createHash("sha256").update(token).digest("hex"),
    },
  ];
  const soon = () => String(Math.floor(Date.now() / 1_000) + 1);

  it.each(cases)("T28: ID-09: refuses $id, allowed from the cache, by $kind", async (given) => {
    const { kind, id, claims, value, more } = given;
    const [token, other] = await Promise.all([user(id, claims), user("bystander")]);
    await expectAllowedFromCache(token);
    add(kind, value(token), ...(more?.() ?? []));
    await waitUntil("the refusal", isRefused(token), VISIBLE);
    await expectRevoked(token);
    expect((await ask(other)).status).toBe(200);
  });

  it("T28: ID-09: refuses an agent by agent_id, in the rollout or not", async () => {
    const token = await gateway.credentials.agent("worker-1", {
      agent_type: "worker",
      trust_level: "limited",
      environment: "production",
      capabilities: ["query"],
    });
    const body = JSON.stringify({
      source_agent_id: "worker-1",
      target_agent_id: "planner",
      capability: "query",
      message_type: "task",
    });
    const path = "/api/v1/gateway/authorize-a2a";
    const call = () => gateway.call({ path, headers: bearer(token), body });
    expect((await call()).status).toBe(200);
    add("agent_id", "worker-1");
    await waitUntil("the refusal", async () => (await call()).status === 401, VISIBLE);
  });

  it("ID-10: goes on without Redis, and lifts nothing when Redis comes back empty", async () => {
    const [revoked, later] = await Promise.all([user("user-6"), user("user-7")]);
    await expectAllowedFromCache(later);
    add("sub", "user-6");
    await waitUntil("the refusal", isRefused(revoked), VISIBLE);

    await valkey.stop();
    await waitUntil(
      "the outage to be seen",
      async () => (await metric("sark_authz_store_connected")) === 0,
    );
    await expectRevoked(revoked);
    expect((await ask(later)).status).toBe(200);

    await valkey.restart();
    await waitUntil(
      "the writer to restore the list",
      async () =>
        (await metric("sark_authz_store_connected")) === 1 && revoke("list").includes("user-6"),
    );
    await expectRevoked(revoked);
    add("sub", "user-7");
    await waitUntil("the refusal", isRefused(later), { boundMs: 10_000 });
  });

  it("T28: takes no older list after a restart, and still refuses what was revoked", async () => {
    await writer.stop();
    const token = await user("user-8");
    const older = execFileSync(process.execPath, ["-e", COPY, String(valkey.port)], {
      encoding: "utf8",
    });
    add("sub", "user-8");
    await waitUntil("the refusal", isRefused(token), VISIBLE);
    execFileSync(process.execPath, ["-e", COPY, String(valkey.port), older]);
    await gateway.sidecar.restart();
    await waitUntil("the older list to be refused", async () =>
      (await gateway.sidecar.metrics()).includes('revocation_faults_total{cause="sequence"}'),
    );
    await expectRevoked(token);

    revoke("renumber");
    await waitUntil("the list under its new number", async () => (await ask(token)).status === 200);
    writer = startWriter();
  });

  it("T28: refuses every token of a key by kid", async () => {
    const token = await user("user-9");
    writer.signal("SIGTERM");
    add("kid", "users-1");
    await waitUntil("the refusal", isRefused(token), VISIBLE);
    await expectRevoked(token);
  });
});
