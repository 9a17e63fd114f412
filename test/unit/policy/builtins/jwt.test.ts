/** Tokens decoded and verified as OPA does: every algorithm with every key, odd headers, odd key texts. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JWT } from "../../../../src/policy/builtins/jwt.ts";
import {
  Budget,
  BudgetExceeded,
  DEFAULT_LIMITS,
} from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { set } from "../../../support/rego-values.ts";
import {
  certificate,
  jwk,
  keyPairs,
  part,
  pem,
  RFC_7515_KEY,
  RFC_7515_TOKEN,
  signature,
  token,
} from "./jwt-samples.ts";

const PAIRS = keyPairs();
const OTHER = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const ALGORITHMS =
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA HS256 HS384 HS512".split(" ");
const VERIFIERS = Object.keys(JWT).filter((name) => name.includes("verify_"));
const KEY_VERIFIERS = VERIFIERS.filter((name) => !name.includes("_hs"));

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const SIGNERS = { RS: PAIRS.rsa, PS: PAIRS.rsa, Ed: PAIRS.ed25519 } as const;
const CURVES = { ES256: PAIRS.p256, ES384: PAIRS.p384, ES512: PAIRS.p521 } as const;

function signerOf(alg: string) {
  const pair =
    CURVES[alg as keyof typeof CURVES] ?? SIGNERS[alg.slice(0, 2) as keyof typeof SIGNERS];
  return pair?.privateKey ?? "secret";
}

const TOKENS = ALGORITHMS.map((alg) => token(alg, signerOf(alg), { sub: alg }));

function set2(...keys: readonly object[]): string {
  return JSON.stringify({ keys });
}

const ALL_PUBLIC = Object.values(PAIRS).map(({ publicKey }) => publicKey);
const GO_PUBLIC = [PAIRS.rsa, PAIRS.p256, PAIRS.p384, PAIRS.p521, PAIRS.ed25519].map(
  (pair) => pair.publicKey,
);

it("verifies every algorithm with every kind of key as OPA does", async () => {
  const keys = [
    ...ALL_PUBLIC.map(pem),
    ...[PAIRS.rsa, PAIRS.p256, PAIRS.p384, PAIRS.p521, PAIRS.ed25519, PAIRS.rsaShort].map((pair) =>
      certificate(pair),
    ),
    ...[...GO_PUBLIC, PAIRS.rsaShort.publicKey, PAIRS.x25519.publicKey].map((key) =>
      JSON.stringify(jwk(key)),
    ),
    ...[PAIRS.rsa, PAIRS.p256, PAIRS.ed25519].map(({ privateKey }) =>
      JSON.stringify(jwk(privateKey)),
    ),
    set2(...GO_PUBLIC.map((key) => jwk(key))),
    set2({ kty: "oct", k: part("secret") }),
    "secret",
  ];
  const cases = VERIFIERS.flatMap((name) =>
    TOKENS.flatMap((text) => keys.map((key): BuiltinCase => [name, text, key])),
  );
  expect(cases.length).toBeGreaterThan(3000);
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("takes the key that is named, and keys of no other algorithm, as OPA does", async () => {
  const p256 = PAIRS.p256.publicKey;
  const other = jwk(OTHER.publicKey);
  const sets = [
    set2(jwk(p256, { kid: "a" })), set2(jwk(p256, { kid: "b" })), set2({ ...other, kid: "a" }, jwk(p256)), set2({ ...other, kid: "a" }, jwk(p256, { kid: "a" })),
    set2(jwk(p256, { alg: "ES256" })), set2(jwk(p256, { alg: "RS256" })), set2(jwk(p256, { alg: "RS256", kid: "a" })), set2(jwk(p256, { alg: "RSA-OAEP" })),
    set2(jwk(p256, { alg: "nonsense" })), set2(jwk(p256, { alg: "" })), set2(jwk(p256, { alg: null })), set2(jwk(p256, { alg: 1 })), set2(), JSON.stringify(jwk(p256, { kid: "a", alg: "ES256" })),
    ...["Ed25519", "Ed448", "ES256K", "none", "dir", "A128KW", "RSA1_5", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "A256GCMKW", "ECDH-ES", "ECDH-ES+A256KW", "PBES2-HS256+A128KW", "PBES2-HS512+A256KW", "A128GCM", "A256CBC-HS512", "HS256", "EdDSA", "es256"].map((alg) => set2(jwk(p256, { alg }))),
  ]; // biome-ignore format: a table
  const headers = [{ alg: "ES256" }, { alg: "ES256", kid: "a" }, { alg: "ES256", kid: "" }, { alg: "RS256", kid: "a" }, { kid: "a" }, {}, { alg: "none" }, { alg: "RS256" }]; // biome-ignore format: a table
  const cases = headers.flatMap((header) =>
    sets.map(
      (keys): BuiltinCase => [
        "io.jwt.verify_es256",
        token("ES256", PAIRS.p256.privateKey, {}, header),
        keys,
      ],
    ),
  );
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("reads keys as OPA does", async () => {
  const rsa = jwk(PAIRS.rsa.publicKey);
  const p256 = jwk(PAIRS.p256.publicKey);
  const p521 = jwk(PAIRS.p521.publicKey);
  const ed = jwk(PAIRS.ed25519.publicKey);
  const privateRsa = jwk(PAIRS.rsa.privateKey);
  const privateEd = jwk(PAIRS.ed25519.privateKey);
  const x = String(p256["x"]);
  const std = (value: unknown) => Buffer.from(String(value), "base64url").toString("base64");
  const bytes = (value: unknown) => Buffer.from(String(value), "base64url");
  const zero = (value: unknown) =>
    Buffer.concat([Buffer.of(0), bytes(value)]).toString("base64url");
  const documents: readonly unknown[] = [
    null, 1, "a", [], [p256], {}, { keys: null }, { keys: {} }, { keys: [null] }, { keys: [1] }, { keys: [p256], more: 1 }, { keys: [p256, {}] }, { keys: [p256, null] }, { keys: [[p256]] }, { ...p256, keys: [] },
    { ...p256, kty: undefined }, { ...p256, kty: null }, { ...p256, kty: 1 }, { ...p256, kty: "ec" }, { ...p256, kty: "RSA" }, { ...p256, crv: undefined }, { ...p256, crv: "P-384" }, { ...p256, crv: "p-256" }, { ...p256, crv: 1 },
    { ...p256, x: undefined }, { ...p256, x: null }, { ...p256, x: "" }, { ...p256, x: 1 }, { ...p256, x: zero(x) }, { ...p256, x: p256["y"] }, { ...p256, x: std(x) }, { ...p256, x: `${x}=` }, { ...p256, x: `${x}==` }, { ...p256, x: `${x}\n` }, { ...p256, x: ` ${x}` }, { ...p256, x: `${x}é` },
    { ...p256, kid: 1 }, { ...p256, kid: null }, { ...p256, use: "sig" }, { ...p256, use: "enc" }, { ...p256, use: "odd" }, { ...p256, use: 1 }, { ...p256, use: null }, { ...p256, key_ops: ["verify"] }, { ...p256, key_ops: ["odd"] }, { ...p256, key_ops: [1] }, { ...p256, key_ops: "verify" }, { ...p256, key_ops: null }, { ...p256, key_ops: [] }, { ...p256, key_ops: [null] },
    { ...p256, x5c: [] }, { ...p256, x5c: null }, { ...p256, x5c: ["AA=="] }, { ...p256, x5c: "AA==" }, { ...p256, x5t: "AA" }, { ...p256, x5t: 1 }, { ...p256, "x5t#S256": null }, { ...p256, "x5t#S256": {} }, { ...p256, x5u: "https://a" }, { ...p256, x5u: [] }, { ...p256, other: { a: 1 } }, { ...p256, d: null }, { ...p256, d: "" }, { ...p256, d: x }, { ...p256, d: "AA" },
    { ...rsa, e: "AQAB" }, { ...rsa, e: "AAEAAQ" }, { ...rsa, e: "AQ" }, { ...rsa, e: "Aw" }, { ...rsa, e: "Ag" }, { ...rsa, e: "AA" }, { ...rsa, e: "" }, { ...rsa, e: undefined }, { ...rsa, e: "f_________8" }, { ...rsa, e: "__________8" }, { ...rsa, e: "AQAAAAAAAAAB" }, { ...rsa, n: zero(rsa["n"]) }, { ...rsa, n: std(rsa["n"]) }, { ...rsa, n: "AA" }, { ...rsa, n: "" }, { ...rsa, n: undefined }, { ...rsa, n: "AQ" }, { ...rsa, n: "Ag" },
    privateRsa, { ...privateRsa, p: undefined }, { ...privateRsa, q: undefined }, { ...privateRsa, dp: undefined, dq: undefined, qi: undefined }, { ...privateRsa, d: "" }, { ...rsa, d: "AA" },
    ed, { ...ed, crv: "X25519" }, { ...ed, crv: "Ed448" }, { ...ed, crv: "P-256" }, { ...ed, crv: undefined }, { ...ed, x: x.slice(0, 40) }, { ...ed, x: zero(ed["x"]) }, privateEd, { ...privateEd, x }, { ...privateEd, d: "AA" }, { ...privateEd, crv: "X25519" }, p521, { ...p521, x: String(p521["x"]).slice(4) },
    { kty: "oct", k: "AA" }, { kty: "oct", k: "" }, { kty: "oct" }, { kty: "oct", k: 1 }, { kty: "oct", k: "AA", d: "AA" }, { kty: "OCT", k: "AA" }, jwk(PAIRS.ed448.publicKey), jwk(PAIRS.secp256k1.publicKey), jwk(PAIRS.x25519.privateKey),
  ]; // biome-ignore format: a table
  const pemText = pem(PAIRS.p256.publicKey);
  const cert = certificate(PAIRS.p256);
  const privatePem = PAIRS.p256.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  const texts: readonly string[] = [
    "", "a", "{", "[]{}", `${JSON.stringify(p256)} `, ` ${JSON.stringify(p256)}`, pemText.trim(), `${pemText}\n`, `${pemText}x`, `\n${pemText}`, `text before\n${pemText}`, `text${pemText}`, pemText + pemText,
    pemText.replaceAll("\n", "\r\n"), pemText.replaceAll("\n", " \n"), pemText.replaceAll("\n", ""), pemText.replaceAll("PUBLIC KEY", "CERTIFICATE"), pemText.replaceAll("PUBLIC KEY", "EC PUBLIC KEY"), pemText.replace("BEGIN PUBLIC KEY", "BEGIN CERTIFICATE"), pemText.replace("END PUBLIC", "END OTHER"), cert.replaceAll("CERTIFICATE", "PUBLIC KEY"),
    pemText.replace("-----END", "----END"), pemText.slice(0, pemText.indexOf("-----END")), pemText.replace(/\n(.{10})/, "\n$1\n"), pemText.replace(/\n(.{10})/, "\n$1 \t"), pemText.replace(/\n(.{10})/, "\n$1!"), pemText.replace(/\n.*\n/, "\n"), `${pemText} `, `${pemText.trim()} \t`, certificate(PAIRS.p256, Buffer.of(0)), cert, privatePem, "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", ...documents.map((document) => JSON.stringify(document) ?? ""), ...documents.map((document) => JSON.stringify({ keys: [document] })),
  ]; // biome-ignore format: a table
  const cases = texts.flatMap((key): BuiltinCase[] =>
    ["ES256", "RS256", "EdDSA"].flatMap((alg): BuiltinCase[] => {
      const text = TOKENS[ALGORITHMS.indexOf(alg)] ?? "";
      return [
        [`io.jwt.verify_${alg.toLowerCase()}`, text, key],
        ["io.jwt.decode_verify", text, { cert: key }],
      ];
    }),
  );
  expect(cases.length).toBeGreaterThan(1000);
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("reads tokens as OPA does", async () => {
  const good = part({ alg: "HS256" });
  const headers: readonly unknown[] = [
    "", "{", "[]", "null", "{}", "{} ", '{"alg":"HS256","alg":1}', { alg: 1 }, { alg: null }, { alg: "" }, { kid: 1 }, { typ: 1 }, { typ: "JWT" }, { typ: "x" }, { enc: "x" }, { enc: null }, { alg: "HS256", crit: ["x"] }, { alg: "HS256", crit: ["x"], x: 1 },
    { alg: "HS256", crit: [] }, { alg: "HS256", crit: "x" }, { alg: "HS256", crit: [1] }, { alg: "HS256", crit: ["alg", 1] }, { alg: "HS256", crit: ["alg", "crit"] }, { alg: "HS256", crit: [1, "x"], x: 1 }, { alg: "HS256", crit: ["x", 1], x: 1 }, { alg: "HS256", b64: false, crit: ["b64"] }, { alg: "none" }, { alg: "hs256" }, { alg: "HS256", big: 1e21 },
  ]; // biome-ignore format: a table
  const payloads = [
    "",
    "{}",
    "[]",
    "null",
    "1",
    "{",
    '{"a":1.50,"a":2}',
    '{"a":9007199254740993}',
    "{} {}",
    '"x"',
    '{"a":"\ud800"}',
  ];
  const shapes = ["", ".", "..", "...", "a", "a.b", "a.b.c", `${good}.${part({})}.`, `${good}.${part({})}.A`, `${good}.${part({})}.AA`, `${good}.${part({})}.AAA=`, `${good}=.${part({})}.AA`, `${good}\n.${part({})}.AA`, `${good}.${part({})}.AA.`, ` ${good}.${part({})}.AA`, `${good}.${part({})}.A+`, `${good}.${part({})}._-`, "é.é.é"]; // biome-ignore format: a table
  const texts: readonly Value[] = [
    ...shapes, ...TOKENS, null, 1, [], {}, set("a"),
    ...headers.map((header) => token("HS256", "secret", {}, header)),
    ...payloads.map((payload) => token("HS256", "secret", payload)),
  ]; // biome-ignore format: a table
  const nested = [token("HS256", "secret", { a: 1 }), `"${token("HS256", "secret", { a: 1 })}"`, `'"${token("HS256", "secret", { a: 1 })}'`, "x", '""', token("HS256", "secret", "[]"), token("HS256", "other", {})].flatMap((inner) =>
    ["JWT", "jwt", "x", ""].map((cty) => token("HS256", "secret", inner, { alg: "HS256", cty })),
  ); // biome-ignore format: a table
  const keys: readonly Value[] = ["secret", "", "other", null, 1];
  const cases = [...texts, ...nested].flatMap((text): BuiltinCase[] => [
    ["io.jwt.decode", text],
    ["io.jwt.decode_verify", text, { secret: "secret" }],
    ["io.jwt.verify_es256", text, pem(PAIRS.p256.publicKey)],
    ...keys.map((key): BuiltinCase => ["io.jwt.verify_hs256", text, key]),
  ]);
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
  const twice = token(
    "HS256",
    "secret",
    token("HS256", "secret", { a: 1 }, { alg: "HS256", cty: "JWT" }),
    { alg: "HS256", cty: "JWT" },
  );
  expect(await differencesFromOpa(oracle, JWT, [["io.jwt.decode", twice]])).toEqual([]);
});

it("takes odd signatures as OPA does", async () => {
  const signed = `${part({ alg: "ES256" })}.${part({})}`;
  const whole = signature("ES256", PAIRS.p256.privateKey, signed);
  const [r, s] = [whole.subarray(0, 32), whole.subarray(32)];
  const zero = Buffer.alloc(1);
  const signatures = [
    whole, whole.subarray(1), Buffer.concat([whole, zero]), Buffer.concat([zero, r, zero, s]), Buffer.concat([zero, whole]), Buffer.concat([s, r]), Buffer.alloc(64), Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(64, 255), Buffer.alloc(400, 7),
    Buffer.concat([Buffer.alloc(200), r, Buffer.alloc(200), s]), Buffer.concat([r, Buffer.alloc(32)]),
  ]; // biome-ignore format: a table
  const texts = signatures.map((bytes) => `${signed}.${bytes.toString("base64url")}`);
  const crossed = token("ES256", PAIRS.p384.privateKey, {});
  const rs = token("RS256", PAIRS.rsa.privateKey, {});
  const es = [...texts, crossed].flatMap((text): BuiltinCase[] =>
    [PAIRS.p256, PAIRS.p384].flatMap(({ publicKey }): BuiltinCase[] => [
      ["io.jwt.verify_es256", text, pem(publicKey)],
      ["io.jwt.decode_verify", text, { cert: pem(publicKey) }],
    ]),
  );
  const rsa = [rs, `${rs}AA`, rs.slice(0, -2), `${rs.slice(0, -4)}AAAA`].flatMap(
    (text): BuiltinCase[] =>
      KEY_VERIFIERS.map((name): BuiltinCase => [name, text, pem(PAIRS.rsa.publicKey)]),
  );
  expect(await differencesFromOpa(oracle, JWT, [...es, ...rsa])).toEqual([]);
});

it("verifies what RFC 7515 signed, and refuses it changed", () => {
  const verify = JWT["io.jwt.verify_es256"];
  const key = JSON.stringify(RFC_7515_KEY);
  expect(verify?.(caseContext(), RFC_7515_TOKEN, key)).toBe(true);
  expect(verify?.(caseContext(), RFC_7515_TOKEN.replace("eyJpc3", "eyJpc4"), key)).toBe(false);
  expect(verify?.(caseContext(), RFC_7515_TOKEN, JSON.stringify(jwk(OTHER.publicKey)))).toBe(false);
});

/** OPA's library reads the first document and leaves the rest. */
it("reads no key with something after it", () => {
  const key = `${JSON.stringify(RFC_7515_KEY)}{}`;
  expect(JWT["io.jwt.verify_es256"]?.(caseContext(), RFC_7515_TOKEN, key)).toBeUndefined();
});

