/**
 * What is revoked now, as the Checks see it: synchronous, in memory, with an age that is counted from the
 * time the list was signed. Which list may follow which is decided here.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import { UnavailableError } from "../domain/errors.ts";
import { REVOCATION_ENTRIES_MAX } from "../domain/limits.ts";
import type { RevocableIds } from "../domain/principal.ts";
import type { RevocationDocument } from "./revocation-document.ts";
import { type RevocationKind, RevocationListError } from "./revocation-entry.ts";
import { RevocationSet } from "./revocation-set.ts";

/** A feed that is well renews its list every two seconds. */
const FRESH_MS_MAX = 5_000;
const RECENT_MS_MAX = 60_000;

export interface RevocationListOptions {
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs">;
  /** How far the signer's clock may be ahead of ours. */
  readonly skewMs: number;
  /** From this age on nothing is decided any more. */
  readonly refuseMs: number;
}

/** `gap`: changes are missing before this one, the whole list has to be read. */
export type Taken = "replaced" | "extended" | "renewed" | "old" | "gap";

export class RevocationList {
  readonly #options: RevocationListOptions;
  #set = new RevocationSet();
  #sequence = 0;
  #highest = 0;
  #issuedAtMs = Number.NEGATIVE_INFINITY;
  /** How old the list was when it was taken, and when that was. */
  #takenAgeMs = 0;
  #takenMonotonicMs = 0;
  readonly #hits = new Map<RevocationKind, number>();

  constructor(options: RevocationListOptions) {
    this.#options = options;
  }

  /**
   * A revoked credential is refused whatever the age of the list.
   * @throws {UnavailableError} when too little is known of the last changes
   */
  isRevoked(ids: RevocableIds): boolean {
    const unixMs = this.#options.clock.unixMs();
    const kind = this.#set.find(ids, unixMs / 1_000);
    if (kind !== undefined) {
      this.#hits.set(kind, (this.#hits.get(kind) ?? 0) + 1);
      return true;
    }
    if (this.ageMs < this.#options.refuseMs) return false;
    throw new UnavailableError("identity.keys_unavailable", "the revocation list is too old");
  }

  allowAgeMsMax(): number {
    const ageMs = this.ageMs;
    if (ageMs <= FRESH_MS_MAX) return Number.POSITIVE_INFINITY;
    return ageMs <= RECENT_MS_MAX ? RECENT_MS_MAX : FRESH_MS_MAX;
  }

  /** Since the list was signed; Infinity while none is loaded. A clock set back makes no list younger. */
  get ageMs(): number {
    if (!this.isLoaded) return Number.POSITIVE_INFINITY;
    const { clock } = this.#options;
    const heldMs = clock.monotonicMs() - this.#takenMonotonicMs;
    return Math.max(clock.unixMs() - this.#issuedAtMs, this.#takenAgeMs + heldMs);
  }

  /** False also after a restart that knows of a newer list than it has kept. */
  get isLoaded(): boolean {
    return this.#sequence > 0 && this.#sequence >= this.#highest;
  }

  /** The highest number seen, in this life or an earlier one. */
  get highestSequence(): number {
    return this.#highest;
  }

  get figures() {
    return {
      entries: this.#set.size,
      sequence: this.#sequence,
      hitsByKind: this.#hits as ReadonlyMap<RevocationKind, number>,
    };
  }

  /** Nothing below `sequence` is taken from now on. */
  requireSequence(sequence: number): void {
    this.#highest = Math.max(this.#highest, sequence);
  }

  /** @throws {RevocationListError} `issued_at`, `sequence`, `entries`; nothing has changed then */
  take(document: RevocationDocument): Taken {
    this.#requirePast(document.issuedAtMs);
    return document.isFull ? this.#replace(document) : this.#extend(document);
  }

  /** The list in force was signed again. @throws {RevocationListError} `issued_at` */
  renew(issuedAtMs: number): void {
    this.#requirePast(issuedAtMs);
    if (issuedAtMs > this.#issuedAtMs) this.#signedAt(issuedAtMs);
  }

  #signedAt(issuedAtMs: number): void {
    const { clock } = this.#options;
    this.#issuedAtMs = issuedAtMs;
    this.#takenAgeMs = Math.max(0, clock.unixMs() - issuedAtMs);
    this.#takenMonotonicMs = clock.monotonicMs();
  }

  #replace({ sequence, issuedAtMs, entries }: RevocationDocument): Taken {
    if (sequence < this.#highest) {
      throw new RevocationListError("sequence", "the list is older than one seen before");
    }
    const set = new RevocationSet(entries);
    if (sequence === this.#sequence) {
      // An earlier signature of the same number is only a slow reply.
      if (issuedAtMs < this.#issuedAtMs) return "old";
      if (!set.covers(this.#set, this.#options.clock.unixMs() / 1_000)) {
        throw new RevocationListError("sequence", "two lists of one number say different things");
      }
    }
    this.#set = set;
    this.#signedAt(issuedAtMs);
    this.#sequence = sequence;
    this.#highest = sequence;
    return "replaced";
  }

  #extend({ sequence, issuedAtMs, entries }: RevocationDocument): Taken {
    if (sequence <= this.#sequence) return "old";
    if (!this.isLoaded || sequence > this.#sequence + 1) return "gap";
    if (this.#set.size + entries.length > REVOCATION_ENTRIES_MAX) {
      throw new RevocationListError("entries", `above ${REVOCATION_ENTRIES_MAX} entries`);
    }
    for (const entry of entries) this.#set.add(entry);
    if (issuedAtMs > this.#issuedAtMs) this.#signedAt(issuedAtMs);
    this.#sequence = sequence;
    this.#highest = Math.max(this.#highest, sequence);
    return "extended";
  }

  #requirePast(issuedAtMs: number): void {
    const { clock, skewMs } = this.#options;
    if (issuedAtMs <= clock.unixMs() + skewMs) return;
    throw new RevocationListError("issued_at", "the list was signed in the future");
  }
}
