/**
 * Signatures of tokens (RFC 7518, RFC 8037). The algorithm is the caller's choice and must fit the kind
 * of the key: nothing that a token says makes a public key a secret.
 *
 * @module
 */
import {
  constants,
  createHmac,
  type KeyObject,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  verify,
} from "node:crypto";
import type { Budget } from "../plan/values/budget.ts";
import type { VerificationKey } from "./jwk.ts";
import { chargeBytes } from "./operands.ts";

/** OPA has two verifiers that differ in what they let pass. */
export interface Leniency {
  /** Any salt length of PSS, and an ECDSA signature of any length, cut in the middle. */
  readonly takesOddSignatures: boolean;
  /** A private key stands for its public one, and keys may be secrets. */
  readonly takesPrivateKeys: boolean;
}

type Hash = "sha256" | "sha384" | "sha512";
type Family = "hmac" | "rsa" | "pss" | "ecdsa" | "ed25519";

const FAMILIES: Readonly<Record<string, Family>> = {
  HS: "hmac",
  RS: "rsa",
  PS: "pss",
  ES: "ecdsa",
};
/** Node's names of the kinds of keys. */
const KINDS: Readonly<Record<Family, string>> = {
  hmac: "",
  rsa: "rsa",
  pss: "rsa",
  ecdsa: "ec",
  ed25519: "ed25519",
};
const NAME = /^(HS|RS|PS|ES)(256|384|512)$/;

const HMAC_STEPS = 100;
const ECDSA_STEPS = 5_000;
const ED25519_STEPS = 4_000;
/** Of a key with 2,048 bits; the cost grows with the square of the length. */
const RSA_STEPS = 2_000;
const RSA_BITS = 2_048;
/** Go verifies with no shorter key, and with no greater exponent. */
const RSA_BITS_MIN = 1_024;
const RSA_EXPONENT_MAX = 2n ** 31n - 1n;

const CURVE_BYTES: Readonly<Record<string, number>> = {
  secp224r1: 28,
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
};

function familyOf(alg: string): { family: Family; hash: Hash } | undefined {
  if (alg === "EdDSA" || alg === "Ed25519") return { family: "ed25519", hash: "sha512" };
  const [, letters = "", bits = ""] = NAME.exec(alg) ?? [];
  const family = FAMILIES[letters];
  return family === undefined ? undefined : { family, hash: `sha${bits}` as Hash };
}

export function isSignatureOf(
  signed: Buffer,
  signature: Buffer,
  alg: string,
  key: VerificationKey,
  leniency: Leniency,
  budget: Budget,
): boolean {
  const algorithm = familyOf(alg);
  const { material } = key;
  if (algorithm === undefined || material === null) return false;
  if (key.isPrivate && !leniency.takesPrivateKeys) return false;
  chargeBytes(budget, signed.length);
  const { family, hash } = algorithm;
  if (family === "hmac") {
    return material.type === "secret" && isCodeOf(signed, signature, hash, material, budget);
  }
  if (material.type !== "public") return false;
  budget.spend(costOf(material, family));
  try {
    return isVerified(signed, signature, family, hash, material, leniency);
  } catch {
    return false;
  }
}

export function isCodeOf(
  signed: Buffer,
  code: Buffer,
  hash: Hash,
  secret: KeyObject | Buffer,
  budget: Budget,
): boolean {
  budget.spend(HMAC_STEPS);
  const expected = createHmac(hash, secret).update(signed).digest();
  return code.length === expected.length && timingSafeEqual(code, expected);
}

function costOf(key: KeyObject, family: Family): number {
  if (family === "ecdsa") return ECDSA_STEPS;
  if (family === "ed25519") return ED25519_STEPS;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? RSA_BITS;
  return Math.ceil(RSA_STEPS * Math.max(1, (bits / RSA_BITS) ** 2));
}

function isVerified(
  signed: Buffer,
  signature: Buffer,
  family: Family,
  hash: Hash,
  key: KeyObject,
  { takesOddSignatures }: Leniency,
): boolean {
  if (key.asymmetricKeyType !== KINDS[family]) return false;
  switch (family) {
    case "ed25519":
      return verify(null, signed, key, signature);
    case "ecdsa": {
      const length = 2 * (CURVE_BYTES[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? 0);
      if (!takesOddSignatures && signature.length !== length) return false;
      return verify(hash, signed, { key, dsaEncoding: "der" }, derSignature(signature));
    }
    default:
      return (
        isUsableRsa(key) && verify(hash, signed, padded(key, family, takesOddSignatures), signature)
      );
  }
}

function isUsableRsa(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  return modulusLength >= RSA_BITS_MIN && publicExponent <= RSA_EXPONENT_MAX;
}

function padded(key: KeyObject, family: Family, takesAnySalt: boolean): VerifyKeyObjectInput {
  if (family === "rsa") return { key };
  const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO, RSA_PSS_SALTLEN_DIGEST } = constants;
  const saltLength = takesAnySalt ? RSA_PSS_SALTLEN_AUTO : RSA_PSS_SALTLEN_DIGEST;
  return { key, padding: RSA_PKCS1_PSS_PADDING, saltLength };
}

const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;

/** The two halves of a signature as OpenSSL takes them (RFC 3279 section 2.2.3). */
function derSignature(signature: Buffer): Buffer {
  const middle = signature.length >> 1;
  const integers = [signature.subarray(0, middle), signature.subarray(middle)].map((half) => {
    const start = half.findIndex((byte) => byte !== 0);
    const digits = start < 0 ? Buffer.of(0) : half.subarray(start);
    const body = (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Buffer.of(0), digits]);
    return der(DER_INTEGER, body);
  });
  return der(DER_SEQUENCE, Buffer.concat(integers));
}

function der(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), body]);
}
