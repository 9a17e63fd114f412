/**
 * The claims every token must satisfy, whoever it is about (RFC 7519 section 4.1): times, issuer,
 * audience, kind of token. Pure; the signature has been verified before.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Issuer } from "./issuer.ts";

export interface RegisteredClaims {
  readonly expiresAtS: number;
  /** 0 without `nbf`. */
  readonly notBeforeS: number;
  readonly audiences: readonly string[];
  readonly tokenId: string | undefined;
  readonly sessionId: string | undefined;
  /** Undefined without `iat`. */
  readonly issuedAtS: number | undefined;
}

const AUDIENCES_MAX = 16;
const IDENTIFIER_CHARACTERS_MAX = 256;
/** Marks of an ID token (OpenID Connect Core section 2). */
const ID_TOKEN_CLAIMS = ["nonce", "at_hash", "c_hash"] as const;

/** @throws {DenyError} with the reason of the first rule that is broken */
export function readRegisteredClaims(
  payload: JsonObject,
  issuer: Issuer,
  unixMs: number,
  skewS: number,
): RegisteredClaims {
  const nowS = unixMs / 1_000;
  const expiresAtS = wholeSeconds(payload["exp"], "exp");
  if (expiresAtS === undefined || expiresAtS === 0) throw badClaim("exp");
  if (nowS >= expiresAtS + skewS) throw new DenyError("identity.expired", "exp is past");

  const notBeforeS = wholeSeconds(payload["nbf"], "nbf") ?? 0;
  const issuedAtS = wholeSeconds(payload["iat"], "iat");
  if (notBeforeS > nowS + skewS || (issuedAtS ?? 0) > nowS + skewS) {
    throw new DenyError("identity.not_yet_valid", "nbf or iat lies ahead");
  }
  // Without `iat` the age counts from now, else leaving it out would lift the bound.
  if (expiresAtS - (issuedAtS ?? nowS) > issuer.tokenAgeSecondsMax) {
    throw badClaim("exp lies too far ahead");
  }
  requireAccessToken(payload);
  if ("cnf" in payload) throw new DenyError("identity.bound_token", "cnf is not verified here");
  for (const name of ["client_id", "azp"]) identifier(payload[name], name);
  return {
    expiresAtS,
    notBeforeS,
    audiences: audiencesOf(payload["aud"], issuer),
    tokenId: identifier(payload["jti"], "jti"),
    sessionId: identifier(payload["sid"], "sid"),
    issuedAtS,
  };
}

function wholeSeconds(value: Json | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw badClaim(name);
  return value;
}

function requireAccessToken(payload: JsonObject): void {
  for (const name of ["type", "token_use"]) {
    const value = payload[name];
    if (value !== undefined && value !== "access") throw new DenyError("identity.type", name);
  }
  if (ID_TOKEN_CLAIMS.some((name) => name in payload)) {
    throw new DenyError("identity.type", "an ID token is no access token");
  }
}

function audiencesOf(value: Json | undefined, issuer: Issuer): readonly string[] {
  const list = typeof value === "string" ? [value] : value;
  const isList =
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= AUDIENCES_MAX &&
    list.every((entry) => typeof entry === "string");
  if (!isList) throw new DenyError("identity.audience", "aud");
  const audiences = list as readonly string[];
  if (!audiences.some((entry) => issuer.audiences.has(entry))) {
    throw new DenyError("identity.audience", "aud is for somebody else");
  }
  return Object.freeze([...audiences]);
}

function identifier(value: Json | undefined, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.length > IDENTIFIER_CHARACTERS_MAX) throw badClaim(name);
  return value;
}

function badClaim(name: string): DenyError {
  return new DenyError("identity.claims", name);
}
