/**
 * A rollout percentage that is fixed by configuration. Raising it never moves a caller back.
 *
 * @module
 */
import type { Principal } from "../domain/principal.ts";
import { rolloutBucket } from "./bucket.ts";

export interface StaticRolloutOptions {
  /** Names the groups: another feature sorts callers differently. */
  readonly feature: string;
  /** Whole number; 0 enforces for nobody, 100 for everybody. */
  readonly percent: number;
}

export class StaticRollout {
  readonly #feature: string;
  readonly #percent: number;
  /** A principal is made once per credential, so a repeated caller costs no hash. */
  readonly #buckets = new WeakMap<Principal, number>();

  constructor(options: StaticRolloutOptions) {
    const { feature, percent } = options;
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
      throw new TypeError("rollout percent must be a whole number from 0 to 100");
    }
    this.#feature = feature;
    this.#percent = percent;
  }

  bucket(principal: Principal): number {
    const known = this.#buckets.get(principal);
    if (known !== undefined) return known;
    const bucket = rolloutBucket(this.#feature, principal.id);
    this.#buckets.set(principal, bucket);
    return bucket;
  }

  enforces(bucket: number): boolean {
    return bucket < this.#percent;
  }

  get isComplete(): boolean {
    return this.#percent === 100;
  }
}
