/**
 * Signatures: what this service accepts is what another implementation accepts, for every algorithm and
 * every way a signature can be wrong. jose is the oracle of node:crypto, node:crypto that of jose.
 */
import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  KeyObject,
  sign as signBytes,
  verify as verifyBytes,
  type webcrypto,
} from "node:crypto";
import { compactVerify, exportJWK, generateKeyPair, generateSecret, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { TokenAlgorithm } from "../../src/identity/config.ts";
import { verifySignature } from "../../src/identity/verify-signature.ts";

const RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const;
const CURVES = ["ES256", "ES384", "EdDSA", "Ed25519"] as const;
const ALGORITHMS: readonly TokenAlgorithm[] = [...RSA, ...CURVES, "HS256"];

interface Signed {
  readonly token: string;
  readonly key: KeyObject;
  readonly otherKey: KeyObject;
}
const signed = new Map<TokenAlgorithm, Signed>();

async function make(algorithm: TokenAlgorithm): Promise<Signed> {
  const header = { alg: algorithm, kid: "k1" };
  const jwt = () => new SignJWT({ sub: "alice", roles: ["viewer"] }).setProtectedHeader(header);
  if (algorithm === "HS256") {
    const [secret, other] = await Promise.all([newSecret(), newSecret()]);
    return { token: await jwt().sign(secret), key: secret, otherKey: other };
  }
  const [own, other] = await Promise.all([newPair(algorithm), newPair(algorithm)]);
  return { token: await jwt().sign(own.privateKey), key: own.key, otherKey: other.key };
}

async function newSecret(): Promise<KeyObject> {
  const secret = await generateSecret("HS256", { extractable: true });
  return createSecretKey(KeyObject.from(secret as webcrypto.CryptoKey).export());
}

async function newPair(algorithm: TokenAlgorithm) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, key: createPublicKey({ key: jwk as never, format: "jwk" }) };
}

beforeAll(async () => {
  for (const algorithm of ALGORITHMS) signed.set(algorithm, await make(algorithm));
});

