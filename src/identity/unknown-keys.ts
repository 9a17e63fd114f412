/**
 * Key ids that tokens named and the issuer did not have: each is asked for once in a while, so that one
 * bad client can not make the service ask its provider again and again.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";

const KEYS_MAX = 1_000;
/** A provider may sign with a key a moment before its set has it. */
const FORGOTTEN_AFTER_MS = 60_000;
/** Stands for tokens that name no key; no key id is empty. */
const NAMELESS = "";

export class UnknownKeys {
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** Oldest first. */
  readonly #askedMonotonicMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** True when this id was not asked for lately; it then counts as asked for. */
  isNew(keyId = NAMELESS): boolean {
    const nowMs = this.#clock.monotonicMs();
    const askedMs = this.#askedMonotonicMs.get(keyId);
    if (askedMs !== undefined && nowMs - askedMs < FORGOTTEN_AFTER_MS) return false;
    this.#askedMonotonicMs.delete(keyId);
    const [oldest] = this.#askedMonotonicMs.keys();
    if (this.#askedMonotonicMs.size >= KEYS_MAX && oldest !== undefined) {
      this.#askedMonotonicMs.delete(oldest);
    }
    this.#askedMonotonicMs.set(keyId, nowMs);
    return true;
  }

  clear(): void {
    this.#askedMonotonicMs.clear();
  }

  get size(): number {
    return this.#askedMonotonicMs.size;
  }
}
