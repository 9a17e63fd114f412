/**
 * Counts as Prometheus samples. Series that were never counted are left out, except where a rate over
 * zero is wanted.
 *
 * @module
 */
import type { Counters, Histograms } from "./counters.ts";

export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** With the suffix of a histogram's part; absent = the metric's own name. */
  readonly metricName?: string;
}

/** One sample without labels. */
export function single(value: number): Sample[] {
  return [{ labels: {}, value }];
}

/** A label and its values, in the order of the slots. */
export interface Dimension {
  readonly label: string;
  readonly values: readonly string[];
}

/** Slots run through the last dimension first. */
export function counted(counters: Counters, dimensions: readonly Dimension[]): Sample[] {
  const samples: Sample[] = [];
  const slots = dimensions.reduce((product, { values }) => product * values.length, 1);
  for (let slot = 0; slot < slots; slot++) {
    const value = counters.count(slot);
    if (value > 0) samples.push({ labels: labelsOf(slot, dimensions), value });
  }
  return samples;
}

function labelsOf(slot: number, dimensions: readonly Dimension[]): Labels {
  const labels: Record<string, string> = {};
  let rest = slot;
  for (const { label, values } of dimensions.toReversed()) {
    labels[label] = values[rest % values.length] ?? "";
    rest = Math.floor(rest / values.length);
  }
  return Object.fromEntries(dimensions.map(({ label }) => [label, labels[label] ?? ""]));
}

/** Buckets, sum and count of each series that has observations. */
export function observed(name: string, histograms: Histograms, dimension: Dimension): Sample[] {
  const samples: Sample[] = [];
  for (const [series, value] of dimension.values.entries()) {
    const { count, sumS, cumulative } = histograms.figures(series);
    if (count === 0) continue;
    const labels = { [dimension.label]: value };
    for (const [index, bound] of histograms.boundsS.entries()) {
      samples.push({
        metricName: `${name}_bucket`,
        labels: { le: bound, ...labels },
        value: cumulative[index] ?? 0,
      });
    }
    samples.push({ metricName: `${name}_bucket`, labels: { le: "+Inf", ...labels }, value: count });
    samples.push({ metricName: `${name}_sum`, labels, value: sumS });
    samples.push({ metricName: `${name}_count`, labels, value: count });
  }
  return samples;
}