/** The other implementation's word on the same bytes. */
async function oracle(algorithm: TokenAlgorithm, key: KeyObject, token: string): Promise<boolean> {
  if ((CURVES as readonly string[]).includes(algorithm)) return byOpenSsl(algorithm, key, token);
  try {
    await compactVerify(token, key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

function byOpenSsl(algorithm: TokenAlgorithm, key: KeyObject, token: string): boolean {
  const at = token.lastIndexOf(".");
  const digest = algorithm.startsWith("ES") ? `sha${algorithm.slice(2)}` : null;
  const signature = Buffer.from(token.slice(at + 1), "base64url");
  const input = Buffer.from(token.slice(0, at));
  return verifyBytes(digest, input, { key, dsaEncoding: "ieee-p1363" }, signature);
}

function signatureOf(token: string): Buffer {
  return Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");
}

/** Length of every signature by these keys. */
const SIGNATURE_BYTES: Readonly<Record<string, number>> = { ES384: 96, HS256: 32, ES256: 64 };

function bytesOf(algorithm: TokenAlgorithm): number {
  const isRsa = (RSA as readonly string[]).includes(algorithm);
  return isRsa ? 256 : (SIGNATURE_BYTES[algorithm] ?? 64);
}

async function own(algorithm: TokenAlgorithm, key: KeyObject, token: string): Promise<boolean> {
  const signature = signatureOf(token);
  return verifySignature(
    algorithm,
    { key, signatureBytes: bytesOf(algorithm) },
    { token, signature },
  );
}

async function agreed(algorithm: TokenAlgorithm, key: KeyObject, token: string): Promise<boolean> {
  const [mine, others] = await Promise.all([
    own(algorithm, key, token),
    oracle(algorithm, key, token),
  ]);
  expect(mine).toBe(others);
  return mine;
}

function of(algorithm: TokenAlgorithm): Signed {
  const one = signed.get(algorithm);
  if (one === undefined) throw new Error(`nothing was signed with ${algorithm}`);
  return one;
}

/** Every eighth bit of each segment, and the signature cut, prolonged, zeroed and filled. */
function* mutations(token: string): Generator<string> {
  const segments = token.split(".");
  for (const [part, segment] of segments.entries()) {
    const bytes = Buffer.from(segment, "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
      // jose reads `alg` of the header again: a changed header is another question.
      if (part !== 0) yield segments.with(part, copy.toString("base64url")).join(".");
    }
  }
  const signature = Buffer.from(segments[2] ?? "", "base64url");
  for (const other of [
    signature.subarray(1),
    signature.subarray(0, -1),
    Buffer.concat([signature, Buffer.of(0)]),
    Buffer.concat([Buffer.of(0), signature]),
    Buffer.alloc(signature.length),
    Buffer.alloc(signature.length, 0xff),
    Buffer.from(signature).reverse(),
  ]) {
    yield segments.with(2, other.toString("base64url")).join(".");
  }
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  it("accepts what was signed, by the right key only", async () => {
    const { token, key, otherKey } = of(algorithm);
    expect(await agreed(algorithm, key, token)).toBe(true);
    expect(await agreed(algorithm, otherKey, token)).toBe(false);
  });

  it("accepts no mutation, like the other implementation", async () => {
    const { token, key } = of(algorithm);
    for (const mutated of mutations(token)) {
      // Of another length it is refused whatever the other implementation thinks.
      const isWhole = signatureOf(mutated).length === bytesOf(algorithm);
      const isAccepted = isWhole
        ? await agreed(algorithm, key, mutated)
        : await own(algorithm, key, mutated);
      expect(isAccepted).toBe(false);
    }
  });
});

describe.each(RSA)("a signature by %s", (algorithm) => {
  it.each(RSA.filter((name) => name !== algorithm))("is none by %s", async (other) => {
    const { token, key } = of(algorithm);
    expect(await own(other, key, token)).toBe(false);
  });
});

it("T5: takes no signature by PS256 without its leading zero, which other implementations do", async () => {
  const { privateKey, publicKey } = await generateKeyPair("PS256", { extractable: true });
  const key = createPublicKey(KeyObject.from(publicKey).export({ format: "pem", type: "spki" }));
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const options = { key: KeyObject.from(privateKey), padding, saltLength: 32 };
  const input = `${Buffer.from('{"alg":"PS256"}').toString("base64url")}.e30`;
  let signature = signBytes("sha256", Buffer.from(input), options);
  // One of 256 begins with a zero: the salt is drawn anew each time.
  while (signature[0] !== 0) signature = signBytes("sha256", Buffer.from(input), options);
  expect(await own("PS256", key, `${input}.${signature.toString("base64url")}`)).toBe(true);
  const short = `${input}.${signature.subarray(1).toString("base64url")}`;
  expect(await oracle("PS256", key, short)).toBe(true);
  expect(await own("PS256", key, short)).toBe(false);
});

it("reads no other salt length than the digest's", async () => {
  const { privateKey, publicKey } = await generateKeyPair("PS256", { extractable: true });
  const input = "e30.e30";
  const key = createPublicKey(KeyObject.from(publicKey).export({ format: "pem", type: "spki" }));
  for (const [saltLength, isGood] of [
    [32, true],
    [0, false],
    [20, false],
    [64, false],
  ] as const) {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const options = { key: KeyObject.from(privateKey), padding, saltLength };
    const signature = signBytes("sha256", Buffer.from(input), options);
    const token = `${input}.${signature.toString("base64url")}`;
    expect(await own("PS256", key, token)).toBe(isGood);
  }
});

it("compares a MAC of another length without a defect", async () => {
  const { key } = of("HS256");
  const mac = createHmac("sha512", key).update("e30.e30").digest("base64url");
  expect(await own("HS256", key, `e30.e30.${mac}`)).toBe(false);
});
