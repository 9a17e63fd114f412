/**
 * Percentiles from the sidecar's own histogram: the difference of two scrapes.
 *
 * @module
 */
export interface Buckets {
  /** Cumulative count by upper bound in seconds. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Sums all series of one histogram in Prometheus text form, optionally of one label value. */
export function readBuckets(text: string, metric: string, label?: string): Buckets {
  const counts = new Map<number, number>();
  for (const line of text.split("\n")) {
    if (!line.startsWith(`${metric}_bucket{`)) continue;
    if (label !== undefined && !line.includes(label)) continue;
    const bound = /le="([^"]+)"/.exec(line)?.[1];
    const value = Number(line.slice(line.lastIndexOf(" ") + 1));
    if (bound === undefined) continue;
    const upper = bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
    counts.set(upper, (counts.get(upper) ?? 0) + value);
  }
  return { counts };
}

export function difference(after: Buckets, before: Buckets): Buckets {
  const counts = new Map<number, number>();
  for (const [bound, count] of after.counts)
    counts.set(bound, count - (before.counts.get(bound) ?? 0));
  return { counts };
}

/** Upper bound in milliseconds under which `ratio` of the observations lie, interpolated in its bucket. */
export function percentileMs(buckets: Buckets, ratio: number): number {
  const bounds = [...buckets.counts.keys()].toSorted((a, b) => a - b);
  const total = buckets.counts.get(Number.POSITIVE_INFINITY) ?? 0;
  if (total === 0) return Number.NaN;
  const rank = total * ratio;
  let lower = 0;
  let below = 0;
  for (const bound of bounds) {
    const count = buckets.counts.get(bound) ?? 0;
    if (count >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower * 1_000;
      const share = count === below ? 1 : (rank - below) / (count - below);
      return (lower + (bound - lower) * share) * 1_000;
    }
    lower = bound;
    below = count;
  }
  return Number.NaN;
}
