/**
 * Counts and histograms in typed arrays: an update is a few nanoseconds, without a label lookup and
 * without garbage. Whoever owns one knows which slot is which.
 *
 * @module
 */

export class Counters {
  readonly #counts: Float64Array;

  constructor(slots: number) {
    this.#counts = new Float64Array(slots);
  }

  /** A slot that does not exist is not counted. */
  add(slot: number): void {
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  count(slot: number): number {
    return this.#counts[slot] ?? 0;
  }
}

export interface SeriesFigures {
  readonly count: number;
  readonly sumS: number;
  /** Observations at or below each bound, as Prometheus wants them. */
  readonly cumulative: readonly number[];
}

/** Several series of durations that share their bounds. */
export class Histograms {
  /** Upper bounds in seconds, rising. */
  readonly boundsS: readonly number[];
  readonly #boundsMs: Float64Array;
  /** For each series its buckets, the last one for what lies above all bounds. */
  readonly #buckets: Float64Array;
  readonly #sumsMs: Float64Array;

  constructor(series: number, boundsS: readonly number[]) {
    this.boundsS = boundsS;
    this.#boundsMs = Float64Array.from(boundsS, (bound) => bound * 1_000);
    this.#buckets = new Float64Array(series * (boundsS.length + 1));
    this.#sumsMs = new Float64Array(series);
  }

  observe(series: number, valueMs: number): void {
    const bounds = this.#boundsMs;
    let bucket = 0;
    while (bucket < bounds.length && valueMs > (bounds[bucket] ?? 0)) bucket++;
    const slot = series * (bounds.length + 1) + bucket;
    this.#buckets[slot] = (this.#buckets[slot] ?? 0) + 1;
    this.#sumsMs[series] = (this.#sumsMs[series] ?? 0) + valueMs;
  }

  figures(series: number): SeriesFigures {
    const width = this.boundsS.length + 1;
    const cumulative: number[] = [];
    let count = 0;
    for (let bucket = 0; bucket < width; bucket++) {
      count += this.#buckets[series * width + bucket] ?? 0;
      if (bucket < width - 1) cumulative.push(count);
    }
    return { count, sumS: (this.#sumsMs[series] ?? 0) / 1_000, cumulative };
  }
}
