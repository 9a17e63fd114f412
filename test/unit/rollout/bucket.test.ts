/** A caller is in the same group here as in the Python service. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rolloutBucket } from "../../../src/rollout/bucket.ts";

const FEATURES = ["rust_opa", "rust_cache", "sark_authz", "sark_policy_candidate"] as const;
const VECTORS: readonly (readonly [string, readonly number[]])[] = [
  ["unknown", [14, 82, 59, 46]],
  ["user123", [53, 46, 81, 65]],
  ["user-123", [98, 45, 54, 15]],
  ["alice", [99, 56, 63, 9]],
  ["bob", [89, 27, 64, 54]],
  ["00000000-0000-0000-0000-000000000000", [40, 36, 20, 82]],
  ["550e8400-e29b-41d4-a716-446655440000", [26, 66, 96, 38]],
  ["ünï", [41, 27, 37, 62]],
];

describe("rolloutBucket", () => {
  it.each(VECTORS)("gives the published buckets of %s", (id, buckets) => {
    expect(FEATURES.map((feature) => rolloutBucket(feature, id))).toEqual(buckets);
  });

  it("spreads a hundred thousand ids as published", () => {
    const below = [5, 25, 50].map(() => 0);
    for (let number = 0; number < 100_000; number++) {
      const bucket = rolloutBucket("sark_authz", `user${number}`);
      for (const [index, percent] of [5, 25, 50].entries()) {
        if (bucket < percent) below[index] = (below[index] ?? 0) + 1;
      }
    }
    expect(below).toEqual([5_038, 25_056, 50_156]);
  });

  it("is a stable number from 0 to 99 for every text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (feature, id) => {
        const bucket = rolloutBucket(feature, id);
        expect(Number.isInteger(bucket) && bucket >= 0 && bucket < 100).toBe(true);
        expect(rolloutBucket(feature, id)).toBe(bucket);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
