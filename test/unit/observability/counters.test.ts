/** Counts and histograms in typed arrays say what Prometheus expects of them. */
import { describe, expect, it } from "vitest";
import { Counters, Histograms } from "../../../src/observability/counters.ts";

describe("Counters", () => {
  it("counts by slot and ignores a slot it does not have", () => {
    const counters = new Counters(2);
    counters.add(1);
    counters.add(1);
    counters.add(2);
    counters.add(-1);
    expect([0, 1, 2].map((slot) => counters.count(slot))).toEqual([0, 2, 0]);
  });
});

describe("Histograms", () => {
  it("takes a value at a bound into that bound and keeps series apart", () => {
    const histograms = new Histograms(2, [0.001, 0.01]);
    for (const valueMs of [0, 1, 1.1, 10, 11]) histograms.observe(1, valueMs);
    expect(histograms.figures(0)).toEqual({ count: 0, sumS: 0, cumulative: [0, 0] });
    const { count, sumS, cumulative } = histograms.figures(1);
    expect({ count, cumulative }).toEqual({ count: 5, cumulative: [2, 4] });
    expect(sumS).toBeCloseTo(0.0231, 9);
  });
});
