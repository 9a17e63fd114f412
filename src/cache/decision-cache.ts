/**
 * Decisions by key, bounded in count and in time. Owns quick-lru.
 *
 * quick-lru keeps two generations, so up to `2 * entriesMax - 1` entries are held. Its own `maxAge` is
 * not used: it reads the wall clock, and setting the host clock back would prolong a permission. Its
 * `size` walks a generation, so entries and bytes are counted here.
 *
 * @module
 */
import QuickLru from "quick-lru";
import type { Clock } from "../domain/clock.ts";

interface Entry<Value> {
  readonly value: Value;
  readonly storedAtMonotonicMs: number;
  readonly expiresAtMonotonicMs: number;
  /** Estimate: key, stored reply and bookkeeping. */
  readonly bytes: number;
}

export interface CachedValue<Value> {
  readonly value: Value;
  readonly remainingMs: number;
  /** Since it was decided. */
  readonly ageMs: number;
}

export interface DecisionCacheOptions {
  /** Entries of one generation. */
  readonly entriesMax: number;
  readonly clock: Pick<Clock, "monotonicMs">;
}

export interface DecisionCacheFigures {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly cleanupsRun: number;
  readonly totalEntriesRemoved: number;
  readonly lastCleanupRemoved: number;
  readonly lastCleanupDurationMs: number;
}

/** Map slots, entry object and key string of one entry. */
const ENTRY_OVERHEAD_BYTES = 280;

export class DecisionCache<Value> {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #lru: QuickLru<string, Entry<Value>>;
  #entries = 0;
  #bytes = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #cleanupsRun = 0;
  #totalEntriesRemoved = 0;
  #lastCleanupRemoved = 0;
  #lastCleanupDurationMs = 0;

  constructor(options: DecisionCacheOptions) {
    this.#clock = options.clock;
    this.#lru = new QuickLru({
      maxSize: options.entriesMax,
      onEviction: (_key, entry) => {
        this.#discount(entry);
        this.#evictions++;
      },
    });
  }

  /** Value, remaining life and age; an entry at or past its end is dropped and not returned. */
  get(key: string): CachedValue<Value> | undefined {
    const entry = this.#lru.get(key);
    if (entry !== undefined) {
      const nowMs = this.#clock.monotonicMs();
      const remainingMs = entry.expiresAtMonotonicMs - nowMs;
      if (remainingMs > 0) {
        this.#hits++;
        return { value: entry.value, remainingMs, ageMs: nowMs - entry.storedAtMonotonicMs };
      }
      this.#remove(key, entry);
    }
    this.#misses++;
    return undefined;
  }

  /** Stores for `ttlMs`; a `ttlMs` that is not positive (NaN included) stores nothing. */
  set(key: string, value: Value, ttlMs: number, valueBytes: number): void {
    if (!(ttlMs > 0) || ttlMs === Number.POSITIVE_INFINITY) return;
    // Taken out first: a key must live in one generation only, or its eviction would count it twice.
    const old = this.#lru.peek(key);
    if (old !== undefined) this.#remove(key, old);
    const bytes = valueBytes + ENTRY_OVERHEAD_BYTES;
    const storedAtMonotonicMs = this.#clock.monotonicMs();
    const expiresAtMonotonicMs = storedAtMonotonicMs + ttlMs;
    this.#lru.set(key, { value, storedAtMonotonicMs, expiresAtMonotonicMs, bytes });
    this.#entries++;
    this.#bytes += bytes;
  }

  clear(): void {
    this.#lru.clear();
    this.#entries = 0;
    this.#bytes = 0;
  }

  /**
   * Drops expired entries, yielding to waiting work between slices of `sliceEntries` by `rest`.
   * Entries that nobody asks for again would otherwise stay until they are evicted.
   */
  async cleanup(sliceEntries: number, rest: () => Promise<void>): Promise<void> {
    const startedMs = this.#clock.monotonicMs();
    let removed = 0;
    let seen = 0;
    for (const [key, entry] of [...this.#lru.entriesAscending()]) {
      if (
        entry.expiresAtMonotonicMs <= this.#clock.monotonicMs() &&
        this.#lru.peek(key) === entry
      ) {
        this.#remove(key, entry);
        removed++;
      }
      if (++seen % sliceEntries === 0) await rest();
    }
    this.#cleanupsRun++;
    this.#totalEntriesRemoved += removed;
    this.#lastCleanupRemoved = removed;
    this.#lastCleanupDurationMs = this.#clock.monotonicMs() - startedMs;
  }

  get figures(): DecisionCacheFigures {
    return {
      entries: this.#entries,
      bytes: this.#bytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      cleanupsRun: this.#cleanupsRun,
      totalEntriesRemoved: this.#totalEntriesRemoved,
      lastCleanupRemoved: this.#lastCleanupRemoved,
      lastCleanupDurationMs: this.#lastCleanupDurationMs,
    };
  }

  #remove(key: string, entry: Entry<Value>): void {
    this.#lru.delete(key);
    this.#discount(entry);
  }

  #discount(entry: Entry<Value>): void {
    this.#entries--;
    this.#bytes -= entry.bytes;
  }
}
