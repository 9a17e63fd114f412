/** Tokens and key sets: a changed token is never accepted, a key set never brings a private or weak key. */
import { DenyError, UnavailableError } from "../../../src/domain/errors.ts";
import { readCompactToken } from "../../../src/identity/compact-token.ts";
import { admitKeys, KeySetError } from "../../../src/identity/key-admission.ts";
import { createIssuer, type TestIssuer, userClaims } from "../../support/tokens.ts";
import { verifierFor } from "../../support/verifier.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";

let users: Promise<TestIssuer> | undefined;
const issuer = () => {
  users ??= createIssuer();
  return users;
};

const signed = new Set<string>();

export const compactToken: FuzzTarget = {
  name: "token",
  weight: 2,
  seeds: async () => {
    const made = await issuer();
    const tokens = await Promise.all([
      made.sign(userClaims()),
      made.sign(userClaims({ roles: ["admin"], sub: "bob" })),
    ]);
    for (const token of tokens) signed.add(token);
    return tokens.map((token) => Buffer.from(token));
  },
  dictionary: [
    ".",
    "=",
    "-",
    "_",
    "+",
    "/",
    "eyJhbGciOiJub25lIn0",
    "eyJhbGciOiJIUzI1NiJ9",
    " ",
    "\n",
  ],
  run: async (input) => {
    const text = input.toString("latin1");
    try {
      readCompactToken(text);
    } catch (thrown) {
      if (thrown instanceof DenyError) return thrown.reason;
      throw thrown;
    }
    const { verifier } = await shared();
    try {
      await verifier.verify(text);
    } catch (thrown) {
      if (thrown instanceof DenyError || thrown instanceof UnavailableError) return thrown.reason;
      throw thrown;
    }
    requireHolds(signed.has(text), "only what the issuer signed is accepted");
    return "accepted";
  },
};

let verifier: ReturnType<typeof verifierFor> | undefined;
async function shared() {
  verifier ??= verifierFor({ issuer: await issuer() });
  return verifier;
}

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

export const jwks: FuzzTarget = {
  name: "jwks",
  weight: 1,
  seeds: async () => {
    const others = await Promise.all([
      issuer(),
      createIssuer({ algorithm: "RS256", kid: "r1" }),
      createIssuer({ algorithm: "EdDSA", kid: "e1" }),
      createIssuer({ algorithm: "ES384", kid: "e2" }),
    ]);
    const keys = others.map(({ publicJwk }) => publicJwk);
    return [...keys.map((key) => ({ keys: [key] })), { keys }].map((set) =>
      Buffer.from(JSON.stringify(set)),
    );
  },
  dictionary: [
    '"d":"AA"',
    '"kty":"oct"',
    '"use":"enc"',
    '"alg":"none"',
    '"kid"',
    '"e":"AQ"',
    '"keys"',
    "[]",
  ],
  run: (input) => {
    let set: ReturnType<typeof admitKeys>;
    try {
      set = admitKeys(input);
    } catch (thrown) {
      if (thrown instanceof KeySetError) return thrown.message;
      throw thrown;
    }
    const { keys } = JSON.parse(input.toString()) as { keys: Record<string, unknown>[] };
    const isClean = (jwk: Record<string, unknown>) => !PRIVATE.some((name) => name in jwk);
    requireHolds(set.keys.length <= keys.filter(isClean).length, "no private key is admitted");
    for (const { key } of set.keys) {
      requireHolds(key.type === "public", "only public keys");
      const { modulusLength } = key.asymmetricKeyDetails ?? {};
      requireHolds(modulusLength === undefined || modulusLength >= 2_048, "no short modulus");
    }
    return `accepted ${set.keys.length} ${set.dropped.join()}`;
  },
};
