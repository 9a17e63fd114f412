/**
 * Whether a key made the signature of a token. Owns jose.
 *
 * RSA and HMAC are checked by OpenSSL in place: both cost less than handing them to another thread.
 * Curves take several times as long, so jose checks them off the event loop. `npm run bench -- --scenario
 * verify` measures both roads, a differential test holds one against the other.
 *
 * @module
 */
import {
  constants,
  createHmac,
  type KeyObject,
  timingSafeEqual,
  verify as verifyBytes,
} from "node:crypto";
import { compactVerify, errors } from "jose";
import type { TokenAlgorithm } from "./config.ts";
import type { AdmittedKey } from "./key-admission.ts";

export interface SignedToken {
  /** The whole compact token, read strictly before. */
  readonly token: string;
  readonly signature: Uint8Array;
}

type Road = (signed: SignedToken, key: KeyObject) => boolean | Promise<boolean>;

const ROADS: Readonly<Record<TokenAlgorithm, Road>> = {
  RS256: rsa("sha256"),
  RS384: rsa("sha384"),
  RS512: rsa("sha512"),
  PS256: rsaPss("sha256", 32),
  PS384: rsaPss("sha384", 48),
  PS512: rsaPss("sha512", 64),
  HS256: hmac,
  ES256: byJose("ES256"),
  ES384: byJose("ES384"),
  EdDSA: byJose("EdDSA"),
  Ed25519: byJose("Ed25519"),
};

/**
 * The key must be admitted for `algorithm`. Throws or rejects only on a defect. A signature of another
 * length is none: OpenSSL and jose take one by PS* without its leading zeros, a second form of the token.
 */
export function verifySignature(
  algorithm: TokenAlgorithm,
  { key, signatureBytes }: Pick<AdmittedKey, "key" | "signatureBytes">,
  signed: SignedToken,
): boolean | Promise<boolean> {
  return signed.signature.length === signatureBytes && ROADS[algorithm](signed, key);
}

function rsa(digest: string): Road {
  const padding = constants.RSA_PKCS1_PADDING;
  return (signed, key) =>
    verifyBytes(digest, signingInput(signed), { key, padding }, signed.signature);
}

/** The salt is as long as the digest, no other length is read (RFC 7518 section 3.5). */
function rsaPss(digest: string, saltLength: number): Road {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return (signed, key) =>
    verifyBytes(digest, signingInput(signed), { key, padding, saltLength }, signed.signature);
}

function hmac(signed: SignedToken, key: KeyObject): boolean {
  const own = createHmac("sha256", key).update(signingInput(signed)).digest();
  return own.length === signed.signature.length && timingSafeEqual(own, signed.signature);
}

/** jose's own messages may hold the payload: only the code is kept. */
function byJose(algorithm: TokenAlgorithm): Road {
  const options = { algorithms: [algorithm] };
  return async ({ token }, key) => {
    try {
      await compactVerify(token, key, options);
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (error.code === errors.JWSSignatureVerificationFailed.code) return false;
      throw new Error(`jose failed with ${error.code}`);
    }
  };
}

/** Header and payload as they were sent; base64url is ASCII. */
function signingInput({ token }: SignedToken): Buffer {
  return Buffer.from(token.slice(0, token.lastIndexOf(".")), "latin1");
}
