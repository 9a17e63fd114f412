/**
 * Token → facts of its signature. Owns jose: the token is read strictly before jose sees it, the key is
 * chosen here from the issuer's own set, and the algorithm is passed explicitly.
 *
 * @module
 */
import { hash } from "node:crypto";
import { compactVerify, errors } from "jose";
import type { Clock } from "../domain/clock.ts";
import { DenyError, UnavailableError } from "../domain/errors.ts";
import type { JsonObject } from "../domain/json.ts";
import type { RevocableIds, VerifiedCredential } from "../domain/principal.ts";
import type { DenyReason } from "../domain/reasons.ts";
import { agentPrincipal } from "./agent-claims.ts";
import { type CompactToken, readCompactToken } from "./compact-token.ts";
import type { Issuer } from "./issuer.ts";
import { type JoseHeader, readJoseHeader } from "./jose-header.ts";
import type { AdmittedKey } from "./key-admission.ts";
import { type RegisteredClaims, readRegisteredClaims } from "./registered-claims.ts";
import { TokenCache } from "./token-cache.ts";
import { userPrincipal } from "./user-claims.ts";

export interface TokenVerifierOptions {
  readonly issuers: readonly Issuer[];
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs">;
  readonly clockSkewSeconds: number;
  readonly cacheEntriesMax: number;
  readonly cacheTtlMsMax: number;
  /** Keyed digest of an id for records; undefined without a key. */
  readonly hashId: (id: string) => string | undefined;
}

/** Signatures checked at the same time; each holds a thread of the pool. */
const VERIFICATIONS_MAX = 64;

export class TokenVerifier {
  readonly #options: TokenVerifierOptions;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #cache: TokenCache;
  readonly #running = new Map<string, Promise<VerifiedCredential>>();

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#issuers = new Map(options.issuers.map((issuer) => [issuer.name, issuer]));
    this.#cache = new TokenCache({
      entriesMax: options.cacheEntriesMax,
      ttlMsMax: options.cacheTtlMsMax,
      clock: options.clock,
    });
  }

  known(token: string): VerifiedCredential | undefined {
    return this.#cache.get(digestOf(token));
  }

  /** Equal tokens share one verification. Rejects with `DenyError` or `UnavailableError`. */
  verify(token: string): Promise<VerifiedCredential> {
    const digest = digestOf(token);
    const running = this.#running.get(digest);
    if (running !== undefined) return running;
    if (this.#running.size >= VERIFICATIONS_MAX) {
      return Promise.reject(
        new UnavailableError("engine.overloaded", "too many signatures at the same time"),
      );
    }
    const started = this.#verify(token, digest).finally(() => this.#running.delete(digest));
    this.#running.set(digest, started);
    return started;
  }

  /** Forgets every verified token. */
  clear(): void {
    this.#cache.clear();
  }

  get figures() {
    return { ...this.#cache.figures, verificationsInFlight: this.#running.size };
  }

  async #verify(token: string, digest: string): Promise<VerifiedCredential> {
    const compact = readCompactToken(token);
    const issuer = this.#issuerOf(compact);
    const header = readJoseHeader(compact.header, issuer);
    const key = chooseKey(issuer, header);
    requireSignatureShape(compact.signature, key, header.algorithm);
    await verifySignature(token, key, header);
    const { clock, clockSkewSeconds, hashId } = this.#options;
    const claims = readRegisteredClaims(compact.payload, issuer, clock.unixMs(), clockSkewSeconds);
    const principal =
      issuer.kind === "user"
        ? userPrincipal(compact.payload, issuer, hashId)
        : agentPrincipal(compact.payload, issuer, hashId);
    const verified = Object.freeze({
      principal,
      audiences: claims.audiences,
      expiresAtS: claims.expiresAtS,
      notBeforeS: claims.notBeforeS,
      keyThumbprint: key.thumbprint,
      revocable: revocableIds(compact.payload, claims, issuer, key, digest),
    });
    this.#cache.set(digest, verified, issuer.keys);
    return verified;
  }

  /** The unverified `iss` only selects keys; it is believed when one of them fits. */
  #issuerOf({ payload }: CompactToken): Issuer {
    const name = payload["iss"];
    const issuer = typeof name === "string" ? this.#issuers.get(name) : undefined;
    if (issuer === undefined) throw new DenyError("identity.issuer_unknown", "no such issuer");
    return issuer;
  }
}

/** Every id by which a revocation list may name this token. */
function revocableIds(
  payload: JsonObject,
  claims: RegisteredClaims,
  issuer: Issuer,
  key: AdmittedKey,
  tokenDigest: string,
): RevocableIds {
  const { sub, agent_id: agentId } = payload;
  return Object.freeze({
    tokenDigest,
    issuer: issuer.name,
    tokenId: claims.tokenId,
    subject: typeof sub === "string" ? sub : undefined,
    sessionId: claims.sessionId,
    agentId: issuer.kind === "agent" && typeof agentId === "string" ? agentId : undefined,
    keyId: key.keyId,
    apiKeyId: undefined,
    issuedAtS: claims.issuedAtS,
  });
}

function chooseKey(issuer: Issuer, header: JoseHeader): AdmittedKey {
  const set = issuer.keys.current;
  if (set === undefined) {
    throw new UnavailableError("identity.keys_unavailable", "the issuer's keys are not loaded");
  }
  const { keyId, algorithm } = header;
  const named = keyId === undefined ? set.keys : set.keys.filter((key) => key.keyId === keyId);
  const fitting = named.filter((key) => key.algorithms.has(algorithm));
  const [key] = fitting;
  if (key !== undefined && fitting.length === 1) return key;
  if (keyId !== undefined && named.length > 0) {
    throw new DenyError("identity.alg_refused", "the key is for another algorithm");
  }
  issuer.keys.missed();
  throw new DenyError("identity.key_unknown", "no single key fits the token");
}

/** Zero is no valid half of an ECDSA signature, whatever a library thinks of it (CVE-2022-21449). */
function requireSignatureShape(signature: Buffer, key: AdmittedKey, algorithm: string): void {
  const half = signature.length / 2;
  const isZero = (part: Buffer) => part.every((byte) => byte === 0);
  if (
    signature.length !== key.signatureBytes ||
    (algorithm.startsWith("ES") &&
      (isZero(signature.subarray(0, half)) || isZero(signature.subarray(half))))
  ) {
    throw new DenyError("identity.malformed", "the signature does not fit its key");
  }
}

/** By jose's code; a code that is not listed is a defect, because the token was read before. */
const REASON_BY_JOSE_CODE: ReadonlyMap<string, DenyReason> = new Map([
  [errors.JWSSignatureVerificationFailed.code, "identity.signature"],
  [errors.JWSInvalid.code, "identity.malformed"],
  [errors.JOSEAlgNotAllowed.code, "identity.alg_refused"],
  [errors.JOSENotSupported.code, "identity.malformed"],
] as const);

/** jose's own messages may hold the payload: only the code is kept. */
async function verifySignature(token: string, key: AdmittedKey, header: JoseHeader): Promise<void> {
  try {
    await compactVerify(token, key.key, { algorithms: [header.algorithm] });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    const reason = REASON_BY_JOSE_CODE.get(error.code);
    if (reason === undefined) throw new Error(`jose failed with ${error.code}`);
    throw new DenyError(reason, error.code);
  }
}

function digestOf(token: string): string {
  return hash("sha256", token, "base64url");
}
