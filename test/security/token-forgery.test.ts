/** Forged tokens: no trick with algorithm, key or signature makes a token count, or the service call out. */
import { createHmac, createPublicKey, type JsonWebKey } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { base64url, createIssuer, type TestIssuer, userClaims } from "../support/tokens.ts";
import { keySet, reasonOf, verifierFor } from "../support/verifier.ts";

let users: TestIssuer;
let rsaUsers: TestIssuer;
beforeAll(async () => {
  users = await createIssuer();
  rsaUsers = await createIssuer({ algorithm: "RS256" });
});

const payloadOf = (issuer: TestIssuer, change: object = {}) =>
  JSON.stringify({
    iss: issuer.name,
    aud: issuer.audience,
    iat: 1_764_000_000,
    exp: 1_764_003_600,
    ...userClaims(),
    ...change,
  });
const headerOf = (change: object = {}) => JSON.stringify({ alg: "ES256", kid: "k1", ...change });

async function attack(token: string, issuer = users): Promise<string> {
  const { verifier, verify } = verifierFor({ issuer });
  const reason = await reasonOf(verify(token));
  expect(verifier.known(token)).toBeUndefined();
  return reason;
}

it("accepts the tokens that the attacks start from", async () => {
  for (const [issuer, alg] of [
    [users, "ES256"],
    [rsaUsers, "RS256"],
  ] as const) {
    const { verify } = verifierFor({ issuer });
    const token = issuer.signTexts(headerOf({ alg }), payloadOf(issuer));
    expect(await reasonOf(verify(token))).toContain("accepted");
  }
});

describe("T1: algorithm none", () => {
  const spellings = ["none", "None", "NONE", "nOnE", "", "null", "es256", "ES256 "];
  const others: readonly unknown[] = [undefined, null, ["none"], ["ES256"], 7, {}, true];
  it.each([...spellings, ...others].map((alg) => ({ alg })))("%j", async ({ alg }) => {
    const header = headerOf({ alg });
    expect(await attack(users.signTexts(header, payloadOf(users)))).toBe("identity.alg_refused");
    const unsigned = `${base64url(header)}.${base64url(payloadOf(users))}.`;
    expect(await attack(unsigned)).toBe("identity.malformed");
  });
});

describe("T2: the public key as a secret", () => {
  const secrets: [string, (jwk: JsonWebKey) => string | Buffer][] = [
    ["PEM", (jwk) => publicKey(jwk).export({ type: "spki", format: "pem" })],
    ["DER", (jwk) => publicKey(jwk).export({ type: "spki", format: "der" })],
    ["JWK", (jwk) => JSON.stringify(jwk)],
    ["modulus", (jwk) => Buffer.from(jwk.n ?? "", "base64url")],
  ];
  const publicKey = (key: JsonWebKey) => createPublicKey({ key, format: "jwk" });
  it.each(secrets)("%s", async (_name, secretOf) => {
    for (const bits of ["256", "384", "512"]) {
      const header = headerOf({ alg: `HS${bits}` });
      const input = `${base64url(header)}.${base64url(payloadOf(rsaUsers))}`;
      const mac = createHmac(`sha${bits}`, secretOf(rsaUsers.publicJwk as JsonWebKey));
      const token = `${input}.${mac.update(input).digest("base64url")}`;
      expect(await attack(token, rsaUsers)).toBe("identity.alg_refused");
    }
  });
});

describe("T3, T4, T11, T13: the header says where to look", () => {
  it.each<[string, unknown]>([
    ["jwk", { kty: "EC" }],
    ["x5c", ["AAAA"]],
    ["jku", "https://attacker.example/jwks"],
    ["jku", "https://idp.example@attacker.example/jwks"],
    ["x5u", "http://127.0.0.1/cert"],
    ["crit", ["exp"]],
    ["crit", ["unknown"]],
    ["crit", []],
    ["b64", false],
    ["b64", true],
    ["cty", "JWT"],
    ["zip", "DEF"],
    ["enc", "A256GCM"],
    ["epk", {}],
    ["p2c", 2_147_483_647],
    ["p2s", "AAAA"],
    ["apu", "AAAA"],
    ["apv", null],
  ])("%s %j", async (name, value) => {
    const stranger = await createIssuer();
    const content = name === "jwk" ? stranger.publicJwk : value;
    const { verify, missed } = verifierFor({ issuer: users });
    for (const signer of [stranger, users]) {
      const token = signer.signTexts(headerOf({ [name]: content }), payloadOf(users));
      expect(await reasonOf(verify(token))).toBe("identity.header_param");
    }
    expect(missed()).toBe(0);
  });
});

