/**
 * Token → facts of its signature: the token is read strictly first, the key is chosen from the issuer's
 * own set, and the algorithm is the one that key was admitted for.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { Clock } from "../domain/clock.ts";
import { DenyError, UnavailableError } from "../domain/errors.ts";
import type { JsonObject } from "../domain/json.ts";
import type { RevocableIds, VerifiedCredential } from "../domain/principal.ts";
import { agentPrincipal } from "./agent-claims.ts";
import { type CompactToken, readCompactToken } from "./compact-token.ts";
import type { Issuer } from "./issuer.ts";
import { type JoseHeader, readJoseHeader } from "./jose-header.ts";
import type { AdmittedKey, KeySet } from "./key-admission.ts";
import { type RegisteredClaims, readRegisteredClaims } from "./registered-claims.ts";
import { TokenCache } from "./token-cache.ts";
import { TokenChecks } from "./token-checks.ts";
import { twinSignature } from "./twin-signature.ts";
import { userPrincipal } from "./user-claims.ts";
import { VerificationQueue } from "./verification-queue.ts";
import { verifySignature } from "./verify-signature.ts";

export interface TokenVerifierOptions {
  readonly issuers: readonly Issuer[];
  /** Of everything that decides what `issuers` means: a token verified under another is not known. */
  readonly configRevision: string;
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs" | "sleep">;
  readonly clockSkewSeconds: number;
  readonly cacheEntriesMax: number;
  readonly cacheBytesMax: number;
  readonly cacheTtlMsMax: number;
  /** Keyed digest of an id for records; undefined without a key. */
  readonly hashId: (id: string) => string | undefined;
}

/** Signatures checked at the same time; each holds a thread of the pool. */
const VERIFICATIONS_MAX = 64;

export class TokenVerifier {
  readonly #options: TokenVerifierOptions;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #nameless: Issuer | undefined;
  readonly #cache: TokenCache;
  readonly #queue: VerificationQueue<VerifiedCredential>;
  readonly #checks = new TokenChecks();

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#issuers = new Map(options.issuers.map((issuer) => [issuer.name, issuer]));
    this.#nameless = options.issuers.find((issuer) => issuer.acceptsMissingName);
    this.#cache = new TokenCache({
      entriesMax: options.cacheEntriesMax,
      bytesMax: options.cacheBytesMax,
      ttlMsMax: options.cacheTtlMsMax,
      clock: options.clock,
    });
    this.#queue = new VerificationQueue(VERIFICATIONS_MAX, options.clock);
  }

  known(token: string): VerifiedCredential | undefined {
    return this.#cache.get(this.#cacheKey(digestOf(token)));
  }

  /**
   * Equal tokens share one verification. Rejects with `DenyError` or `UnavailableError`, the latter too
   * when the turn of this token does not come in time.
   */
  verify(token: string, deadlineMonotonicMs: number): Promise<VerifiedCredential> {
    const digest = digestOf(token);
    const result = this.#queue.run(digest, deadlineMonotonicMs, () => this.#verify(token, digest));
    this.#checks.watch(result);
    return result;
  }

  /** Forgets every verified token. */
  clear(): void {
    this.#cache.clear();
  }

  get figures() {
    return {
      ...this.#cache.figures,
      verificationsInFlight: this.#queue.running,
      verificationsWaiting: this.#queue.waiting,
      checks: this.#checks.counts,
    };
  }

  #cacheKey(digest: string): string {
    return digest + this.#options.configRevision;
  }

  async #verify(token: string, digest: string): Promise<VerifiedCredential> {
    const compact = readCompactToken(token);
    const issuer = this.#issuerOf(compact);
    const header = readJoseHeader(compact.header, issuer);
    const key = chooseKey(issuer, header);
    requireSignatureShape(compact.signature, key, header.algorithm);
    const isGenuine = await verifySignature(header.algorithm, key, {
      token,
      signature: compact.signature,
    });
    if (!isGenuine) throw new DenyError("identity.signature", "the key did not make the signature");
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
      revocable: revocableIds(compact.payload, claims, issuer, key, {
        tokenDigest: digest,
        twinDigest: twinDigestOf(token, compact.signature, header.algorithm),
      }),
    });
    this.#cache.set(this.#cacheKey(digest), verified, issuer.keys, token.length);
    return verified;
  }

  /** The unverified `iss` only selects keys; it is believed when one of them fits. */
  #issuerOf({ payload }: CompactToken): Issuer {
    const name = payload["iss"];
    const named = typeof name === "string" ? this.#issuers.get(name) : undefined;
    const issuer = name === undefined ? this.#nameless : named;
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
  digests: Pick<RevocableIds, "tokenDigest" | "twinDigest">,
): RevocableIds {
  const { sub, agent_id: agentId } = payload;
  return Object.freeze({
    ...digests,
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
  const named = keyId === undefined ? set.keys : keysNamed(set, keyId);
  const fitting = named.filter((key) => key.algorithms.has(algorithm));
  const [key] = fitting;
  if (key !== undefined && fitting.length === 1) return key;
  if (keyId !== undefined && named.length > 0) {
    throw new DenyError("identity.alg_refused", "the key is for another algorithm");
  }
  issuer.keys.missed(keyId);
  throw new DenyError("identity.key_unknown", "no single key fits the token");
}

function keysNamed(set: KeySet, keyId: string): readonly AdmittedKey[] {
  const named = set.keys.filter((key) => key.keyId === keyId);
  return named.length > 0 ? named : (set.lingering ?? []).filter((key) => key.keyId === keyId);
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

/** Of the exact bytes: one call, and no token stays in memory. */
function digestOf(token: string): string {
  return hash("sha256", token, "base64url");
}

/** The holder of a revoked token can write the other form of its signature. */
function twinDigestOf(token: string, signature: Buffer, algorithm: string): string | undefined {
  const twin = twinSignature(signature, algorithm);
  if (twin === undefined) return undefined;
  return digestOf(`${token.slice(0, token.lastIndexOf("."))}.${twin.toString("base64url")}`);
}
