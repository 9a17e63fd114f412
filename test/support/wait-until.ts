/** Waits for an observable condition with a bound; for what other processes do not announce. */
import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
  readonly boundMs?: number;
  readonly everyMs?: number;
  /** Added to the error, for example the output of a process. */
  readonly detail?: () => string;
}

/** The first value of `look` that is neither undefined nor false; errors of `look` count as "not yet". */
export async function waitUntil<Value>(
  what: string,
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  { boundMs = 15_000, everyMs = 10, detail }: WaitOptions = {},
): Promise<Value> {
  const endsAt = performance.now() + boundMs;
  let last: unknown;
  while (performance.now() < endsAt) {
    try {
      const value = await look();
      if (value !== undefined && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await delay(everyMs);
  }
  const more = detail === undefined ? "" : `\n${detail()}`;
  throw new Error(`waited ${boundMs} ms for ${what}${more}`, { cause: last });
}
