/**
 * Tokens whose signature was verified, by the digest of their exact bytes and of the issuers they were
 * verified for. No token stays in memory, and nothing that depends on a route is kept.
 *
 * Two generations: when the young one is full, or as old as a token may be kept, it becomes the old one,
 * and what the old one still held is gone. Constant time, fewer than `2 * entriesMax` entries, and less
 * than `bytesMax` as estimated.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { KeySource } from "./key-source.ts";

export interface TokenCacheOptions {
  /** Of one generation. */
  readonly entriesMax: number;
  /** Of both generations together. */
  readonly bytesMax: number;
  readonly ttlMsMax: number;
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs">;
}

interface KnownToken {
  readonly verified: VerifiedCredential;
  readonly keys: KeySource;
  readonly expiresAtMonotonicMs: number;
  readonly bytes: number;
}

interface Generation {
  readonly startedMonotonicMs: number;
  bytes: number;
  readonly entries: Map<string, KnownToken>;
  /** How many entries were made for a subject. */
  readonly countBySubject: Map<string, number>;
}

/** Clocks that drift apart further were set: what was measured before is worthless. */
const DRIFT_MS_MAX = 5_000;
/** Measured 1.8 KB for a token of 479 bytes, 3.7 KB for one of 1,629 with 60 roles; a third is added. */
const ENTRY_BYTES = 1_536;
const BYTES_PER_TOKEN_BYTE = 2;
/** No subject may push out everybody else's tokens. */
const SUBJECT_SHARE_MAX = 0.1;

export class TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #perSubjectMax: number;
  #young: Generation;
  #old: Generation;
  /** Wall clock minus monotonic clock at the last look. */
  #offsetMs: number;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #clockJumps = 0;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#perSubjectMax = Math.max(1, Math.floor(options.entriesMax * SUBJECT_SHARE_MAX));
    const nowMs = options.clock.monotonicMs();
    this.#offsetMs = options.clock.unixMs() - nowMs;
    this.#young = generation(nowMs);
    this.#old = generation(nowMs);
  }

  /** Still within its time, by both clocks, and verified by a key that is still active. */
  get(digest: string): VerifiedCredential | undefined {
    const unixMs = this.#options.clock.unixMs();
    const nowMs = this.#options.clock.monotonicMs();
    this.#watchClock(unixMs, nowMs);
    const young = this.#young.entries.get(digest);
    const known = young ?? this.#old.entries.get(digest);
    if (known === undefined) {
      this.#misses++;
      return undefined;
    }
    if (!isGood(known, unixMs, nowMs)) {
      remove(this.#young, digest);
      remove(this.#old, digest);
      this.#misses++;
      return undefined;
    }
    if (young === undefined) this.#add(digest, known, nowMs);
    this.#hits++;
    return known.verified;
  }

  /** `tokenBytes` is the length of the token, from which the size of its facts is estimated. */
  set(digest: string, verified: VerifiedCredential, keys: KeySource, tokenBytes: number): void {
    const { clock, ttlMsMax } = this.#options;
    const unixMs = clock.unixMs();
    const nowMs = clock.monotonicMs();
    this.#watchClock(unixMs, nowMs);
    // The leeway is not counted: a token in its grace time is verified each time.
    const lifeMs = Math.min(verified.expiresAtS * 1_000 - unixMs, ttlMsMax);
    if (!(lifeMs > 0)) return;
    const bytes = ENTRY_BYTES + BYTES_PER_TOKEN_BYTE * tokenBytes;
    this.#add(digest, { verified, keys, expiresAtMonotonicMs: nowMs + lifeMs, bytes }, nowMs);
  }

  clear(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#young = generation(nowMs);
    this.#old = generation(nowMs);
  }

  get figures() {
    return {
      entries: this.#young.entries.size + this.#old.entries.size,
      bytes: this.#young.bytes + this.#old.bytes,
      hits: this.#hits,
      misses: this.#misses,
      /** Left behind with an old generation, expired or not. */
      evictions: this.#evictions,
      clockJumps: this.#clockJumps,
    };
  }

  #add(digest: string, known: KnownToken, nowMs: number): void {
    const { entriesMax, bytesMax, ttlMsMax } = this.#options;
    const isFull =
      this.#young.entries.size >= entriesMax || this.#young.bytes + known.bytes > bytesMax / 2;
    if (isFull || nowMs - this.#young.startedMonotonicMs >= ttlMsMax) this.#turn(nowMs);
    if (known.bytes > bytesMax / 2) return;
    const { entries, countBySubject } = this.#young;
    const subject = subjectOf(known);
    const count = countBySubject.get(subject) ?? 0;
    if (count >= this.#perSubjectMax) return;
    countBySubject.set(subject, count + 1);
    remove(this.#young, digest);
    remove(this.#old, digest);
    entries.set(digest, known);
    this.#young.bytes += known.bytes;
  }

  #turn(nowMs: number): void {
    this.#evictions += this.#old.entries.size;
    this.#old = this.#young;
    this.#young = generation(nowMs);
  }

  #watchClock(unixMs: number, nowMs: number): void {
    const offsetMs = unixMs - nowMs;
    const driftMs = Math.abs(offsetMs - this.#offsetMs);
    this.#offsetMs = offsetMs;
    if (driftMs <= DRIFT_MS_MAX) return;
    this.#clockJumps++;
    this.clear();
  }
}

function generation(startedMonotonicMs: number): Generation {
  return { startedMonotonicMs, bytes: 0, entries: new Map(), countBySubject: new Map() };
}

function remove(from: Generation, digest: string): void {
  const known = from.entries.get(digest);
  if (known === undefined) return;
  from.entries.delete(digest);
  from.bytes -= known.bytes;
}

/** Ids of two issuers or kinds may be equal. */
function subjectOf({ verified: { principal } }: KnownToken): string {
  return `${principal.kind}\n${principal.issuer}\n${principal.id}`;
}

function isGood(known: KnownToken, unixMs: number, nowMs: number): boolean {
  const { verified, keys, expiresAtMonotonicMs } = known;
  return (
    nowMs < expiresAtMonotonicMs &&
    unixMs < verified.expiresAtS * 1_000 &&
    unixMs >= verified.notBeforeS * 1_000 &&
    keys.current?.thumbprints.has(verified.keyThumbprint) === true
  );
}
