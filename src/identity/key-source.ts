/**
 * Where an issuer's keys come from, as the verifier sees it: a set in memory that others keep fresh.
 *
 * @module
 */
import type { KeySet } from "./key-admission.ts";
import type { KeyCounts } from "./key-report.ts";

export interface KeyFigures extends KeyCounts {
  /** Since the set was last confirmed by its source; undefined without a set or where age means nothing. */
  readonly ageMs: number | undefined;
  readonly active: number;
  /** Left the set a moment ago and still usable. */
  readonly leaving: number;
  /** Counts the sets that were put in use. */
  readonly revision: number;
}

export interface KeySource {
  /** Undefined while no set was ever loaded, or when the last good one is too old. */
  readonly current: KeySet | undefined;
  /** A token named a key nobody knows: look again soon. Never waits. */
  missed(keyId: string | undefined): void;
  readonly figures: KeyFigures;
  stop(): void;
}