describe("T5, T6: the signature", () => {
  const parts = () => users.signTexts(headerOf(), payloadOf(users)).split(".");
  const withSignature = (bytes: Uint8Array) =>
    `${parts().slice(0, 2).join(".")}.${base64url(bytes)}`;
  const order = Buffer.from(
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "hex",
  );

  it.each<[string, () => Uint8Array, string]>([
    ["zero", () => new Uint8Array(64), "identity.malformed"],
    ["r = 0", () => Buffer.concat([Buffer.alloc(32), Buffer.alloc(32, 1)]), "identity.malformed"],
    ["s = 0", () => Buffer.concat([Buffer.alloc(32, 1), Buffer.alloc(32)]), "identity.malformed"],
    ["r = s = n", () => Buffer.concat([order, order]), "identity.signature"],
    ["ones", () => Buffer.alloc(64, 0xff), "identity.signature"],
    ["one byte", () => Buffer.alloc(1, 1), "identity.malformed"],
    ["null", () => Buffer.from("null"), "identity.malformed"],
    [
      "DER",
      () => Buffer.concat([Buffer.from("30450220", "hex"), Buffer.alloc(67, 1)]),
      "identity.malformed",
    ],
  ])("%s", async (_name, bytes, reason) => {
    expect(await attack(withSignature(bytes()))).toBe(reason);
  });

  it.each([0, 31, 32, 63])("with bit 0 of byte %i flipped", async (at) => {
    const [header = "", payload = "", signature = ""] = parts();
    const bytes = Buffer.from(signature, "base64url");
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(await attack(`${header}.${payload}.${base64url(bytes)}`)).toBe("identity.signature");
    const cut = base64url(bytes.subarray(0, 63));
    expect(await attack(`${header}.${payload}.${cut}`)).toBe("identity.malformed");
  });

  it("of another token (T25)", async () => {
    const [header = "", , signature = ""] = parts();
    const forged = base64url(payloadOf(users, { roles: ["admin"] }));
    expect(await attack(`${header}.${forged}.${signature}`)).toBe("identity.signature");
  });
});

describe("T8: kid", () => {
  it.each([
    ["", "identity.malformed"],
    [" ", "identity.malformed"],
    ["\u0000", "identity.malformed"],
    ["k1\u0000", "identity.malformed"],
    ["k1'; drop table keys; --", "identity.malformed"],
    ["$(id)", "identity.malformed"],
    ["k".repeat(129), "identity.malformed"],
    [7, "identity.malformed"],
    [null, "identity.malformed"],
    [["k1"], "identity.malformed"],
    ["../../k1", "identity.key_unknown"],
    ["/dev/null", "identity.key_unknown"],
    ["__proto__", "identity.key_unknown"],
    ["constructor", "identity.key_unknown"],
    ["K1", "identity.key_unknown"],
  ])("%j", async (kid, reason) => {
    const { verify, missed } = verifierFor({ issuer: users });
    const token = users.signTexts(headerOf({ kid }), payloadOf(users));
    expect(await reasonOf(verify(token))).toBe(reason);
    expect(missed()).toBe(reason === "identity.key_unknown" ? 1 : 0);
  });

  it("of 10 kB", async () => {
    const token = users.signTexts(headerOf({ kid: "k".repeat(10_000) }), payloadOf(users));
    expect(await attack(token)).toBe("identity.malformed");
  });
});

describe("T9: another algorithm than the key's", () => {
  const algorithms = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
    "Ed25519",
  ];
  it.each(["RS256", "PS256", "ES256", "ES384", "EdDSA"] as const)("%s", async (own) => {
    const issuer = await createIssuer({ algorithm: own });
    const same = own === "EdDSA" ? ["EdDSA", "Ed25519"] : [own];
    for (const alg of algorithms) {
      if (same.includes(alg)) continue;
      const token = issuer.signTexts(headerOf({ alg }), payloadOf(issuer));
      expect([alg, await attack(token, issuer)]).toEqual([alg, "identity.alg_refused"]);
    }
  });

  it("of one family on a key without alg", async () => {
    const { alg: _alg, ...unpinned } = rsaUsers.publicJwk;
    const { verify, sets } = verifierFor({ issuer: rsaUsers });
    sets.set(rsaUsers.name, keySet({ keys: [unpinned] }));
    const token = rsaUsers.signTexts(headerOf({ alg: "PS256" }), payloadOf(rsaUsers));
    expect(await reasonOf(verify(token))).toBe("identity.signature");
  });
});

it("T9: an algorithm that the key could do but the issuer does not list", async () => {
  const issuer = await createIssuer({ algorithm: "PS256" });
  const change = { algorithms: new Set(["RS256"] as const) };
  const { verify, sets } = verifierFor({ issuer, change });
  const { alg: _alg, ...unpinned } = issuer.publicJwk;
  sets.set(issuer.name, keySet({ keys: [unpinned] }));
  const token = issuer.signTexts(headerOf({ alg: "PS256" }), payloadOf(issuer));
  expect(await reasonOf(verify(token))).toBe("identity.alg_refused");
});

it("T19: a key of issuer B does not sign for issuer A, whatever its kid", async () => {
  const other = await createIssuer({ issuer: "https://other.example" });
  const { verify } = verifierFor({ issuer: users }, { issuer: other });
  const token = other.signTexts(headerOf(), payloadOf(users));
  expect(await reasonOf(verify(token))).toBe("identity.signature");
});

it("T20: a dropped key verifies nothing", async () => {
  const good = await createIssuer({ kid: "k2" });
  const { verify, sets } = verifierFor({ issuer: users });
  const dropped = { ...users.publicJwk, use: "enc" };
  sets.set(users.name, keySet({ keys: [dropped, ...good.jwks().keys] }));
  const token = users.signTexts(headerOf(), payloadOf(users));
  expect(await reasonOf(verify(token))).toBe("identity.key_unknown");
});
