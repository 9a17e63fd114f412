/** Lists are taken whole or not at all, kept for the next start, and their faults are told once. */
import { describe, expect, it } from "vitest";
import { RevocationFeed } from "../../../src/identity/revocation-feed.ts";
import { RevocationList } from "../../../src/identity/revocation-list.ts";
import { StalenessWatch } from "../../../src/identity/revocation-staleness.ts";
import { handClock } from "../../support/hand-clock.ts";
import { memoryFiles, memoryLog } from "../../support/key-sources.ts";
import { type ListContent, listSigner, listText, signedList } from "../../support/revocations.ts";
import { revocable } from "../../support/samples.ts";

const NOW_MS = 1_764_000_000_000;
const STATE = "/state";
const signer = listSigner();
const entry = (value: string) => ({ kind: "jti", value, until: 1_764_009_999 });
const signed = (content: Partial<ListContent>) =>
  signedList({ sequence: 1, issuedAtMs: NOW_MS, ...content }, signer);

function newFeed(memory = memoryFiles(), isSigned = true) {
  const clock = handClock(NOW_MS);
  const list = new RevocationList({ clock, skewMs: 30_000, refuseMs: 3_600_000 });
  const { log, lines } = memoryLog();
  let taken = 0;
  const feed = new RevocationFeed({
    list,
    keys: isSigned ? () => signer.keys : undefined,
    files: memory.files,
    statePath: STATE,
    log,
    onTaken: () => {
      taken++;
    },
  });
  const isOut = (value: string) => list.isRevoked(revocable({ tokenId: value }));
  return { feed, list, lines, memory, clock, isOut, taken: () => taken };
}

it("takes lists in the order they came and passes over what it has", async () => {
  const { feed, list, taken } = newFeed();
  const first = signed({ sequence: 3, entries: [entry("a")] });
  const change = signed({ sequence: 4, full: false, entries: [entry("b")] });
  const answers = await Promise.all([
    feed.offerList(first),
    feed.offerChange(change),
    feed.offerList(first),
    feed.offerChange(signed({ sequence: 6, full: false })),
  ]);
  expect(answers).toEqual(["replaced", "extended", "old", "gap"]);
  expect(list.figures).toMatchObject({ sequence: 4, entries: 2 });
  expect(taken()).toBe(2);
});

it("reads a heartbeat without its entries, and an old one after a change not at all", async () => {
  const { feed, list, clock } = newFeed();
  await feed.offerList(signed({ sequence: 3, entries: [entry("a")] }));
  clock.advance(2_000);
  const issuedAtMs = NOW_MS + 2_000;
  expect(await feed.offerList(signed({ sequence: 3, issuedAtMs, entries: [entry("a")] }))).toBe(
    "renewed",
  );
  expect(list.ageMs).toBe(0);
  await feed.offerChange(signed({ sequence: 4, issuedAtMs, full: false, entries: [entry("b")] }));
  const late = signed({ sequence: 3, issuedAtMs: NOW_MS + 1_000, entries: [entry("a")] });
  expect(await feed.offerList(late)).toBeUndefined();
  expect(list.figures).toMatchObject({ sequence: 4, entries: 2 });
});

it("takes a list without signature only where that was asked for", async () => {
  const text = listText({ sequence: 1, issuedAtMs: NOW_MS, entries: [entry("a")] });
  expect(await newFeed().feed.offerList(text)).toBeUndefined();
  const { feed, isOut } = newFeed(memoryFiles(), false);
  expect(await feed.offerList(text)).toBe("replaced");
  expect(isOut("a")).toBe(true);
});

it("keeps the last good list, counts every fault and tells each kind once", async () => {
  const { feed, lines, isOut } = newFeed();
  await feed.offerList(signed({ sequence: 3, entries: [entry("a")] }));
  const foreign = signedList({ sequence: 9, issuedAtMs: NOW_MS }, listSigner());
  await feed.offerList(foreign);
  await feed.offerList(foreign);
  await feed.offerList(signed({ sequence: 2 }));
  await feed.offerList(signed({ sequence: 4, full: false }));
  await feed.offerList("");
  feed.failed(new Error("no connection"));
  expect([...feed.faultsByCause]).toEqual([
    ["signature", 2],
    ["sequence", 1],
    ["form", 2],
    ["source", 1],
  ]);
  const errors = lines.filter((line) => line.startsWith("error"));
  expect(errors.map((line) => /"cause":"(\w+)"/.exec(line)?.[1])).toEqual([
    "signature",
    "sequence",
    "form",
    "source",
  ]);
  expect(isOut("a")).toBe(true);
});

