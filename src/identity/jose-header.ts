/**
 * The header of a token: which algorithm and key it names, and everything in it that is refused
 * because it could make the verifier use something else than the issuer's own keys (RFC 7515 section 4.1).
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { JsonObject } from "../domain/json.ts";
import type { TokenAlgorithm } from "./config.ts";
import type { Issuer } from "./issuer.ts";

export interface JoseHeader {
  readonly algorithm: TokenAlgorithm;
  readonly keyId: string | undefined;
}

const KEY_ID = /^[A-Za-z0-9_.:=+/-]{1,128}$/;
const ACCESS_TYPES = new Set(["at+jwt", "application/at+jwt"]);
/** Carry a key, name one elsewhere, change how bytes are read, or belong to encrypted tokens. */
const REFUSED = [
  "jku",
  "jwk",
  "x5u",
  "x5c",
  "crit",
  "cty",
  "b64",
  "enc",
  "zip",
  "epk",
  "p2c",
  "p2s",
  "apu",
  "apv",
] as const;

/** @throws {DenyError} */
export function readJoseHeader(header: JsonObject, issuer: Issuer): JoseHeader {
  for (const name of REFUSED) {
    if (name in header) throw new DenyError("identity.header_param", `header has ${name}`);
  }
  const { alg, kid, typ } = header as { alg?: unknown; kid?: unknown; typ?: unknown };
  if (typeof alg !== "string" || !issuer.algorithms.has(alg as TokenAlgorithm)) {
    throw new DenyError("identity.alg_refused", "the issuer does not list this algorithm");
  }
  if (kid !== undefined && (typeof kid !== "string" || !KEY_ID.test(kid))) {
    throw new DenyError("identity.malformed", "kid");
  }
  requireType(typ, issuer);
  return { algorithm: alg as TokenAlgorithm, keyId: kid };
}

function requireType(typ: unknown, issuer: Issuer): void {
  if (typ === undefined && !issuer.requireAccessTyp) return;
  const name = typeof typ === "string" ? typ.toLowerCase() : "";
  const isAccess = ACCESS_TYPES.has(name);
  if (!isAccess && (issuer.requireAccessTyp || name !== "jwt")) {
    throw new DenyError("identity.type", "typ");
  }
}
