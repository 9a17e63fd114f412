/** Key admission: a key that could verify what it should not is dropped, a bad document is refused whole. */
import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { admitKeys, KeySetError } from "../../../src/identity/key-admission.ts";
import { rocaKey } from "../../support/roca-key.ts";
import { createIssuer } from "../../support/tokens.ts";

const bytesOf = (document: unknown) => Buffer.from(JSON.stringify(document));
const admit = (...keys: readonly object[]) => admitKeys(bytesOf({ keys }));

let ec: JsonWebKey;
let rsa: JsonWebKey;
let good: JsonWebKey;
beforeAll(async () => {
  ec = (await createIssuer({ algorithm: "ES256", kid: "ec" })).publicJwk as JsonWebKey;
  rsa = (await createIssuer({ algorithm: "RS256", kid: "rsa" })).publicJwk as JsonWebKey;
  good = (await createIssuer({ algorithm: "EdDSA", kid: "good" })).publicJwk as JsonWebKey;
});

function rsaJwk(modulusLength: number, publicExponent = 65_537): JsonWebKey {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength, publicExponent });
  return { ...publicKey.export({ format: "jwk" }), kid: "weak" };
}

describe("an admitted key", () => {
  it("is pinned to the algorithms of its type", () => {
    const { alg: _alg, ...unpinned } = rsa;
    const algorithms = (key: object) => [...(admit(key).keys[0]?.algorithms ?? [])];
    expect(algorithms(unpinned)).toEqual(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
    expect(algorithms({ ...rsa, alg: "PS256" })).toEqual(["PS256"]);
    expect(algorithms({ ...ec, alg: undefined })).toEqual(["ES256"]);
    expect(algorithms({ ...good, alg: undefined })).toEqual(["EdDSA", "Ed25519"]);
  });

  it("knows its signature length and its thumbprint", () => {
    const { keys, thumbprints } = admit(ec, rsa, good);
    expect(keys.map((key) => key.signatureBytes)).toEqual([64, 256, 64]);
    expect([...thumbprints]).toEqual(keys.map((key) => key.thumbprint));
  });

  it("has the thumbprint of RFC 7638", () => {
    // The example of section 3.1 there.
    const n =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    expect(admit({ kty: "RSA", n, e: "AQAB", alg: "RS256" }).keys[0]?.thumbprint).toBe(
      "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    );
  });

  it("may carry a certificate, which is ignored", () => {
    expect(admit({ ...ec, x5c: ["AAAA"], x5u: "https://other.example" }).keys).toHaveLength(1);
  });
});

describe("a dropped key leaves the others in use:", () => {
  it.each<[string, () => object, string]>([
    ["a symmetric key", () => ({ kty: "oct", k: "AAAA", kid: "x" }), "private_key"],
    ["a private key", () => ({ ...ec, d: "AAAA" }), "private_key"],
    ["a private RSA factor", () => ({ ...rsa, p: "AAAA" }), "private_key"],
    ["a key for encryption", () => ({ ...ec, use: "enc" }), "use"],
    ["key_ops without verify", () => ({ ...ec, key_ops: ["encrypt"] }), "key_ops"],
    ["key_ops as text", () => ({ ...ec, key_ops: "verify" }), "key_ops"],
    ["a kid with a blank", () => ({ ...ec, kid: "a b" }), "kid_invalid"],
    ["a kid as number", () => ({ ...ec, kid: 7 }), "kid_invalid"],
    ["RSA of 1024 bits", () => rsaJwk(1_024), "rsa_size"],
    ["RSA with exponent 1", () => ({ ...rsa, e: "AQ" }), "rsa_exponent"],
    ["RSA with an even exponent", () => ({ ...rsa, e: "AQAA" }), "rsa_exponent"],
    ["RSA with an even modulus", () => ({ ...rsa, n: `${rsa.n?.slice(0, -2)}AA` }), "rsa_modulus"],
    ["a point off the curve", () => ({ ...ec, y: ec.x }), "import"],
    ["a short coordinate", () => ({ ...ec, x: ec.x?.slice(0, -4) }), "coordinate"],
    ["a coordinate that is no text", () => ({ ...ec, x: 7 }), "encoding"],
    ["padding in a coordinate", () => ({ ...ec, x: `${ec.x}=` }), "encoding"],
    ["a missing modulus", () => ({ kty: "RSA", e: "AQAB" }), "encoding"],
    ["another curve", () => ({ ...ec, crv: "secp256k1" }), "key_type"],
    ["a curve that is an object", () => ({ ...ec, crv: {} }), "key_type"],
    ["a curve in a list", () => ({ ...ec, crv: ["P-256"] }), "key_type"],
    ["a curve of a prototype", () => ({ ...ec, crv: "__proto__" }), "key_type"],
    ["another type", () => ({ ...ec, kty: "AKP" }), "key_type"],
    ["an algorithm of another type", () => ({ ...ec, alg: "RS256" }), "alg"],
    ["a key of the faulty library (ROCA)", () => rocaKey().publicJwk, "roca"],
    ["an unknown algorithm", () => ({ ...rsa, alg: "RS1" }), "alg"],
    ["X25519", () => ({ ...good, kid: "x", crv: "X25519" }), "key_type"],
  ])("%s", (_name, key, rule) => {
    const set = admit(key(), good);
    expect(set.keys.map(({ keyId }) => keyId)).toEqual(["good"]);
    expect(set.dropped).toEqual([rule]);
  });

  it("both keys of one kid", () => {
    const set = admit(ec, { ...rsa, kid: "ec" }, good);
    expect(set.keys.map(({ keyId }) => keyId)).toEqual(["good"]);
    expect(set.dropped).toEqual(["kid_repeated", "kid_repeated"]);
  });
});

it("takes sound RSA keys for sound", () => {
  for (let time = 0; time < 3; time++) expect(admit(rsaJwk(2_048)).keys).toHaveLength(1);
});

describe("a refused document", () => {
  it.each<[string, () => Uint8Array]>([
    ["empty", () => Buffer.from("")],
    ["HTML", () => Buffer.from("<html></html>")],
    ["no object", () => bytesOf([])],
    ["without keys", () => bytesOf({})],
    ["keys as object", () => bytesOf({ keys: {} })],
    ["keys of texts", () => bytesOf({ keys: ["a"] })],
    ["no keys", () => bytesOf({ keys: [] })],
    ["no usable key", () => bytesOf({ keys: [{ kty: "oct", k: "AAAA" }] })],
    ["65 keys", () => bytesOf({ keys: Array.from({ length: 65 }, () => good) })],
    ["a repeated member", () => Buffer.from(`{"keys":[],"keys":[${JSON.stringify(good)}]}`)],
    ["bytes that are not UTF-8", () => Buffer.concat([bytesOf({ keys: [good] }), Buffer.of(0xff)])],
    ["above 256 KiB", () => bytesOf({ keys: [good], note: "x".repeat(262_144) })],
  ])("%s", (_name, bytes) => {
    expect(() => admitKeys(bytes())).toThrow(KeySetError);
  });
});
