/**
 * Whole Checks with a real verifier: where a token may stand, what a forged one leaves behind, and what
 * becomes of one that was taken back.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { RevocableIds } from "../../src/domain/principal.ts";
import { CredentialVerifier } from "../../src/identity/credential-verifier.ts";
import { checkRequest } from "../support/check-request.ts";
import { readReply } from "../support/check-response.ts";
import { call, spine } from "../support/spine.ts";
import { createIssuer, type TestIssuer, userClaims } from "../support/tokens.ts";
import { verifierFor } from "../support/verifier.ts";

type Headers = readonly (readonly [name: string, value: string])[];
const BODY = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "get_weather", arguments: { city: "Bern" } },
});

let users: TestIssuer;
let token: string;
beforeAll(async () => {
  users = await createIssuer();
  token = await users.sign(userClaims({ jti: "j1", sid: "s1" }));
});

function rig() {
  const { verifier, clock } = verifierFor({ issuer: users });
  const revoked: ((ids: RevocableIds) => boolean)[] = [];
  const revocation = {
    isRevoked: (ids: RevocableIds) => revoked.some((matches) => matches(ids)),
    allowAgeMsMax: () => Number.POSITIVE_INFINITY,
  };
  const identity = new CredentialVerifier({ tokens: verifier, apiKeys: undefined, clock });
  const own = spine({ deps: { identity, clock, revocation } });
  const ask = async (headers: Headers, change: { path?: string; form?: "raw" | "map" } = {}) => {
    const type = [["content-type", "application/json"]] as const;
    const request = checkRequest({ body: BODY, headers: [...type, ...headers], ...change });
    const reply = readReply(await own.handler(request, call));
    const record = own.records.at(-1);
    return { reply, record, reason: record?.effect === "allow" ? "allowed" : record?.reason };
  };
  return { ...own, clock, ask, revoked };
}

const bearer = (text: string): Headers => [["authorization", `Bearer ${text}`]];

describe.each(["raw", "map"] as const)("T23: a credential in two places (%s headers)", (form) => {
  it.each<[string, () => Headers, string, number]>([
    [
      "two authorization headers",
      () => [...bearer(token), ...bearer(token)],
      "header.duplicate",
      400,
    ],
    [
      "a good and a bad authorization header",
      () => [...bearer("x"), ...bearer(token)],
      "header.duplicate",
      400,
    ],
    ["with x-api-key", () => [...bearer(token), ["x-api-key", "k"]], "identity.multiple", 400],
    [
      "with x-gateway-api-key",
      () => [...bearer(token), ["x-gateway-api-key", "k"]],
      "identity.multiple",
      400,
    ],
    ["in a cookie only", () => [["cookie", `access_token=${token}`]], "identity.missing", 401],
    ["in another header only", () => [["x-token", token]], "identity.missing", 401],
  ])("%s", async (_name, headers, reason, httpStatus) => {
    const { ask } = rig();
    const answer = await ask(headers(), { form });
    expect(answer.reason).toBe(reason);
    expect(answer.reply.denied?.httpStatus).toBe(httpStatus);
  });

  it.each(["access_token", "id_token", "api_key", "Access_Token", "access%5Ftoken"])(
    "in the query as %s, beside a good header too",
    async (name) => {
      const { ask } = rig();
      const path = `/mcp/demo?${name}=${token}`;
      expect((await ask(bearer(token), { path, form })).reason).toBe("identity.token_in_query");
    },
  );
});

it("T23: in the body is no credential", async () => {
  const { handler, records } = rig();
  const body = BODY.replace('"Bern"', `"Bern","access_token":"${token}"`);
  await handler(checkRequest({ body, headers: { "content-type": "application/json" } }), call);
  expect(records).toMatchObject([{ effect: "deny", reason: "identity.missing" }]);
});

describe("T24: the scheme and what follows it", () => {
  it.each<[string, string]>([
    ["Bearer TOKEN", "allowed"],
    ["bearer TOKEN", "allowed"],
    ["BEARER TOKEN", "allowed"],
    ["Bearer  TOKEN", "identity.malformed"],
    ["Bearer TOKEN ", "identity.malformed"],
    [" Bearer TOKEN", "identity.malformed"],
    ["Bearer", "identity.malformed"],
    ["Bearer ", "identity.malformed"],
    ["Bearer TOKEN TOKEN", "identity.malformed"],
    ["Bearer token=TOKEN", "identity.malformed"],
    ["Bearer TOKEN,", "header.duplicate"],
    ["Bearer\tTOKEN", "header.not_utf8"],
    ["BearerTOKEN", "identity.scheme"],
    ["DPoP TOKEN", "identity.scheme"],
    ["TOKEN", "identity.scheme"],
  ])("%j: %s", async (form, reason) => {
    const { ask } = rig();
    expect((await ask([["authorization", form.replaceAll("TOKEN", token)]])).reason).toBe(reason);
  });
});

describe("T25: a forged payload", () => {
  it("leaves none of its claims in record and reply", async () => {
    const { ask } = rig();
    const [header, , signature] = token.split(".");
    const claims = { iss: users.name, aud: users.audience, exp: 1_764_000_060, jti: "canary-jti" };
    const forged = { ...claims, sub: "canary-root", roles: ["canary-admin"], email: "canary@x.y" };
    const payload = Buffer.from(JSON.stringify(forged)).toString("base64url");
    const { reply, record, reason } = await ask(bearer(`${header}.${payload}.${signature}`));
    expect(reason).toBe("identity.signature");
    expect(reply.denied?.httpStatus).toBe(401);
    expect(JSON.stringify([record, reply])).not.toContain("canary");
    expect(record?.principal).toBeUndefined();
  });
});

describe("T26: a subject that would break a line", () => {
  it.each(["a\u0000b", "a\nb", "a\u001b[31mb", "a\u202eb", "x".repeat(5_000)])(
    "%j is in no record",
    async (sub) => {
      const { ask } = rig();
      const { record, reason } = await ask(bearer(await users.sign(userClaims({ sub }))));
      expect(reason).toBe("identity.claims");
      expect(JSON.stringify(record)).not.toContain(JSON.stringify(sub).slice(1, -1));
    },
  );
});

describe("T28: a token that is known, for a decision that is known", () => {
  it.each<[string, (ids: RevocableIds) => boolean]>([
    ["jti", (ids) => ids.tokenId === "j1"],
    ["sub", (ids) => ids.subject === "alice"],
    ["sid", (ids) => ids.sessionId === "s1"],
    ["kid", (ids) => ids.keyId === "k1"],
  ])("is refused as soon as its %s is revoked", async (_name, matches) => {
    const { ask, calls, revoked } = rig();
    expect((await ask(bearer(token))).reason).toBe("allowed");
    calls.length = 0;
    expect((await ask(bearer(token))).reason).toBe("allowed");
    expect(calls).not.toContain("policy");
    revoked.push(matches);
    expect((await ask(bearer(token))).reason).toBe("identity.revoked");
  });
});

describe("T29: an allow that is stored when the clock is set", () => {
  it.each([
    [3_700_000, "identity.expired"],
    [-3_600_000, "identity.not_yet_valid"],
  ])("by %i ms is not given again", async (jumpMs, reason) => {
    const { ask, clock } = rig();
    expect((await ask(bearer(token))).reason).toBe("allowed");
    clock.jumpWall(jumpMs);
    expect((await ask(bearer(token))).reason).toBe(reason);
  });
});
