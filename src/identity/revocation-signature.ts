/**
 * The signature around a revocation list: a compact JWS (RFC 7515 section 7.1) of a type of its own, under
 * keys that sign nothing else. No token can be read as a list, and no list as a token.
 *
 * @module
 */
import { createPrivateKey, type KeyObject, sign, verify } from "node:crypto";
import { isJsonObject } from "../domain/json.ts";
import { REVOCATION_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import { lazyObject } from "../json/json-node.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";
import type { AdmittedKey, KeySet } from "./key-admission.ts";
import { RevocationListError } from "./revocation-entry.ts";

const TYPE = "sark-authz-revocations+jws";
const ALGORITHMS = ["EdDSA", "ES256"] as const;
type ListAlgorithm = (typeof ALGORITHMS)[number];

const HEADER_CHARACTERS_MAX = 512;
const LEVEL = protocolLevel({ alg: null, kid: null, typ: null });

/** A private key and how its public half is named in `keys_file`. */
export interface ListSigner {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly algorithm: ListAlgorithm;
}

/**
 * The bytes that were signed. Rejects with `RevocationListError`: `size`, `form`, `signature`. The work
 * is done beside the event loop.
 */
export async function openList(text: string, keys: KeySet): Promise<Buffer> {
  if (text.length > REVOCATION_TEXT_CHARACTERS_MAX) {
    throw new RevocationListError("size", "the signed list is too large");
  }
  const [header, payload, signature, ...rest] = text.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw bad("not three segments");
  }
  if (header.length > HEADER_CHARACTERS_MAX) throw bad("header");
  const { algorithm, keyId } = readHeader(decode(header));
  const named = keys.keys.filter((key) => key.keyId === keyId && key.algorithms.has(algorithm));
  const [key] = named;
  if (key === undefined || named.length > 1) {
    throw new RevocationListError("signature", "no single key of keys_file fits the list");
  }
  const signatureBytes = decode(signature);
  const content = decode(payload);
  const signed = Buffer.from(text.slice(0, text.length - signature.length - 1), "latin1");
  if (!(await isSigned(signed, key, algorithm, signatureBytes))) {
    throw new RevocationListError("signature", "the signature does not fit the list");
  }
  return content;
}

export function signList(payload: string, signer: ListSigner): string {
  const header = JSON.stringify({ alg: signer.algorithm, kid: signer.keyId, typ: TYPE });
  const signed = `${Buffer.from(header).toString("base64url")}.${Buffer.from(payload).toString("base64url")}`;
  const signature = sign(hashOf(signer.algorithm), Buffer.from(signed), {
    key: signer.key,
    dsaEncoding: "ieee-p1363",
  });
  return `${signed}.${signature.toString("base64url")}`;
}

/** A private JWK with `kid` and `alg`. @throws {RevocationListError} `form` */
export function readSigner(bytes: Uint8Array): ListSigner {
  try {
    const jwk: unknown = lazyObject(readStrictJson(bytes, protocolLevel({}))).value();
    if (!isJsonObject(jwk as never)) throw bad("not an object");
    const { kid, alg } = jwk as { kid?: unknown; alg?: unknown };
    if (typeof kid !== "string" || kid === "" || !isAlgorithm(alg)) throw bad("kid or alg");
    const key = createPrivateKey({ key: { ...(jwk as object) } as never, format: "jwk" });
    const type = alg === "EdDSA" ? "ed25519" : "ec";
    if (key.asymmetricKeyType !== type) throw bad("alg does not fit the key");
    return { key, keyId: kid, algorithm: alg };
  } catch (cause) {
    throw new RevocationListError("form", "no private JWK with kid, and alg EdDSA or ES256", {
      cause,
    });
  }
}

function readHeader(bytes: Buffer): { readonly algorithm: ListAlgorithm; readonly keyId: string } {
  let members: readonly (string | undefined)[];
  try {
    const node = readStrictJson(bytes, LEVEL);
    if (node.hasOtherMembers) throw bad("unknown header parameter");
    members = ["alg", "kid", "typ"].map((name) => node.member(name)?.text);
  } catch (cause) {
    throw new RevocationListError("form", "the header is refused", { cause });
  }
  const [algorithm, keyId, type] = members;
  if (type !== TYPE || keyId === undefined || !isAlgorithm(algorithm)) throw bad("header");
  return { algorithm, keyId };
}

function isAlgorithm(value: unknown): value is ListAlgorithm {
  return ALGORITHMS.includes(value as ListAlgorithm);
}

/** EdDSA hashes by itself. */
function hashOf(algorithm: ListAlgorithm): "sha256" | null {
  return algorithm === "ES256" ? "sha256" : null;
}

function isSigned(
  signed: Buffer,
  { key }: AdmittedKey,
  algorithm: ListAlgorithm,
  signature: Buffer,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { key, dsaEncoding: "ieee-p1363" } as const;
    verify(hashOf(algorithm), signed, options, signature, (error, isValid) => {
      if (error === null) resolve(isValid);
      else reject(error);
    });
  });
}

/** Only the one spelling that encoding gives: no other alphabet, padding, blanks or spare bits. */
function decode(segment: string): Buffer {
  const bytes = Buffer.from(segment, "base64url");
  if (segment === "" || bytes.toString("base64url") !== segment) throw bad("not base64url");
  return bytes;
}

function bad(what: string): RevocationListError {
  return new RevocationListError("form", `the signed list is refused: ${what}`);
}
