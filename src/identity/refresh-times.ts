/**
 * When a key set is fetched again, and what its age means. Pure.
 *
 * @module
 */
export const REFRESH_MS = 600_000;
const REFRESH_MS_MIN = 60_000;
/** Many sidecars that start together do not stay together. */
const REFRESH_JITTER_RATIO = 0.1;
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 60_000;
const MAX_AGE = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,9})"?\s*(?:,|$)/i;
/** Close to its end a set is due for a decision: better not asked than with an error for each token. */
const UNREADY_RATIO = 0.9;

export type Staleness = "fresh" | "aging" | "unready" | "refused";

/** `chance` is 0 to below 1. A provider can ask for more frequent visits, not for rarer ones. */
export function pauseAfterSuccessMs(chance: number, cacheControl: string | undefined): number {
  const ownMs = REFRESH_MS * (1 + REFRESH_JITTER_RATIO * (2 * chance - 1));
  const maxAge = MAX_AGE.exec(cacheControl ?? "")?.[1];
  if (maxAge === undefined) return ownMs;
  // Before the set expires, never at that moment.
  const askedMs = Number(maxAge) * 1_000 * (1 - REFRESH_JITTER_RATIO * (1 + chance));
  return Math.min(ownMs, Math.max(REFRESH_MS_MIN, askedMs));
}

/** Doubles from one second to a minute, with full jitter. */
export function pauseAfterFailureMs(chance: number, failures: number): number {
  const mostMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (failures - 1));
  return BACKOFF_MS_MIN + (mostMs - BACKOFF_MS_MIN) * chance;
}

export function stalenessOf(ageMs: number, staleMsMax: number): Staleness {
  if (ageMs > staleMsMax) return "refused";
  if (ageMs > staleMsMax * UNREADY_RATIO) return "unready";
  return ageMs > Math.min(2 * REFRESH_MS, staleMsMax / 2) ? "aging" : "fresh";
}
