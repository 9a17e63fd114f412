/** Replay time: the shortest of all bounds, and nothing for what must not be replayed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReplayBounds, replayMs, type TtlClass } from "../../../src/cache/replay-time.ts";
import { type Decision, deny } from "../../../src/domain/decision.ts";

const NOW_MS = 1_764_000_000_000;
const bounds = (change: Partial<ReplayBounds> = {}): ReplayBounds => ({
  ttlClass: "medium",
  expiresAtS: NOW_MS / 1_000 + 36_000,
  unixMs: NOW_MS,
  readTime: false,
  ttlSecondsMax: 1_800,
  denyTtlSecondsMax: 5,
  ...change,
});
const allow = (policyTtlS = Number.POSITIVE_INFINITY): Decision => ({
  effect: "allow",
  reason: "allowed",
  text: "",
  policyTtlS,
  restrictions: undefined,
});
const denied: Decision = {
  effect: "deny",
  reason: "policy.denied",
  text: "",
  policyTtlS: Number.POSITIVE_INFINITY,
};

describe("SARK's table", () => {
  it.each<[TtlClass, number]>([
    ["low", 1_800],
    ["medium", 300],
    ["high", 60],
    ["critical", 0],
    ["list", 300],
    ["agent", 60],
  ])("keeps an allow of class %s for %i s", (ttlClass, seconds) => {
    expect(replayMs(allow(), bounds({ ttlClass }))).toBe(seconds * 1_000);
  });

  it.each<[TtlClass, number]>([
    ["low", 5],
    ["high", 5],
    ["critical", 0],
    ["agent", 5],
  ])("keeps a denial of class %s for %i s", (ttlClass, seconds) => {
    expect(replayMs(denied, bounds({ ttlClass }))).toBe(seconds * 1_000);
  });
});

it("never outlives the token", () => {
  const expiresAtS = NOW_MS / 1_000 + 7;
  expect(replayMs(allow(), bounds({ ttlClass: "low", expiresAtS }))).toBe(7_000);
  expect(replayMs(allow(), bounds({ expiresAtS: NOW_MS / 1_000 }))).toBe(0);
  expect(replayMs(allow(), bounds({ expiresAtS: NOW_MS / 1_000 - 1 }))).toBe(0);
});

it("takes the policy's own bound and the configured one", () => {
  expect(replayMs(allow(2), bounds())).toBe(2_000);
  expect(replayMs(allow(0), bounds())).toBe(0);
  expect(replayMs(allow(), bounds({ ttlClass: "low", ttlSecondsMax: 60 }))).toBe(60_000);
});

it("keeps what read the clock for at most a minute", () => {
  expect(replayMs(allow(), bounds({ ttlClass: "low", readTime: true }))).toBe(60_000);
});

it.each<Decision>([
  { effect: "error", reason: "engine.unavailable" },
  { effect: "deferred", reason: "rollout.deferred" },
  deny("policy.undefined", ""),
  deny("policy.conflict", ""),
  deny("policy.result_invalid", ""),
  deny("policy.parameters", ""),
  deny("a2a.capability", ""),
])("never stores $effect $reason", (decision) => {
  expect(replayMs(decision, bounds())).toBe(0);
});

it("is never negative and never above any bound", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10, max: 4_000 }),
      fc.integer({ min: 0, max: 4_000 }),
      fc.integer({ min: 1, max: 1_800 }),
      (lifeS, policyTtlS, ttlSecondsMax) => {
        const expiresAtS = NOW_MS / 1_000 + lifeS;
        const ms = replayMs(
          allow(policyTtlS),
          bounds({ ttlClass: "low", expiresAtS, ttlSecondsMax }),
        );
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(
          Math.max(0, Math.min(lifeS, policyTtlS, ttlSecondsMax)) * 1_000,
        );
      },
    ),
    { seed: 20_261_124, numRuns: 500 },
  );
});
