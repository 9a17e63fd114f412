/** API keys and workloads on the way through a Check: decided anew each time, hits included. */
import { describe, expect, it } from "vitest";
import type { Route } from "../../../src/domain/route.ts";
import { ApiKeySet } from "../../../src/identity/api-key-set.ts";
import { CredentialVerifier } from "../../../src/identity/credential-verifier.ts";
import type { TokenVerifier } from "../../../src/identity/token-verifier.ts";
import { apiKeyRecord, GATEWAY_KEY, PEPPER, SERVICE_KEY } from "../../support/api-keys.ts";
import { type CheckRequestOptions, checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { agent, route, user, verified } from "../../support/samples.ts";
import { call, type SpineOptions, spine } from "../../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
const WORKLOAD = "spiffe://prod.example/ns/edge/sa/gateway";
const BODY = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "get_weather", arguments: {} },
});

function toolCall(change: CheckRequestOptions & { readonly key?: string } = {}): Buffer {
  const { key, ...rest } = change;
  const credential =
    key === undefined ? { authorization: `Bearer ${TOKEN}` } : { "x-api-key": key };
  return checkRequest({
    body: BODY,
    headers: { "content-type": "application/json", ...credential },
    ...rest,
  });
}

describe("an API key", () => {
  const keys = (...records: ReturnType<typeof apiKeyRecord>[]) =>
    new ApiKeySet(records, PEPPER, () => undefined);
  const rig = (options: SpineOptions = {}) => {
    const apiKeys = { current: keys(apiKeyRecord()) };
    const clock = { unixMs: () => 1_764_000_000_000 };
    const identity = new CredentialVerifier({ tokens: {} as TokenVerifier, apiKeys, clock });
    const routes = options.routes ?? [route({ principals: new Set(["user", "api_key"]) })];
    return { apiKeys, ...spine({ ...options, routes, deps: { identity } }) };
  };

  it("is answered synchronously, from the first time on", () => {
    const { handler, records } = rig();
    for (const cache of ["miss", "hit"]) {
      const reply = handler(toolCall({ key: SERVICE_KEY }), call);
      expect(reply).toBeInstanceOf(Uint8Array);
      expect(readReply(reply as Uint8Array).metadata["cache"]).toBe(cache);
    }
    expect(records.map(({ principal }) => principal?.id)).toEqual([
      "apikey:billing",
      "apikey:billing",
    ]);
  });

  it("taken back is refused, decisions of before or not", async () => {
    const { handler, records, apiKeys } = rig();
    await handler(toolCall({ key: SERVICE_KEY }), call);
    apiKeys.current = keys(apiKeyRecord(SERVICE_KEY, { revokedAtMs: 0 }));
    expect(readReply(await handler(toolCall({ key: SERVICE_KEY }), call)).denied?.httpStatus).toBe(
      401,
    );
    expect(records.at(-1)).toMatchObject({ effect: "deny", reason: "identity.revoked" });
  });

  it("with a changed record never meets an old decision", async () => {
    const { handler, records, apiKeys } = rig();
    await handler(toolCall({ key: SERVICE_KEY }), call);
    apiKeys.current = keys(apiKeyRecord(SERVICE_KEY, { team: null }));
    await handler(toolCall({ key: SERVICE_KEY }), call);
    expect(records.map(({ source }) => source)).toEqual(["policy", "policy"]);
  });

  it("without the scope is refused with 403", async () => {
    const { handler, records, apiKeys } = rig();
    apiKeys.current = keys(apiKeyRecord(SERVICE_KEY, { scopes: ["gateway:audit"] }));
    const reply = readReply(await handler(toolCall({ key: SERVICE_KEY }), call));
    expect(reply.denied?.httpStatus).toBe(403);
    expect(records[0]?.reason).toBe("identity.insufficient_scope");
  });

  it("looks the same to its caller unknown, expired or revoked", async () => {
    const { handler, records, apiKeys } = rig();
    const seen = [];
    for (const records of [
      [],
      [apiKeyRecord(SERVICE_KEY, { expiresAtMs: 0 })],
      [apiKeyRecord(SERVICE_KEY, { revokedAtMs: 0 })],
    ]) {
      apiKeys.current = keys(...records);
      const { denied } = readReply(await handler(toolCall({ key: SERVICE_KEY }), call));
      seen.push([denied?.httpStatus, JSON.parse(denied?.body ?? "{}").error.message]);
    }
    expect(new Set(seen.map(String)).size).toBe(1);
    expect(records.map(({ reason }) => reason)).toEqual([
      ...["identity.api_key_unknown", "identity.api_key_expired", "identity.revoked"],
    ]);
  });

  const migration: Partial<Route> & { readonly path: string } = {
    path: "/api/v1/gateway/authorize",
    surface: "sark",
    endpoint: "authorize",
    mode: "migration",
    principals: new Set(["user", "api_key"]),
  };
  const question = (key: string) =>
    toolCall({
      key,
      path: migration.path,
      body: '{"action":"gateway:tool:invoke","server_name":"demo","tool_name":"get_weather","parameters":{}}',
    });
  it.each([
    [0, GATEWAY_KEY, "deferred", "rollout.deferred"],
    [99, GATEWAY_KEY, "deferred", "rollout.deferred"],
    [100, GATEWAY_KEY, "deny", "identity.api_key_unknown"],
    [99, SERVICE_KEY, "deny", "identity.revoked"],
  ])("on a migration route at %i %%, unknown keys are Python's below 100", async (...row) => {
    const [percent, key, effect, reason] = row;
    const { handler, records, apiKeys } = rig({ routes: [route(migration)], percent });
    apiKeys.current = keys(apiKeyRecord(SERVICE_KEY, { revokedAtMs: 0 }));
    await handler(question(key), call);
    expect(records[0]).toMatchObject({ effect, reason });
  });
});