it("never takes a public key for a secret", () => {
  for (const key of [
    pem(PAIRS.rsa.publicKey),
    certificate(PAIRS.rsa),
    set2(jwk(PAIRS.rsa.publicKey)),
  ]) {
    const forged = token("HS256", key, { admin: true });
    expect(JWT["io.jwt.decode_verify"]?.(caseContext(), forged, { cert: key })).toEqual([
      false,
      {},
      {},
    ]);
    expect(JWT["io.jwt.verify_rs256"]?.(caseContext(), forged, key)).toBe(false);
  }
});

it("charges keys and signatures before it reads and verifies them", () => {
  const context = (stepsMax: number) => ({
    ...caseContext(),
    budget: new Budget({ ...DEFAULT_LIMITS, stepsMax }),
  });
  const rs = TOKENS[0] ?? "";
  const verify = (steps: number, key: string) =>
    JWT["io.jwt.verify_rs256"]?.(context(steps), rs, key);
  const key = pem(PAIRS.rsa.publicKey);
  expect(verify(4_000, key)).toBe(true);
  expect(() => verify(2_500, key)).toThrow(BudgetExceeded);
  expect(() => verify(100_000, set2(...Array(120).fill(jwk(PAIRS.rsa.publicKey))))).toThrow(
    BudgetExceeded,
  );
  const huge = "a".repeat(5_000_000);
  for (const name of Object.keys(JWT)) {
    const second: Value = name.endsWith("decode_verify") ? { secret: "a" } : huge;
    expect(() => JWT[name]?.(caseContext(), huge, second), name).toThrow(BudgetExceeded);
  }
});
