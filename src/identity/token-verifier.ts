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
import type { VerifiedToken } from "../domain/principal.ts";
import { agentPrincipal } from "./agent-claims.ts";
import { type CompactToken, readCompactToken } from "./compact-token.ts";
import type { Issuer } from "./issuer.ts";
import { type JoseHeader, readJoseHeader } from "./jose-header.ts";
import type { AdmittedKey } from "./key-admission.ts";
import { readRegisteredClaims } from "./registered-claims.ts";
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
  readonly #running = new Map<string, Promise<VerifiedToken>>();

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#issuers = new Map(options.issuers.map((issuer) => [issuer.name, issuer]));
    this.#cache = new TokenCache({
      entriesMax: options.cacheEntriesMax,
      ttlMsMax: options.cacheTtlMsMax,
      clock: options.clock,
    });
  }

  known(token: string): VerifiedToken | undefined {
    return this.#cache.get(digestOf(token));
  }

  /** Equal tokens share one verification. Rejects with `DenyError` or `UnavailableError`. */
  verify(token: string): Promise<VerifiedToken> {
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

  async #verify(token: string, digest: string): Promise<VerifiedToken> {
    const compact = readCompactToken(token);
    const issuer = this.#issuerOf(compact);
    const header = readJoseHeader(compact.header, issuer);
    const key = chooseKey(issuer, header);
    if (key.signatureBytes !== compact.signatureBytes) {
      throw new DenyError("identity.malformed", "the signature has another length than its key's");
    }
    await verifySignature(token, key, header);
    const { clock, clockSkewSeconds, hashId } = this.#options;
    const claims = readRegisteredClaims(compact.payload, issuer, clock.unixMs(), clockSkewSeconds);
    const principal =
      issuer.kind === "user"
        ? userPrincipal(compact.payload, issuer, hashId)
        : agentPrincipal(compact.payload, issuer, hashId);
    const verified = Object.freeze({ principal, ...claims, keyId: key.thumbprint });
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

function chooseKey(issuer: Issuer, header: JoseHeader): AdmittedKey {
  const set = issuer.keys.current;
  if (set === undefined) {
    throw new UnavailableError("identity.keys_unavailable", "the issuer's keys are not loaded");
  }
  const fitting = set.keys.filter(
    (key) =>
      key.algorithms.has(header.algorithm) &&
      (header.keyId === undefined || key.keyId === header.keyId),
  );
  const [key] = fitting;
  if (key !== undefined && fitting.length === 1) return key;
  issuer.keys.missed();
  throw new DenyError("identity.key_unknown", "no single key fits the token");
}

/** jose's own messages may hold the payload: only the code is looked at. */
async function verifySignature(token: string, key: AdmittedKey, header: JoseHeader): Promise<void> {
  try {
    await compactVerify(token, key.key, { algorithms: [header.algorithm] });
  } catch (error) {
    const code = error instanceof errors.JOSEError ? error.code : undefined;
    if (code === undefined) throw error;
    const reason =
      code === errors.JWSSignatureVerificationFailed.code
        ? "identity.signature"
        : "identity.malformed";
    throw new DenyError(reason, code);
  }
}

function digestOf(token: string): string {
  return hash("sha256", token, "base64url");
}
