/**
 * Notices that the wall clock was set: both clocks drifted apart since the last look. What was cached
 * under the old time is then worthless.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";

const LOOK_EVERY_MS = 1_000;
/** Ordinary NTP slewing stays far below. */
const DRIFT_MS_MAX = 5_000;

/** Calls `jumped` after each jump; returns what stops the watch. */
export function watchClock(clock: Clock, jumped: () => void): () => void {
  let offsetMs = clock.unixMs() - clock.monotonicMs();
  return clock.every(LOOK_EVERY_MS, () => {
    const nowMs = clock.unixMs() - clock.monotonicMs();
    if (Math.abs(nowMs - offsetMs) > DRIFT_MS_MAX) jumped();
    offsetMs = nowMs;
  });
}
