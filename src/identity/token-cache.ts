/**
 * Tokens whose signature was verified, by the digest of their exact bytes. No token stays in memory, and
 * nothing that depends on a route is kept.
 *
 * Two generations: when the young one is full it becomes the old one, and what the old one held and
 * nobody asked for is gone. Constant time, at most twice `entriesMax` entries.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { VerifiedToken } from "../domain/principal.ts";
import type { KeySource } from "./key-source.ts";

export interface KnownToken {
  readonly verified: VerifiedToken;
  readonly keys: KeySource;
  readonly expiresAtMonotonicMs: number;
}

export interface TokenCacheOptions {
  readonly entriesMax: number;
  readonly ttlMsMax: number;
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs">;
}

/** Clocks that drift apart further were set: what was measured before is worthless. */
const DRIFT_MS_MAX = 5_000;
/** No subject may push out everybody else's tokens. */
const SUBJECT_SHARE_MAX = 0.1;

export class TokenCache {
  readonly #options: TokenCacheOptions;
  #young = new Map<string, KnownToken>();
  #old = new Map<string, KnownToken>();
  #perSubject = new Map<string, number>();
  #offsetMs: number;
  #hits = 0;
  #misses = 0;
  #clockJumps = 0;
  #evictions = 0;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#offsetMs = this.#offset();
  }

  /** Still within its time, its clock bounds, and verified by a key that is still active. */
  get(digest: string): VerifiedToken | undefined {
    this.#watchClock();
    const known = this.#young.get(digest) ?? this.#promoted(digest);
    if (known === undefined || !this.#isGood(known)) {
      if (known !== undefined) this.#forget(digest);
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    return known.verified;
  }

  set(digest: string, verified: VerifiedToken, keys: KeySource): void {
    const { clock, ttlMsMax, entriesMax } = this.#options;
    // The leeway is not counted: a token in its grace time is verified each time.
    const lifeMs = Math.min(verified.expiresAtS * 1_000 - clock.unixMs(), ttlMsMax);
    const subject = verified.principal.id;
    const own = this.#perSubject.get(subject) ?? 0;
    if (!(lifeMs > 0) || own >= Math.max(1, entriesMax * SUBJECT_SHARE_MAX)) return;
    if (this.#young.size >= entriesMax) this.#turn();
    this.#perSubject.set(subject, own + 1);
    this.#young.set(digest, {
      verified,
      keys,
      expiresAtMonotonicMs: clock.monotonicMs() + lifeMs,
    });
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#perSubject = new Map();
  }

  get figures() {
    return {
      entries: this.#young.size + this.#old.size,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      clockJumps: this.#clockJumps,
    };
  }

  #isGood({ verified, keys, expiresAtMonotonicMs }: KnownToken): boolean {
    const { clock } = this.#options;
    const unixMs = clock.unixMs();
    return (
      clock.monotonicMs() < expiresAtMonotonicMs &&
      unixMs < verified.expiresAtS * 1_000 &&
      unixMs >= verified.notBeforeS * 1_000 &&
      keys.current?.thumbprints.has(verified.keyId) === true
    );
  }

  #promoted(digest: string): KnownToken | undefined {
    const known = this.#old.get(digest);
    if (known === undefined) return undefined;
    this.#old.delete(digest);
    this.#young.set(digest, known);
    return known;
  }

  #forget(digest: string): void {
    const known = this.#young.get(digest);
    if (known === undefined) return;
    this.#young.delete(digest);
    this.#discount(known);
  }

  #turn(): void {
    for (const known of this.#old.values()) this.#discount(known);
    this.#evictions += this.#old.size;
    this.#old = this.#young;
    this.#young = new Map();
  }

  #discount({ verified }: KnownToken): void {
    const subject = verified.principal.id;
    const own = (this.#perSubject.get(subject) ?? 1) - 1;
    if (own === 0) this.#perSubject.delete(subject);
    else this.#perSubject.set(subject, own);
  }

  #offset(): number {
    return this.#options.clock.unixMs() - this.#options.clock.monotonicMs();
  }

  #watchClock(): void {
    const offsetMs = this.#offset();
    if (Math.abs(offsetMs - this.#offsetMs) <= DRIFT_MS_MAX) return;
    this.#offsetMs = offsetMs;
    this.#clockJumps++;
    this.clear();
  }
}
