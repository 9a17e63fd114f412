/** Token cache: a token is known until its time is up by any clock or its key is withdrawn, never after. */
import { describe, expect, it } from "vitest";
import type { Principal, VerifiedCredential } from "../../../src/domain/principal.ts";
import type { KeySource } from "../../../src/identity/key-source.ts";
import { TokenCache } from "../../../src/identity/token-cache.ts";
import { handClock } from "../../support/hand-clock.ts";
import { revocable } from "../../support/samples.ts";

const START_MS = 1_764_000_000_000;
const START_S = START_MS / 1_000;

function rig(entriesMax = 100, bytesMax = 1e9) {
  const clock = handClock(START_MS);
  const active = new Set(["key"]);
  let isLoaded = true;
  const keys = {
    get current() {
      return isLoaded ? { keys: [], thumbprints: active } : undefined;
    },
  } as unknown as KeySource;
  const cache = new TokenCache({ entriesMax, bytesMax, ttlMsMax: 300_000, clock });
  const put = (
    digest: string,
    change: Partial<VerifiedCredential> = {},
    id = digest,
    tokenBytes = 600,
  ) => {
    const principal = { kind: "user", issuer: "i", id } as Principal;
    const facts = { audiences: [], notBeforeS: 0, keyThumbprint: "key", revocable: revocable() };
    cache.set(
      digest,
      { principal, expiresAtS: START_S + 3_600, ...facts, ...change },
      keys,
      tokenBytes,
    );
  };
  return { clock, cache, active, put, unload: () => (isLoaded = false) };
}

describe("time", () => {
  it("knows a token for the longest time kept and not at its end", () => {
    const { cache, clock, put } = rig();
    put("t");
    clock.advance(299_999);
    expect(cache.get("t")?.principal.id).toBe("t");
    clock.advance(1);
    expect(cache.get("t")).toBeUndefined();
  });

  it("never knows it at its exp", () => {
    const { cache, clock, put } = rig();
    put("t", { expiresAtS: START_S + 10 });
    clock.advance(9_999);
    expect(cache.get("t")).toBeDefined();
    clock.advance(1);
    expect(cache.get("t")).toBeUndefined();
  });

  it("does not store a token in its grace time", () => {
    const { cache, put } = rig();
    put("t", { expiresAtS: START_S });
    expect(cache.figures.entries).toBe(0);
  });

  it("does not know a token before its nbf", () => {
    const { cache, put } = rig();
    put("t", { notBeforeS: START_S + 20 });
    expect(cache.get("t")).toBeUndefined();
  });

  it("follows the wall clock within the drift that is no jump", () => {
    const { cache, clock, put } = rig();
    put("t", { expiresAtS: START_S + 3 });
    clock.jumpWall(4_000);
    expect(cache.get("t")).toBeUndefined();
    expect(cache.figures.clockJumps).toBe(0);
  });

  it("is not prolonged by a clock that is set back a little again and again", () => {
    const { cache, clock, put } = rig();
    put("t", { expiresAtS: START_S + 10 });
    for (let step = 0; step < 5; step++) {
      clock.advance(2_000);
      clock.jumpWall(-2_000);
      cache.get("other");
    }
    expect(cache.get("t")).toBeUndefined();
  });

  it.each([-3_600_000, 3_600_000, -5_001, 5_001])("forgets all after a jump of %i ms", (jumpMs) => {
    const { cache, clock, put } = rig();
    put("t");
    clock.jumpWall(jumpMs);
    expect(cache.get("t")).toBeUndefined();
    expect(cache.figures).toMatchObject({ entries: 0, clockJumps: 1 });
  });
});

describe("keys", () => {
  it("does not know a token whose key was withdrawn", () => {
    const { cache, active, put } = rig();
    put("t");
    active.delete("key");
    expect(cache.get("t")).toBeUndefined();
    expect(cache.figures.entries).toBe(0);
  });

  it("does not know a token of an issuer whose keys are too old", () => {
    const { cache, put, unload } = rig();
    put("t");
    unload();
    expect(cache.get("t")).toBeUndefined();
  });
});

describe("bounds", () => {
  it("holds fewer than two generations, however often old ones are asked for", () => {
    const { cache, put } = rig(50);
    for (let at = 0; at < 1_000; at++) {
      put(`t${at}`);
      for (let back = Math.max(0, at - 99); back < at; back++) cache.get(`t${back}`);
      expect(cache.figures.entries).toBeLessThanOrEqual(100);
    }
  });

  it("holds no more than its bytes, and nothing that would fill a generation", () => {
    const { cache, put } = rig(1_000, 65_536);
    for (let at = 0; at < 200; at++) {
      put(`t${at}`, {}, `s${at}`, at % 2 === 0 ? 300 : 3_000);
      expect(cache.figures.bytes).toBeLessThanOrEqual(65_536);
    }
    expect(cache.figures.entries).toBeGreaterThan(6);
    put("huge", {}, "s", 20_000);
    expect(cache.get("huge")).toBeUndefined();
  });

  it("counts the bytes of what it lets go", () => {
    const { cache, put, active } = rig();
    put("t");
    put("t");
    const { bytes } = cache.figures;
    expect(bytes).toBeGreaterThan(600);
    put("u");
    expect(cache.figures.bytes).toBe(2 * bytes);
    active.delete("key");
    cache.get("t");
    cache.get("u");
    expect(cache.figures.bytes).toBe(0);
  });

  it("keeps a token that is used while others pass by", () => {
    const { cache, put } = rig(50);
    put("used");
    for (let at = 0; at < 500; at++) {
      put(`t${at}`);
      expect(cache.get("used")).toBeDefined();
    }
  });

  it("gives one subject a tenth", () => {
    const { cache, put } = rig(100);
    put("other");
    for (let at = 0; at < 95; at++) put(`t${at}`, {}, "greedy");
    expect(cache.figures.entries).toBe(11);
    expect(cache.get("other")).toBeDefined();
  });

  it("gives a subject its share again once the time of its tokens is up", () => {
    const { cache, clock, put } = rig(100);
    for (let at = 0; at < 20; at++) put(`t${at}`, {}, "worker");
    clock.advance(300_000);
    put("later", {}, "worker");
    expect(cache.get("later")).toBeDefined();
  });

  it("lets go of what nobody asks for", () => {
    const { cache, clock, put } = rig(100);
    for (let at = 0; at < 50; at++) put(`t${at}`);
    clock.advance(300_000);
    put("a");
    clock.advance(300_000);
    put("b");
    expect(cache.figures).toMatchObject({ entries: 2, evictions: 50 });
  });

  it("counts a token that is stored twice once", () => {
    const { cache, put } = rig();
    put("t");
    put("t");
    expect(cache.figures.entries).toBe(1);
  });
});

it("forgets everything when told to", () => {
  const { cache, put } = rig();
  put("t");
  cache.clear();
  expect(cache.get("t")).toBeUndefined();
});

it("counts hits and misses", () => {
  const { cache, put } = rig();
  put("t");
  cache.get("t");
  cache.get("other");
  expect(cache.figures).toMatchObject({ hits: 1, misses: 1 });
});
