/**
 * JSON Web Keys (RFC 7517) as keys to verify with. What OPA's library refuses is refused, and a key it
 * takes but cannot verify with is kept without material, since it may hide another one of its `kid`.
 *
 * @module
 */
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { base64Bytes } from "./encoding.ts";

export interface VerificationKey {
  readonly alg: string;
  readonly kid: string;
  /** Null for a key of a kind that no algorithm verifies with. */
  readonly material: KeyObject | null;
  readonly isPrivate: boolean;
}

type Jwk = Readonly<Record<string, unknown>>;

/** Of all parameters that may be missing or null, but are nothing else than text. */
const TEXT_NAMES = ["kid", "use", "x5u", "x5t", "x5t#S256"] as const;
const ALGORITHMS: ReadonlySet<string> = new Set(
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 HS256 HS384 HS512 EdDSA".split(" "),
);
/** Known names of algorithms that tokens are not verified with; keys of other names break their set. */
const OTHER_ALGORITHMS: ReadonlySet<string> = new Set(
  `Ed25519 ES256K none RSA1_5 RSA-OAEP RSA-OAEP-256 RSA-OAEP-384 RSA-OAEP-512 A128KW A192KW A256KW dir
  ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW A128GCMKW A192GCMKW A256GCMKW
  PBES2-HS256+A128KW PBES2-HS384+A192KW PBES2-HS512+A256KW
  A128CBC-HS256 A192CBC-HS384 A256CBC-HS512 A128GCM A192GCM A256GCM`.split(/\s+/),
);
const COORDINATE_BYTES: Readonly<Record<string, number>> = {
  "P-256": 32,
  "P-384": 48,
  "P-521": 66,
};
const OCTET_KEY_BYTES = 32;
/** What fits in the integer that OPA's library holds an RSA exponent in. */
const EXPONENT_BITS_MAX = 63;

/** Undefined for what is no key, null for one that is left out of its set. */
export function verificationKey(document: unknown): VerificationKey | null | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const jwk = document as Jwk;
  if (!TEXT_NAMES.every((name) => isTextOrMissing(jwk[name])) || !hasLists(jwk)) return undefined;
  const isPrivate = jwk["d"] !== undefined && jwk["kty"] !== "oct";
  const material = materialOf(jwk, isPrivate);
  if (material === undefined) return undefined;
  const { alg = "", kid } = jwk;
  if (typeof alg !== "string") return undefined;
  if (jwk["alg"] !== undefined && !ALGORITHMS.has(alg)) {
    return OTHER_ALGORITHMS.has(alg) ? null : undefined;
  }
  return { alg, kid: typeof kid === "string" ? kid : "", material, isPrivate };
}

function isTextOrMissing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "string";
}

/** Key operations are texts. Certificates would have to be read as well: a key with some is refused. */
function hasLists({ key_ops: operations, x5c: certificates }: Jwk): boolean {
  if (certificates !== undefined) return Array.isArray(certificates) && certificates.length === 0;
  if (operations === undefined || operations === null) return true;
  return Array.isArray(operations) && operations.every(isTextOrMissing);
}

function materialOf(jwk: Jwk, isPrivate: boolean): KeyObject | null | undefined {
  switch (jwk["kty"]) {
    case "RSA":
      return rsaKey(jwk, isPrivate);
    case "EC":
      return ellipticKey(jwk, isPrivate);
    case "OKP":
      return octetKey(jwk, isPrivate);
    case "oct": {
      const secret = bytesAt(jwk, "k");
      return secret === undefined ? undefined : createSecretKey(secret);
    }
    default:
      return undefined;
  }
}

/** Base64 or base64url, padded or not; undefined for no text and for no bytes. */
function bytesAt(jwk: Jwk, name: string): Buffer | undefined {
  const text = jwk[name];
  if (typeof text !== "string") return undefined;
  const bytes = base64Bytes(text, /[+/]/.test(text) ? "base64" : "base64url", text.endsWith("="));
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}

function publicKey(key: Readonly<Record<string, string>>): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    return undefined;
  }
}

function rsaKey(jwk: Jwk, isPrivate: boolean): KeyObject | null | undefined {
  const n = withoutZeros(bytesAt(jwk, "n"));
  const e = withoutZeros(bytesAt(jwk, "e"));
  if (n === undefined || e === undefined) return undefined;
  if (isPrivate && !["d", "p", "q"].every((name) => bytesAt(jwk, name) !== undefined)) {
    return undefined;
  }
  const exponent = BigInt(`0x${e.toString("hex")}`);
  if (exponent % 2n === 0n || exponent >> BigInt(EXPONENT_BITS_MAX) !== 0n) return undefined;
  return publicKey({ kty: "RSA", n: n.toString("base64url"), e: e.toString("base64url") }) ?? null;
}

function withoutZeros(bytes: Buffer | undefined): Buffer | undefined {
  const start = bytes?.findIndex((byte) => byte !== 0) ?? -1;
  return start < 0 ? undefined : bytes?.subarray(start);
}

function ellipticKey(jwk: Jwk, isPrivate: boolean): KeyObject | undefined {
  const crv = jwk["crv"];
  if (typeof crv !== "string" || !Object.hasOwn(COORDINATE_BYTES, crv)) return undefined;
  const x = bytesAt(jwk, "x");
  const y = bytesAt(jwk, "y");
  const length = COORDINATE_BYTES[crv];
  if (x === undefined || y === undefined) return undefined;
  if (x.length !== length || y.length !== length) return undefined;
  if (isPrivate && bytesAt(jwk, "d")?.length !== length) return undefined;
  return publicKey({ kty: "EC", crv, x: x.toString("base64url"), y: y.toString("base64url") });
}

function octetKey(jwk: Jwk, isPrivate: boolean): KeyObject | null | undefined {
  const crv = jwk["crv"];
  const x = bytesAt(jwk, "x");
  if ((crv !== "Ed25519" && crv !== "X25519") || x?.length !== OCTET_KEY_BYTES) return undefined;
  const points = { kty: "OKP", crv, x: x.toString("base64url") };
  if (isPrivate) {
    const d = bytesAt(jwk, "d");
    if (d?.length !== OCTET_KEY_BYTES) return undefined;
    if (crv === "Ed25519" && !belongsTo({ ...points, d: d.toString("base64url") }))
      return undefined;
  }
  return crv === "X25519" ? null : publicKey(points);
}

/** Whether the private part of a key has this public one. */
function belongsTo(key: {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly d: string;
}): boolean {
  try {
    const derived = createPublicKey(createPrivateKey({ key, format: "jwk" })).export({
      format: "jwk",
    });
    return derived.x === key.x;
  } catch {
    return false;
  }
}
