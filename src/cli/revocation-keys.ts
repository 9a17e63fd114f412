/**
 * Keys of the revocation list: made by `revoke init`, read by the writers. The private half stays in a
 * file that only its owner can read.
 *
 * @module
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet } from "../identity/key-admission.ts";
import { type ListSigner, readSigner } from "../identity/revocation-signature.ts";

const PUBLIC_MODE = 0o644;
const KEY_BYTES_MAX = 4_096;

/** False when the private key was there before; it is never overwritten. */
export async function makeKeys(keyFile: string, keysFile: string): Promise<boolean> {
  if (existsSync(keyFile)) return false;
  if (existsSync(keysFile)) {
    throw new ConfigError([
      `${keysFile}: is there without its private key ${keyFile}; name that key, or remove the set`,
    ]);
  }
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { kty, crv, x } = publicKey.export({ format: "jwk" });
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x }));
  const names = { kid: thumbprint.digest("base64url"), alg: "EdDSA", use: "sig" };
  const secret = { ...privateKey.export({ format: "jwk" }), ...names };
  await fileSystem.replace(keyFile, jsonBytes(secret));
  await fileSystem.replace(keysFile, jsonBytes({ keys: [{ kty, crv, x, ...names }] }), PUBLIC_MODE);
  return true;
}

/** @throws {ConfigError} */
export async function readKey(keyFile: string): Promise<ListSigner> {
  try {
    return readSigner(await fileSystem.read(keyFile, KEY_BYTES_MAX));
  } catch (cause) {
    const remedy = "make one with sark-authz revoke init";
    throw new ConfigError([`${keyFile}: is no private key for the revocation list; ${remedy}`], {
      cause,
    });
  }
}

/** @throws {ConfigError} */
export async function readKeys(keysFile: string): Promise<KeySet> {
  try {
    return admitKeys(await fileSystem.read(keysFile, KEY_SET_BYTES_MAX));
  } catch (cause) {
    const remedy = "make one with sark-authz revoke init";
    throw new ConfigError([`${keysFile}: is no set of public keys; ${remedy}`], { cause });
  }
}

function jsonBytes(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}
