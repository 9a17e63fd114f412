/** Revocation lists of a signer made for one test. */
import { generateKeyPairSync } from "node:crypto";
import { admitKeys, type KeySet } from "../../src/identity/key-admission.ts";
import { type ListSigner, signList } from "../../src/identity/revocation-signature.ts";

export interface TestSigner extends ListSigner {
  readonly keys: KeySet;
  readonly jwksBytes: Uint8Array;
}

export function listSigner(algorithm: "EdDSA" | "ES256" = "EdDSA", keyId = "r1"): TestSigner {
  const { privateKey, publicKey } =
    algorithm === "EdDSA"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: algorithm, use: "sig" };
  const jwksBytes = Buffer.from(JSON.stringify({ keys: [jwk] }));
  return { key: privateKey, keyId, algorithm, keys: admitKeys(jwksBytes), jwksBytes };
}

export interface ListContent {
  readonly sequence: number;
  readonly issuedAtMs: number;
  readonly full?: boolean;
  readonly entries?: readonly object[];
}

export function listText({ sequence, issuedAtMs, full = true, entries = [] }: ListContent): string {
  return JSON.stringify({ sequence, issued_at: issuedAtMs / 1_000, full, entries });
}

export function signedList(content: ListContent, signer: ListSigner): string {
  return signList(listText(content), signer);
}
