/** Attacks on tokens through a real Envoy: refused with a challenge, recorded, never forwarded. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, type Gateway, lacksEnvoy, startGateway, toolCall } from "../support/gateway.ts";

const PATH = "/mcp/demo";
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decoded = (segment = "") => JSON.parse(Buffer.from(segment, "base64url").toString());

interface Attack {
  readonly title: string;
  /** From a token that is accepted. */
  readonly token: (good: string, gateway: Gateway) => string | Promise<string>;
  readonly reason: string;
}

/** A token of the issuer's own with other claims: its signature is right. */
const signed =
  (claims: Record<string, unknown>, expiresInS = 3_600) =>
  (_good: string, { credentials }: Gateway) =>
    credentials.user("alice", ["developer"], { claims, expiresInS });

/** Another header over the same payload, signed by a key of the attacker's. */
function forged(good: string, header: Record<string, unknown>): string {
  const input = `${encoded({ ...decoded(good.split(".")[0]), ...header })}.${good.split(".")[1]}`;
  const signature = sign("sha256", Buffer.from(input), {
    key: attacker.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}

const attacker = generateKeyPairSync("ec", { namedCurve: "P-256" });
const HOUR_S = 3_600;
const soon = () => Math.floor(Date.now() / 1_000) + HOUR_S;

const ATTACKS: readonly Attack[] = [
  {
    title: "T1: algorithm none",
    token: (good) => `${encoded({ alg: "none" })}.${good.split(".")[1]}.${good.split(".")[2]}`,
    reason: "identity.alg_refused",
  },
  {
    title: "T2: the public key as a secret",
    token: (good, { credentials }) => {
      const [jwk] = JSON.parse(readFileSync(credentials.usersJwksFile, "utf8")).keys;
      const secret = createPublicKey({ key: jwk, format: "jwk" }).export({
        type: "spki",
        format: "pem",
      });
      const input = `${encoded({ alg: "HS256", kid: jwk.kid })}.${good.split(".")[1]}`;
      return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
    },
    reason: "identity.alg_refused",
  },
  {
    title: "T3: a key in the header",
    token: (good) => forged(good, { jwk: attacker.publicKey.export({ format: "jwk" }) }),
    reason: "identity.header_param",
  },
  {
    title: "T4: an address of keys in the header",
    token: (good) => forged(good, { jku: "https://127.0.0.1/keys" }),
    reason: "identity.header_param",
  },
  {
    title: "T5: one bit of the signature",
    token: (good) => flipped(good, 2),
    reason: "identity.signature",
  },
  {
    title: "T6: a signature of zeros",
    token: (good) => `${good.split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`,
    reason: "identity.malformed",
  },
  {
    title: "T8: a key id that is a path",
    token: (good) => forged(good, { kid: "../../dev/null" }),
    reason: "identity.key_unknown",
  },
  {
    title: "T9: another algorithm of the family",
    token: (good) => forged(good, { alg: "ES384" }),
    reason: "identity.alg_refused",
  },
  { title: "T10: a padded segment", token: (good) => `${good}=`, reason: "identity.malformed" },
  { title: "T11: five segments", token: (good) => `${good}.a.b`, reason: "identity.malformed" },
  {
    title: "T12: a repeated member",
    token: (good) => {
      const [header, payload = "", signature] = good.split(".");
      const text = Buffer.from(payload, "base64url").toString().replace("{", '{"sub":"root-1",');
      return `${header}.${Buffer.from(text).toString("base64url")}.${signature}`;
    },
    reason: "identity.malformed",
  },
  {
    title: "T13: a critical extension",
    token: (good) => forged(good, { crit: ["exp"], exp: soon() }),
    reason: "identity.header_param",
  },
  { title: "T14: an expired token", token: signed({}, -HOUR_S), reason: "identity.expired" },
  {
    title: "T15: a token of tomorrow",
    token: signed({ nbf: soon() }),
    reason: "identity.not_yet_valid",
  },
  {
    title: "T16: another audience",
    token: signed({ aud: "https://gateway.example/mcp/demo/" }),
    reason: "identity.audience",
  },
  {
    title: "T17: a similar issuer",
    token: (good) => {
      const [header, payload, signature] = good.split(".");
      return `${header}.${encoded({ ...decoded(payload), iss: "https://idp.example/" })}.${signature}`;
    },
    reason: "identity.issuer_unknown",
  },
  { title: "T18: a refresh token", token: signed({ type: "refresh" }), reason: "identity.type" },
  { title: "T18: an ID token", token: signed({ nonce: "n" }), reason: "identity.type" },
  {
    title: "T19: an unknown key of the same id",
    token: (good) => forged(good, {}),
    reason: "identity.signature",
  },
  {
    title: "T25: more roles behind the old signature",
    token: (good) => {
      const [header, payload, signature] = good.split(".");
      return `${header}.${encoded({ ...decoded(payload), roles: ["admin"] })}.${signature}`;
    },
    reason: "identity.signature",
  },
  {
    title: "T26: a subject with an escape",
    token: signed({ sub: "a\u001b[31m" }),
    reason: "identity.claims",
  },
  {
    title: "T27: roles as an object",
    token: signed({ roles: { admin: true } }),
    reason: "identity.claims",
  },
  {
    title: "T30: a key-bound token",
    token: signed({ cnf: { jkt: "x" } }),
    reason: "identity.bound_token",
  },
];

/** One bit of a segment changed, still canonical base64url. */
function flipped(token: string, segment: number): string {
  const segments = token.split(".");
  const bytes = Buffer.from(segments[segment] ?? "", "base64url");
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  segments[segment] = bytes.toString("base64url");
  return segments.join(".");
}

describe.skipIf(lacksEnvoy())("attacks on tokens", () => {
  let gateway: Gateway;
  let good: string;
  beforeAll(async () => {
    gateway = await startGateway();
    good = await gateway.credentials.user("alice", ["developer"]);
  });
  afterAll(() => gateway.stop());

  const send = (token: string) =>
    gateway.call({ path: PATH, headers: bearer(token), body: toolCall("get_weather") });

  it("start from a token that is accepted", async () => {
    expect((await send(good)).status).toBe(200);
  });

  it.each(ATTACKS)("$title", async ({ token, reason }) => {
    const before = gateway.upstream.arrived.length;
    const attack = await token(good, gateway);
    const answer = await send(attack);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
    expect(answer.text).not.toContain(attack);
    expect(gateway.upstream.arrived).toHaveLength(before);
    const record = await gateway.sidecar.auditLine(String(answer.headers["x-sark-audit-id"]));
    expect(record.reason_code).toBe(reason);
    expect(record["user_id"]).toBeNull();
  });

  it.each([
    ["T23: a token and a key", [["x-api-key", `sark_gw_${"0".repeat(32)}`]], 400],
    ["T23: a token in a cookie only", undefined, 401],
    ["T24: another scheme", [["authorization", "Basic YWxpY2U6eA=="]], 401],
  ] as const)("%s", async (_title, extra, status) => {
    const isAlone = extra === undefined || extra.some(([name]) => name === "authorization");
    const headers = [
      ["content-type", "application/json"],
      ...(isAlone ? [] : [["authorization", `Bearer ${good}`]]),
      ...(extra ?? [["cookie", `access_token=${good}`]]),
    ] as [string, string][];
    const answer = await gateway.call({ path: PATH, headers, body: toolCall("get_weather") });
    expect(answer.status).toBe(status);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  });
});
