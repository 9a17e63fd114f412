/**
 * What an old revocation list means, by its age: first a warning, then not ready, in the end no answers
 * (the list itself refuses then). Between them the cached allows are capped, which needs nobody's help.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { Logger } from "../domain/logger.ts";

export interface StalenessOptions {
  readonly clock: Pick<Clock, "every">;
  readonly ageMs: () => number;
  readonly warnMs: number;
  readonly notReadyMs: number;
  readonly refuseMs: number;
  readonly log: Logger;
  /** Takes a readiness latch for a part; the result releases it. */
  readonly hold: (part: string) => () => void;
}

type Level = "fresh" | "late" | "not ready" | "refusing";

const LOOK_EVERY_MS = 1_000;
const PART = "revocation list";

export class StalenessWatch {
  readonly #options: StalenessOptions;
  readonly #stop: () => void;
  /** Undefined before the first list. */
  #level: Level | undefined;
  #release: (() => void) | undefined;

  /** Not ready until `look` has seen a list that is young enough. */
  constructor(options: StalenessOptions) {
    this.#options = options;
    this.#release = options.hold(PART);
    this.#stop = options.clock.every(LOOK_EVERY_MS, () => this.look());
  }

  look(): void {
    const ageMs = this.#options.ageMs();
    if (ageMs === Number.POSITIVE_INFINITY) return;
    const level = this.#levelOf(ageMs);
    const before = this.#level;
    if (level === before) return;
    this.#level = level;
    this.#setReady(level === "fresh" || level === "late");
    this.#tell(level, before, ageMs);
  }

  stop(): void {
    this.#stop();
  }

  #levelOf(ageMs: number): Level {
    const { warnMs, notReadyMs, refuseMs } = this.#options;
    if (ageMs >= refuseMs) return "refusing";
    if (ageMs >= notReadyMs) return "not ready";
    return ageMs >= warnMs ? "late" : "fresh";
  }

  #setReady(isReady: boolean): void {
    if (!isReady) this.#release ??= this.#options.hold(PART);
    else {
      this.#release?.();
      this.#release = undefined;
    }
  }

  #tell(level: Level, before: Level | undefined, ageMs: number): void {
    const { log } = this.#options;
    const fields = { age_seconds: Math.round(ageMs / 1_000) };
    if (level === "refusing") log.error("revocation list is too old, nothing is decided", fields);
    else if (level === "not ready") log.error("revocation list is too old, not ready", fields);
    else if (level === "late")
      log.warn("revocation list is late, cached allows are capped", fields);
    else if (before !== undefined) log.info("revocation list is fresh again", fields);
  }
}
