/** DecisionCache: a decision is replayed until its time is up and never after, and its figures are exact. */
import { describe, expect, it } from "vitest";
import { DecisionCache } from "../../../src/cache/decision-cache.ts";
import { handClock } from "../../support/hand-clock.ts";

function rig(entriesMax = 10) {
  const clock = handClock();
  return { clock, cache: new DecisionCache<string>({ entriesMax, clock }) };
}

describe("time", () => {
  it("replays until the end and not at it", () => {
    const { cache, clock } = rig();
    cache.set("k", "answer", 1_000, 10);
    clock.advance(999);
    expect(cache.get("k")).toEqual({ value: "answer", remainingMs: 1, ageMs: 999 });
    clock.advance(1);
    expect(cache.get("k")).toBeUndefined();
    expect(cache.figures.entries).toBe(0);
  });

  it("is not prolonged by a wall clock that is set back", () => {
    const { cache, clock } = rig();
    cache.set("k", "answer", 1_000, 10);
    clock.jumpWall(-3_600_000);
    clock.advance(1_000);
    expect(cache.get("k")).toBeUndefined();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("stores nothing for %s ms", (ttlMs) => {
    const { cache } = rig();
    cache.set("k", "answer", ttlMs, 10);
    expect(cache.get("k")).toBeUndefined();
    expect(cache.figures.entries).toBe(0);
  });

  it("does not prolong an entry by reading it", () => {
    const { cache, clock } = rig();
    cache.set("k", "answer", 100, 10);
    for (let step = 0; step < 9; step++) {
      clock.advance(10);
      cache.get("k");
    }
    clock.advance(10);
    expect(cache.get("k")).toBeUndefined();
  });
});

describe("bounds and figures", () => {
  it("holds fewer than twice the bound under a flood of keys", () => {
    const { cache } = rig(100);
    for (let index = 0; index < 10_000; index++) cache.set(`k${index}`, "v", 1_000, 1);
    const { entries, evictions, bytes } = cache.figures;
    expect(entries).toBeLessThan(200);
    expect(entries + evictions).toBe(10_000);
    expect(bytes).toBe(entries * 281);
  });

  it("counts a key once however often it is written, read and moved between generations", () => {
    const { cache } = rig(4);
    for (let round = 0; round < 50; round++) {
      cache.set(`k${round % 5}`, "v", 1_000, 7);
      cache.get(`k${(round * 3) % 5}`);
    }
    const alive = [0, 1, 2, 3, 4].filter((index) => cache.get(`k${index}`) !== undefined).length;
    expect(cache.figures.entries).toBe(alive);
    expect(cache.figures.bytes).toBe(alive * 287);
  });

  it("counts hits and misses", () => {
    const { cache } = rig();
    cache.get("absent");
    cache.set("k", "v", 1_000, 1);
    cache.get("k");
    cache.get("k");
    expect(cache.figures).toMatchObject({ hits: 2, misses: 1 });
  });

  it("is empty after clear", () => {
    const { cache } = rig();
    cache.set("k", "v", 1_000, 1);
    cache.clear();
    expect(cache.get("k")).toBeUndefined();
    expect(cache.figures).toMatchObject({ entries: 0, bytes: 0 });
  });

  it("drops what expired during clean-up, in slices, and keeps the rest", async () => {
    const { cache, clock } = rig(100);
    for (let index = 0; index < 25; index++) cache.set(`short${index}`, "v", 10, 1);
    for (let index = 0; index < 25; index++) cache.set(`long${index}`, "v", 1_000, 1);
    clock.advance(10);
    let rests = 0;
    await cache.cleanup(10, async () => {
      rests++;
    });
    expect(rests).toBe(5);
    expect(cache.figures).toMatchObject({
      entries: 25,
      cleanupsRun: 1,
      lastCleanupRemoved: 25,
      totalEntriesRemoved: 25,
    });
    expect(cache.get("long7")?.value).toBe("v");
  });

  it("keeps an entry that was replaced while the clean-up rested", async () => {
    const { cache, clock } = rig(100);
    cache.set("a", "old", 10, 1);
    cache.set("b", "old", 10, 1);
    clock.advance(10);
    let isFirst = true;
    await cache.cleanup(1, async () => {
      if (isFirst) cache.set("b", "new", 1_000, 1);
      isFirst = false;
    });
    expect(cache.get("b")?.value).toBe("new");
    expect(cache.figures.entries).toBe(1);
  });
});
