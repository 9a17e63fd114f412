/**
 * The platform's clocks and timers.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";

/** Longer timers fire at once in Node; nothing here waits for weeks. */
const TIMER_MS_MAX = 2_147_483_647;

export const systemClock: Clock = Object.freeze({
  unixMs: () => Date.now(),
  monotonicMs: () => performance.now(),

  /** Keeps the process alive while it is awaited: a shutdown waits in sleeps. */
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        Math.min(ms, TIMER_MS_MAX),
      );
      signal?.addEventListener("abort", onAbort, { once: true });
    }),

  every: (ms: number, task: () => void) => {
    const timer = setInterval(task, Math.min(ms, TIMER_MS_MAX));
    timer.unref();
    return () => clearInterval(timer);
  },
});
