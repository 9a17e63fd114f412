/** What `io.jwt.decode_verify` demands of a token, as OPA does: every claim against every demand. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { JWT } from "../../../../src/policy/builtins/jwt.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";
import { jwk, keyPairs, part, pem, token } from "./jwt-samples.ts";

const NAME = "io.jwt.decode_verify";
const PAIRS = keyPairs();

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("holds claims to demands as OPA does", async () => {
  const payloads: readonly string[] = [
    "{}", '{"iss":"a"}', '{"iss":""}', '{"aud":"a"}', '{"aud":""}', '{"aud":["b","a"]}', '{"aud":[]}', '{"aud":[1,"a"]}', '{"aud":1}', '{"aud":{"a":"a"}}', '{"aud":null}', '{"iss":"a","aud":"a"}', '{"iss":"A","aud":["A"]}',
    '{"exp":1795523696}', '{"exp":1795523697}', '{"exp":1795523696.789012345}', '{"exp":1795523696.7890124}', '{"exp":1e400}', '{"exp":"1"}', '{"exp":null}', '{"exp":0}', '{"exp":-1}', '{"exp":1.795523697e9}', '{"exp":1,"nbf":"x"}', '{"exp":"x","nbf":9e9}',
    '{"nbf":1795523696}', '{"nbf":1795523697}', '{"nbf":1795523696.789}', '{"nbf":1795523696.7890124}', '{"nbf":"1"}', '{"nbf":1e400}', '{"nbf":0}', '{"nbf":-1e400}', '{"exp":2,"nbf":1}', '{"iss":"a","exp":1}', '{"aud":"b","exp":"x"}', "[]", '"a"', "{",
  ]; // biome-ignore format: a table
  const demands: readonly object[] = [
    {}, { iss: "a" }, { iss: "" }, { aud: "a" }, { aud: "" }, { iss: "a", aud: "a" }, { time: 0 }, { time: 1500000000 }, { time: num("1.5e9") }, { time: num("1795523697000000000") }, { time: num("1e400") }, { time: -1 }, { time: num("-0") }, { time: "1" }, { time: null },
    { alg: "HS256" }, { alg: "HS384" }, { alg: "" }, { alg: "none" }, { alg: 1 }, { iss: 1 }, { aud: ["a"] }, { aud: null }, { other: 1 }, { Time: 1 },
  ]; // biome-ignore format: a table
  // OPA panics over an `iss` that is no text, and over demands whose names are none.
  const cases = payloads.flatMap((payload) =>
    demands.map(
      (demand): BuiltinCase => [
        NAME,
        token("HS256", "secret", payload),
        { secret: "secret", ...demand },
      ],
    ),
  );
  expect(cases.length).toBeGreaterThan(900);
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("takes keys and algorithms as OPA does", async () => {
  const rsa = PAIRS.rsa;
  const ec = PAIRS.p256;
  const keys: readonly (Value | object)[] = [
    { cert: pem(rsa.publicKey) }, { cert: pem(ec.publicKey) }, { cert: JSON.stringify({ keys: [jwk(rsa.publicKey), jwk(ec.publicKey)] }) }, { cert: JSON.stringify(jwk(rsa.privateKey)) }, { cert: JSON.stringify(jwk(ec.privateKey)) }, { cert: JSON.stringify(jwk(PAIRS.ed25519.privateKey)) },
    { cert: JSON.stringify({ keys: [] }) }, { cert: JSON.stringify({ kty: "oct", k: part("secret") }) }, { cert: JSON.stringify({ kty: "oct", k: part("secret"), alg: "HS512" }) }, { cert: "" }, { cert: "secret" }, { cert: 1 }, { cert: null }, { secret: "secret" }, { secret: "" }, { secret: 1 }, { secret: "other" },
    { cert: pem(rsa.publicKey), secret: "secret" }, { cert: pem(rsa.publicKey), secret: "" }, { cert: "x", secret: "secret" }, {}, [], set(), "secret", null,
  ]; // biome-ignore format: a table
  const signed = [
    ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) => token(alg, rsa.privateKey, {})),
    ...["ES256", "ES384", "ES512"].map((alg) => token(alg, ec.privateKey, {})),
    ...["HS256", "HS384", "HS512"].map((alg) => token(alg, "secret", {})),
    token("EdDSA", PAIRS.ed25519.privateKey, {}), token("EdDSA", PAIRS.ed25519.privateKey, {}, { alg: "Ed25519" }), token("HS256", "secret", {}, { alg: "none" }), token("HS256", "secret", {}, { alg: "RS256" }), token("RS256", rsa.privateKey, {}, { alg: "PS256" }), token("HS256", "secret", {}, { alg: "hs256" }), token("HS256", "secret", {}, {}), "x",
  ]; // biome-ignore format: a table
  const cases = signed.flatMap((text) =>
    keys.map((key): BuiltinCase => [NAME, text, key as Value]),
  );
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("verifies nested tokens with the same demands as OPA does", async () => {
  const inner = ["secret", "other"].map((key) => token("HS256", key, { iss: "a" }));
  const texts = [...inner, `"${inner[0]}"`, "x", ""].flatMap((payload) =>
    ["JWT", "jwt", "Jwt", "JOSE"].flatMap((cty) =>
      ["secret", "other"].map((key) => token("HS256", key, payload, { alg: "HS256", cty })),
    ),
  );
  const demands: readonly Value[] = [{ secret: "secret" }, { secret: "secret", iss: "a" }, { secret: "secret", iss: "b" }, { secret: "secret", alg: "HS384" }]; // biome-ignore format: a table
  const cases = texts.flatMap((text) => demands.map((demand): BuiltinCase => [NAME, text, demand]));
  expect(await differencesFromOpa(oracle, JWT, cases)).toEqual([]);
});

it("answers true with the documents, and false without them", () => {
  const text = token("HS256", "secret", '{"iss":"a","exp":1795523697}');
  const call = (demand: object) =>
    JWT[NAME]?.(caseContext(), text, { secret: "secret", ...demand });
  const accepted = [true, { alg: "HS256" }, { iss: "a", exp: 1795523697 }];
  expect(call({})).toEqual(accepted);
  expect(call({ time: num("1795523697000000000") })).toEqual([false, {}, {}]);
  expect(call({ iss: "b" })).toEqual([false, {}, {}]);
  expect(call({ other: 1 })).toBeUndefined();
  expect(JWT[NAME]?.(caseContext(), text, obj([1, 2]))).toBeUndefined();
  const noText = token("HS256", "secret", { iss: 1 });
  expect(JWT[NAME]?.(caseContext(), noText, { secret: "secret", iss: "1" })).toBeUndefined();
});
