/**
 * Keys of the revocation list: made by `revoke init`, read by the writers. The private half stays in a
 * file that only its owner can read.
 *
 * @module
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import type { Config } from "../config/schema.ts";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet } from "../identity/key-admission.ts";
import { RevocationListError } from "../identity/revocation-entry.ts";
import {
  type ListSigner,
  openList,
  readSigner,
  signList,
} from "../identity/revocation-signature.ts";

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

/** Before keys are looked for, so that the message names what is wrong first. */
export function requireList({ revocation }: Config): void {
  if (revocation.source !== "none") return;
  throw new ConfigError([
    "revocation.source: is none, so there is no list; set it to file or redis",
  ]);
}

/** What another key signs would be refused by every sidecar, and by the next writer. */
export async function requireReadable({ revocation }: Config, signer: ListSigner): Promise<void> {
  if (revocation.keys_file === null) return;
  const keys = await readKeys(revocation.keys_file);
  try {
    await openList(signList("{}", signer), keys);
  } catch (cause) {
    if (!(cause instanceof RevocationListError)) throw cause;
    const remedy = "name the key that belongs to it, or add the public key there first";
    throw new ConfigError(
      [
        `--key: no sidecar takes lists of this key, because ${revocation.keys_file} lacks its public half; ${remedy}`,
      ],
      { cause },
    );
  }
}

function jsonBytes(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}
