/**
 * Where an issuer's keys come from, as the verifier sees it: a set in memory that others keep fresh.
 *
 * @module
 */
import type { KeySet } from "./key-admission.ts";

export interface KeySource {
  /** Undefined while no set was ever loaded, or when the last good one is too old. */
  readonly current: KeySet | undefined;
  /** A token named a key nobody knows: look again soon. Never waits. */
  missed(): void;
  /** Called after every new set. */
  onChange(listener: () => void): void;
  stop(): void;
}