describe("a restart", () => {
  it("T28: still knows what was revoked, and takes no older list", async () => {
    const memory = memoryFiles();
    const before = newFeed(memory);
    await before.feed.offerList(signed({ sequence: 3, entries: [entry("a")] }));
    await before.feed.offerChange(signed({ sequence: 4, full: false, entries: [entry("b")] }));

    const { feed, isOut, list } = newFeed(memory);
    await feed.restore();
    expect([isOut("a"), isOut("b"), isOut("c")]).toEqual([true, true, false]);
    expect(await feed.offerList(signed({ sequence: 3 }))).toBeUndefined();
    expect([isOut("a"), isOut("b")]).toEqual([true, true]);
    const whole = signed({ sequence: 4, entries: [entry("a"), entry("b")] });
    expect(await feed.offerList(whole)).toBe("replaced");
    expect([isOut("b"), list.highestSequence]).toEqual([true, 4]);
  });

  it("T28: keeps a change that came before any whole list for the restart after it", async () => {
    const memory = memoryFiles();
    await newFeed(memory).feed.offerList(signed({ sequence: 3, entries: [entry("a")] }));
    const second = newFeed(memory);
    await second.feed.restore();
    await second.feed.offerChange(signed({ sequence: 4, full: false, entries: [entry("b")] }));

    const third = newFeed(memory);
    await third.feed.restore();
    expect([third.isOut("a"), third.isOut("b")]).toEqual([true, true]);
    expect(third.list.highestSequence).toBe(4);
  });

  it("goes on with the number alone when the keys were changed", async () => {
    const other = signedList({ sequence: 7, issuedAtMs: NOW_MS }, listSigner());
    const state = JSON.stringify({ sequence: 7, list: other, changes: [] });
    const { feed, list, lines } = newFeed(memoryFiles({ [STATE]: state }));
    await feed.restore();
    expect(list.isLoaded).toBe(false);
    expect(lines[0]).toMatch(/^warn/);
    expect(await feed.offerList(signed({ sequence: 6 }))).toBeUndefined();
    expect(await feed.offerList(signed({ sequence: 7 }))).toBe("replaced");
  });

  it("decides nothing with a kept list that is known to be behind", async () => {
    const list = signed({ sequence: 3, entries: [entry("a")] });
    const state = JSON.stringify({ sequence: 4, list, changes: [] });
    const { feed, isOut, list: inForce } = newFeed(memoryFiles({ [STATE]: state }));
    await feed.restore();
    expect(isOut("a")).toBe(true);
    expect(() => isOut("b")).toThrow("identity.keys_unavailable");
    expect(inForce.ageMs).toBe(Number.POSITIVE_INFINITY);
    await feed.offerList(signed({ sequence: 4 }));
    expect(isOut("b")).toBe(false);
  });

  it.each([
    "",
    "null",
    "7",
    "{}",
    '{"sequence":0,"list":"x","changes":[]}',
    '{"sequence":7,"list":"x","changes":[1]}',
  ])("refuses the state file %j", async (text) => {
    const { feed } = newFeed(memoryFiles({ [STATE]: text }));
    await expect(feed.restore()).rejects.toThrow(/protection against older/);
  });

  it("says so when the state can not be written", async () => {
    const memory = memoryFiles();
    const failing = {
      ...memory,
      files: { ...memory.files, replace: () => Promise.reject(new Error("read-only")) },
    };
    const { feed, lines, isOut } = newFeed(failing);
    expect(await feed.offerList(signed({ sequence: 3, entries: [entry("a")] }))).toBe("replaced");
    expect(isOut("a")).toBe(true);
    expect(feed.faultsByCause.get("state")).toBe(1);
    expect(lines.join()).toMatch(/state_file can not be written/);
  });

  it("writes nothing for heartbeats", async () => {
    const { feed, memory } = newFeed();
    await feed.offerList(signed({ sequence: 3 }));
    const kept = memory.content(STATE);
    await feed.offerList(signed({ sequence: 3, issuedAtMs: NOW_MS + 2_000 }));
    expect(memory.content(STATE)).toBe(kept);
  });
});

describe("ID-10: a feed that is lost", () => {
  it("warns, is not ready, refuses, and comes back", () => {
    const clock = handClock();
    const { log, lines } = memoryLog();
    const state = { ageMs: Number.POSITIVE_INFINITY, held: 0 };
    const watch = new StalenessWatch({
      clock,
      ageMs: () => state.ageMs,
      warnMs: 10_000,
      notReadyMs: 60_000,
      refuseMs: 600_000,
      log,
      hold: () => {
        state.held++;
        return () => void state.held--;
      },
    });
    const held = [10_000, 0, 10_000, 60_000, 600_000, 59_999, 0].map((ageMs, step) => {
      state.ageMs = step === 0 ? Number.POSITIVE_INFINITY : ageMs;
      clock.advance(1_000);
      return state.held;
    });
    expect(held).toEqual([1, 0, 0, 1, 1, 0, 0]);
    expect(lines.map((line) => line.split(" {")[0])).toEqual([
      "warn revocation list is late, cached allows are capped",
      "error revocation list is too old, not ready",
      "error revocation list is too old, nothing is decided",
      "warn revocation list is late, cached allows are capped",
      "info revocation list is fresh again",
    ]);
    watch.stop();
    expect(clock.waiting).toBe(0);
  });
});
