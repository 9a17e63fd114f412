/**
 * Which keys of a JWK Set (RFC 7517) may verify tokens. A document that breaks a rule of its own is
 * refused whole; a key that breaks one is dropped.
 *
 * @module
 */
import { createPublicKey, hash, type KeyObject } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { lazyObject } from "../json/json-node.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";
import type { TokenAlgorithm } from "./config.ts";
import { hasRocaFingerprint } from "./roca.ts";

export const KEY_SET_BYTES_MAX = 262_144;
const KEYS_MAX = 64;
const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 8_192;
const RSA_EXPONENT_MAX = 2n ** 32n;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;
const KEY_ID = /^[A-Za-z0-9_.:=+/-]{1,128}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const NO_LEVEL = protocolLevel({});

export interface AdmittedKey {
  readonly keyId: string | undefined;
  /** RFC 7638, over the required members. */
  readonly thumbprint: string;
  readonly key: KeyObject;
  readonly algorithms: ReadonlySet<TokenAlgorithm>;
  /** Length every signature of this key has. */
  readonly signatureBytes: number;
}

/** Rules that drop a key; a metric label. */
export const KEY_RULES = [
  "private_key",
  "use",
  "key_ops",
  "kid_invalid",
  "kid_repeated",
  "key_type",
  "encoding",
  "coordinate",
  "import",
  "alg",
  "rsa_size",
  "rsa_exponent",
  "rsa_modulus",
  "roca",
] as const;
export type KeyRule = (typeof KEY_RULES)[number];
/** Somebody must act: a secret was published, or a key can be computed. */
export const ALARMING_RULES: ReadonlySet<KeyRule> = new Set(["private_key", "roca"]);

export interface KeySet {
  readonly keys: readonly AdmittedKey[];
  readonly thumbprints: ReadonlySet<string>;
  /** The rule of each dropped key. */
  readonly dropped: readonly KeyRule[];
  /** Every `kid` of the document, of dropped keys too. */
  readonly mentionedIds: ReadonlySet<string>;
  /** Left the set a moment ago: found by their ids only. */
  readonly lingering?: readonly AdmittedKey[];
}

/** Why a reply is no key set; a metric label. */
export type KeySetFault = "status" | "content_type" | "document";

/** A document that can not replace the last good one; the message has no content of it. */
export class KeySetError extends Error {
  override readonly name = "KeySetError";
  readonly fault: KeySetFault;
  /** The rule of each key of the document, when none was left. */
  readonly dropped: readonly KeyRule[];

  constructor(message: string, fault: KeySetFault = "document", dropped: readonly KeyRule[] = []) {
    super(message);
    this.fault = fault;
    this.dropped = dropped;
  }
}

/** @throws {KeySetError} */
export function admitKeys(bytes: Uint8Array): KeySet {
  const entries = readDocument(bytes);
  const ids = new Map<string, number>();
  for (const { kid } of entries) if (typeof kid === "string") ids.set(kid, (ids.get(kid) ?? 0) + 1);
  const keys: AdmittedKey[] = [];
  const dropped: KeyRule[] = [];
  for (const entry of entries) {
    const isShared = typeof entry["kid"] === "string" && (ids.get(entry["kid"]) ?? 0) > 1;
    const admitted = isShared ? "kid_repeated" : admit(entry);
    if (typeof admitted === "string") dropped.push(admitted);
    else keys.push(admitted);
  }
  if (keys.length === 0) {
    const rules = [...new Set(dropped)].join(", ") || "empty set";
    throw new KeySetError(`no key can be used (${rules})`, "document", dropped);
  }
  return {
    keys,
    thumbprints: new Set(keys.map((key) => key.thumbprint)),
    dropped,
    mentionedIds: new Set(ids.keys()),
  };
}

function readDocument(bytes: Uint8Array): readonly JsonObject[] {
  if (bytes.length > KEY_SET_BYTES_MAX) throw new KeySetError("above 256 KiB");
  let document: JsonObject;
  try {
    const node = readStrictJson(bytes, NO_LEVEL);
    document = node.kind === "object" ? lazyObject(node).value() : {};
  } catch {
    throw new KeySetError("not strict JSON");
  }
  const keys = document["keys"];
  if (!Array.isArray(keys) || !keys.every(isJsonObject)) throw new KeySetError("no array of keys");
  if (keys.length > KEYS_MAX) throw new KeySetError(`above ${KEYS_MAX} keys`);
  return keys;
}

