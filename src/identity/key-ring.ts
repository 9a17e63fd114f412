/**
 * The keys of one issuer in use: the last set as a whole, and for a moment the keys that it no longer has.
 *
 * Mirrors of one provider are not always equally fresh: a key that comes and goes must not refuse tokens.
 * Whoever withdraws a key for cause revokes its id, which counts at once.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { AdmittedKey, KeySet } from "./key-admission.ts";

const LEAVING_MS = 60_000;
const LEAVING_MAX = 64;

interface LeavingKey {
  readonly key: AdmittedKey;
  readonly untilMonotonicMs: number;
}

export class KeyRing {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #active: KeySet | undefined;
  /** Soonest to go first. */
  #leaving: readonly LeavingKey[] = [];
  #usable: KeySet | undefined;
  #revision = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Puts `set` in use; a reader sees the old state or the new one. True when it has other keys. */
  publish(set: KeySet): boolean {
    const isNew = this.#active === undefined || !hasSameKeys(this.#active, set);
    const nowMs = this.#clock.monotonicMs();
    const untilMonotonicMs = nowMs + LEAVING_MS;
    const gone = (this.#active?.keys ?? []).map((key) => ({ key, untilMonotonicMs }));
    this.#leaving = [...this.#leaving, ...gone]
      .filter((one) => one.untilMonotonicMs > nowMs && mayLinger(one.key, set))
      .slice(-LEAVING_MAX);
    this.#active = set;
    this.#usable = merged(set, this.#leaving);
    this.#revision++;
    return isNew;
  }

  get current(): KeySet | undefined {
    this.#expire();
    return this.#usable;
  }

  get figures(): { readonly active: number; readonly leaving: number; readonly revision: number } {
    this.#expire();
    return {
      active: this.#active?.keys.length ?? 0,
      leaving: this.#leaving.length,
      revision: this.#revision,
    };
  }

  #expire(): void {
    const [first] = this.#leaving;
    if (first === undefined || this.#active === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < first.untilMonotonicMs) return;
    this.#leaving = this.#leaving.filter((one) => nowMs < one.untilMonotonicMs);
    this.#usable = merged(this.#active, this.#leaving);
  }
}

/**
 * Only a key that the set does not speak of. One that it holds in another form was changed on purpose, and
 * one without an id would stand beside its successor for tokens that name none.
 */
function mayLinger({ keyId, thumbprint }: AdmittedKey, set: KeySet): boolean {
  return keyId !== undefined && !set.mentionedIds.has(keyId) && !set.thumbprints.has(thumbprint);
}

function hasSameKeys(one: KeySet, other: KeySet): boolean {
  if (one.thumbprints.size !== other.thumbprints.size) return false;
  return [...one.thumbprints].every((thumbprint) => other.thumbprints.has(thumbprint));
}

function merged(active: KeySet, leaving: readonly LeavingKey[]): KeySet {
  if (leaving.length === 0) return active;
  const late = leaving.map(({ key }) => key);
  return {
    ...active,
    lingering: late,
    thumbprints: new Set([...active.thumbprints, ...late.map((key) => key.thumbprint)]),
  };
}
