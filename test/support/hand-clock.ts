/** A clock that only moves when a test says so; sleepers and periodic tasks run inside `advance`. */
import type { Clock } from "../../src/domain/clock.ts";

interface Timer {
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

export interface HandClock extends Clock {
  /** Moves both clocks and runs what became due, in order of time. */
  advance(ms: number): void;
  /** Moves the wall clock only, as an operator or NTP would. */
  jumpWall(ms: number): void;
  /** Sleepers and periodic tasks that are waiting now. */
  readonly waiting: number;
}

export function handClock(startUnixMs = 1_764_000_000_000): HandClock {
  let monotonicMs = 1_000;
  let wallOffsetMs = startUnixMs - monotonicMs;
  const timers = new Set<Timer>();

  function add(ms: number, everyMs: number | undefined, run: () => void): () => void {
    const timer: Timer = { dueMs: monotonicMs + ms, everyMs, run };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function nextDue(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs))
        first = timer;
    }
    return first;
  }

  return {
    unixMs: () => Math.floor(monotonicMs + wallOffsetMs),
    monotonicMs: () => monotonicMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const cancel = add(ms, undefined, () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        });
        const onAbort = () => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
      }),
    every: (ms, task) => add(ms, ms, task),
    advance: (ms) => {
      const untilMs = monotonicMs + ms;
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        monotonicMs = Math.max(monotonicMs, timer.dueMs);
        if (timer.everyMs === undefined) timers.delete(timer);
        else timer.dueMs += timer.everyMs;
        timer.run();
      }
      monotonicMs = untilMs;
    },
    jumpWall: (ms) => {
      wallOffsetMs += ms;
    },
    get waiting() {
      return timers.size;
    },
  };
}
