/** Fuzz targets: inputs that once failed stay mended, and a short run from a fixed seed breaks nothing. */
import { describe, expect, it } from "vitest";
import { campaign } from "./campaign.ts";
import { failedInputs } from "./failed-inputs.ts";
import { Random } from "./random.ts";
import { TARGETS } from "./targets/all.ts";

const RUNS = 3_000;

describe.each(TARGETS)("$name", (target) => {
  it("keeps its promises on well-formed, on once failing and on mutated inputs", async () => {
    const report = await campaign(target, {
      seed: 20_261_124,
      extra: failedInputs(target.name),
      isOver: (runs) => runs >= RUNS,
    });
    expect(report.failure).toBeUndefined();
    expect(report.outcomes).toBeGreaterThan(1);
  });
});

it("finds a broken promise and hands out its input", async () => {
  const report = await campaign(
    {
      name: "broken",
      weight: 1,
      seeds: () => [Buffer.from("aaaa")],
      dictionary: ["b"],
      run: (input) => {
        if (input.includes("b")) throw new Error("found");
        return "fine";
      },
    },
    { seed: 1, extra: [], isOver: (runs) => runs > 100_000 },
  );
  expect(report.failure?.input.includes("b")).toBe(true);
});

it("repeats itself from its seed", () => {
  const numbers = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 8 }, () => random.below(1_000));
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});