describe("a workload", () => {
  const rig = (mtls: "required" | "optional" | undefined, known: readonly string[] = [WORKLOAD]) =>
    spine({ routes: [route({ mtls })], deps: { workloads: new Set(known) } });
  const from = (sourcePrincipal: string) => toolCall({ sourcePrincipal });

  it("is known beside the credential and told to policy", async () => {
    let seen: unknown;
    const { handler, records } = spine({
      routes: [route({ mtls: "required" })],
      deps: { workloads: new Set([WORKLOAD]) },
      policy: (_, input) => {
        seen = (input as { context: { peer_principal: string } }).context.peer_principal;
        return [{ result: { allow: true } }];
      },
    });
    await handler(from(WORKLOAD), call);
    expect([records[0]?.effect, records[0]?.principal?.id, seen]).toEqual([
      "allow",
      "alice",
      WORKLOAD,
    ]);
  });

  it("is asked for on every Check, answers from the cache included", async () => {
    const { handler, records } = rig("required");
    await handler(from(WORKLOAD), call);
    await handler(from(WORKLOAD), call);
    await handler(toolCall(), call);
    await handler(from("spiffe://prod.example/ns/edge/sa/other"), call);
    expect(records.map(({ reason, source }) => [source, reason])).toEqual([
      ["policy", "allowed"],
      ["cache", "allowed"],
      ["none", "identity.workload_unknown"],
      ["none", "identity.workload_unknown"],
    ]);
  });

  it("comes before the credential: nothing is verified for a stranger", async () => {
    const { handler, calls } = rig("required");
    const reply = readReply(await handler(from("CN=gateway"), call));
    expect(reply.denied?.httpStatus).toBe(401);
    expect(calls).toEqual(["audit:deny", "metrics"]);
  });

  it.each([
    ["optional", undefined, "allow"],
    ["optional", "spiffe://prod.example/x", "deny"],
    [undefined, "spiffe://prod.example/x", "allow"],
  ] as const)("on a route that says %s, %s: %s", async (mtls, sourcePrincipal, effect) => {
    const { handler, records } = rig(mtls);
    await handler(sourcePrincipal === undefined ? toolCall() : from(sourcePrincipal), call);
    expect(records[0]?.effect).toBe(effect);
  });

  it("is nobody where none is known, even if Envoy's key asks for one", async () => {
    const { handler, records } = rig(undefined, []);
    const contextExtensions = { "sark.mtls": "required" };
    await handler(toolCall({ sourcePrincipal: WORKLOAD, contextExtensions }), call);
    expect(records[0]?.reason).toBe("identity.workload_unknown");
  });

  it.each([`${WORKLOAD}\u0000`, `${WORKLOAD}\u0000.evil`, WORKLOAD.replace(".", "x"), "*"])(
    "B17: is refused as %j",
    async (sourcePrincipal) => {
      const { handler, records } = rig("required");
      await handler(from(sourcePrincipal), call);
      expect(records[0]?.effect).toBe("deny");
    },
  );
});

describe("SARK's A2A endpoint", () => {
  const endpoint = route({
    path: "/api/v1/gateway/authorize-a2a",
    surface: "sark",
    endpoint: "authorize-a2a",
    principals: new Set(["agent"]),
  });
  const message = checkRequest({
    path: "/api/v1/gateway/authorize-a2a",
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
    body: '{"source_agent_id":"planner","target_agent_id":"worker-1","capability":"execute","message_type":"request"}',
  });

  it.each([
    [user(), 401, "identity.type"],
    [{ ...user(), kind: "api_key" as const, scopes: ["admin"] }, 401, "identity.type"],
    [agent(), 200, "allowed"],
  ])("answers the wrong kind of credential with 401", async (principal, status, reason) => {
    const { handler, records } = spine({ routes: [endpoint], token: verified(principal) });
    const reply = readReply(await handler(message, call));
    expect(reply.denied?.httpStatus).toBe(status);
    expect(records[0]?.reason).toBe(reason);
  });
});