/** The key, or the rule that drops it. */
function admit(entry: JsonObject): AdmittedKey | KeyRule {
  if (PRIVATE_MEMBERS.some((name) => name in entry) || entry["kty"] === "oct") return "private_key";
  if (entry["use"] !== undefined && entry["use"] !== "sig") return "use";
  const operations = entry["key_ops"];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return "key_ops";
  }
  const keyId = entry["kid"];
  if (keyId === undefined || (typeof keyId === "string" && KEY_ID.test(keyId))) {
    return admitMaterial(entry, keyId);
  }
  return "kid_invalid";
}

function admitMaterial(entry: JsonObject, keyId: string | undefined): AdmittedKey | KeyRule {
  const kind = kindOf(entry);
  if (typeof kind === "string") return kind;
  const shape = shapeProblem(entry, kind);
  if (shape !== undefined) return shape;
  const key = importKey(entry);
  if (key === undefined) return "import";
  const algorithms = pinned(kind.algorithms, entry["alg"]);
  if (algorithms.size === 0) return "alg";
  const strength = kind.type === "RSA" ? rsaProblem(key, entry["n"]) : undefined;
  if (strength !== undefined) return strength;
  return {
    keyId,
    thumbprint: thumbprint(entry, kind.members),
    key,
    algorithms,
    signatureBytes:
      kind.signatureBytes ?? Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8),
  };
}

interface Kind {
  readonly type: "RSA" | "EC" | "OKP";
  readonly algorithms: readonly TokenAlgorithm[];
  /** Undefined = the modulus decides. */
  readonly signatureBytes: number | undefined;
  /** Required members in lexical order. */
  readonly members: readonly string[];
  /** Bytes of a coordinate (RFC 7518 section 6.2.1.2); undefined for a modulus. */
  readonly coordinateBytes: number | undefined;
}

const RSA: Kind = {
  type: "RSA",
  algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  signatureBytes: undefined,
  members: ["e", "kty", "n"],
  coordinateBytes: undefined,
};
const EC = { type: "EC", members: ["crv", "kty", "x", "y"] } as const;
const CURVES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["EC P-256", { ...EC, algorithms: ["ES256"], signatureBytes: 64, coordinateBytes: 32 }],
  ["EC P-384", { ...EC, algorithms: ["ES384"], signatureBytes: 96, coordinateBytes: 48 }],
  [
    "OKP Ed25519",
    {
      type: "OKP",
      algorithms: ["EdDSA", "Ed25519"],
      signatureBytes: 64,
      members: ["crv", "kty", "x"],
      coordinateBytes: 32,
    },
  ],
]);

function kindOf(entry: JsonObject): Kind | KeyRule {
  const { kty, crv } = entry as { kty?: unknown; crv?: unknown };
  if (kty === "RSA") return RSA;
  const name = typeof kty === "string" && typeof crv === "string" ? `${kty} ${crv}` : "";
  return CURVES.get(name) ?? "key_type";
}

/** What OpenSSL is lenient about: other spellings, short coordinates, an even modulus. */
function shapeProblem(entry: JsonObject, kind: Kind): KeyRule | undefined {
  for (const name of kind.members) {
    if (name === "crv" || name === "kty") continue;
    const value = entry[name];
    if (typeof value !== "string" || !BASE64URL.test(value)) return "encoding";
    const bytes = Buffer.from(value, "base64url");
    if (kind.coordinateBytes !== undefined && bytes.length !== kind.coordinateBytes) {
      return "coordinate";
    }
    if (name === "n" && (bytes.at(-1) ?? 0) % 2 === 0) return "rsa_modulus";
  }
  return undefined;
}

/** OpenSSL checks that the point is on its curve. */
function importKey(entry: JsonObject): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...entry } as never, format: "jwk" });
  } catch {
    return undefined;
  }
}

function pinned(algorithms: readonly TokenAlgorithm[], alg: unknown): ReadonlySet<TokenAlgorithm> {
  return new Set(alg === undefined ? algorithms : algorithms.filter((name) => name === alg));
}

function rsaProblem(key: KeyObject, modulus: Json | undefined): KeyRule | undefined {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < RSA_BITS_MIN || modulusLength > RSA_BITS_MAX) return "rsa_size";
  const isFine =
    publicExponent >= 3n && publicExponent <= RSA_EXPONENT_MAX && publicExponent % 2n === 1n;
  if (!isFine) return "rsa_exponent";
  return hasRocaFingerprint(Buffer.from(String(modulus), "base64url")) ? "roca" : undefined;
}

function thumbprint(entry: JsonObject, members: readonly string[]): string {
  const text = JSON.stringify(Object.fromEntries(members.map((name) => [name, entry[name]])));
  return hash("sha256", text, "base64url");
}
