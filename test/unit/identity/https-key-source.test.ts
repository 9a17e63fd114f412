/** Keys from an https URL: fetched in the background only, stale before absent, and never too often. */
import { beforeAll, describe, expect, it } from "vitest";
import { HttpsKeySource } from "../../../src/identity/https-key-source.ts";
import { KeptKeySet } from "../../../src/identity/kept-key-set.ts";
import { handClock } from "../../support/hand-clock.ts";
import {
  type Answer,
  jsonAnswer,
  memoryFiles,
  memoryLog,
  scriptedHttp,
  settle,
} from "../../support/key-sources.ts";
import { createIssuer } from "../../support/tokens.ts";

const HOUR_MS = 3_600_000;
const URL_TEXT = "https://idp.example/jwks";
let one: Answer;
let two: Answer;
beforeAll(async () => {
  one = jsonAnswer((await createIssuer({ kid: "one" })).jwks());
  two = jsonAnswer((await createIssuer({ kid: "two" })).jwks());
});

interface RigOptions {
  readonly chance?: number;
  readonly isRequired?: boolean;
  readonly kept?: Record<string, string>;
}

function rig(answer: Answer, { chance = 0.5, isRequired = true, kept }: RigOptions = {}) {
  const clock = handClock();
  const web = scriptedHttp(answer);
  const file = memoryFiles(kept);
  const { log, lines } = memoryLog();
  const random = { bytes: () => new Uint8Array(), float: () => chance, uuid: () => "" };
  const issuer = "https://idp.example";
  let holds = 0;
  const hold = () => {
    holds++;
    return () => void holds--;
  };
  const source = new HttpsKeySource(
    {
      url: URL_TEXT,
      issuer,
      caPem: undefined,
      allowPrivate: false,
      staleMsMax: 24 * HOUR_MS,
      kept:
        kept && new KeptKeySet({ folder: "kept", issuer, url: URL_TEXT, files: file.files, clock }),
      hold: isRequired ? hold : undefined,
      log,
    },
    { clock, http: web.http, random },
  );
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const keyIds = () => source.current?.keys.map((key) => key.keyId);
  const { calls, script } = web;
  return { clock, source, lines, file, calls, script, advance, keyIds, holds: () => holds };
}

describe("first load", () => {
  it("has no keys before it and its keys behind it", async () => {
    const { source, keyIds } = rig(one);
    expect(keyIds()).toBeUndefined();
    await source.start();
    expect([keyIds(), source.figures.revision]).toEqual([["one"], 1]);
  });

  it("asks with bounds, once", async () => {
    const { source, calls } = rig(one);
    await source.start();
    expect(calls).toEqual([
      {
        url: URL_TEXT,
        bodyBytesMax: 262_144,
        connectMs: 2_000,
        totalMs: 5_000,
        allowPrivate: false,
      },
    ]);
  });

  it("goes on trying after 1, 2, 4 … 60 seconds", async () => {
    const { source, calls, script, advance, keyIds } = rig(new Error("ECONNREFUSED"), {
      chance: 1,
    });
    await source.start();
    for (const pauseS of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = calls.length;
      await advance(pauseS * 1_000 - 1);
      expect(calls.length).toBe(before);
      await advance(1);
      expect(calls.length).toBe(before + 1);
    }
    expect(keyIds()).toBeUndefined();
    script.answer = one;
    await advance(60_000);
    expect(keyIds()).toEqual(["one"]);
  });
});

describe("refresh", () => {
  it.each([
    [0, 540_000],
    [0.5, 600_000],
    [1, 660_000],
  ])("with chance %d happens after %i ms", async (chance, pauseMs) => {
    const { source, calls, script, advance, keyIds } = rig(one, { chance });
    await source.start();
    script.answer = two;
    await advance(pauseMs - 1);
    expect([calls.length, keyIds()]).toEqual([1, ["one"]]);
    await advance(1);
    expect([calls.length, keyIds()]).toEqual([2, ["two"]]);
  });

  it.each<[string, () => Answer]>([
    ["an error of the connection", () => new Error("ECONNRESET")],
    ["status 500", () => ({ ...(one as object), status: 500 }) as Answer],
    ["status 304", () => ({ ...(one as object), status: 304 }) as Answer],
    ["a redirect", () => ({ ...(one as object), status: 302 }) as Answer],
    ["HTML", () => jsonAnswer({ keys: [] }, "text/html")],
    ["a type that only begins like JSON", () => jsonAnswer({ keys: [] }, "application/jsonp")],
    ["no type", () => jsonAnswer({ keys: [] }, "")],
    ["an empty set", () => jsonAnswer({ keys: [] })],
    ["private keys only", () => jsonAnswer({ keys: [{ kty: "oct", k: "AAAA" }] })],
    ["65 keys", () => jsonAnswer({ keys: Array.from({ length: 65 }, () => ({})) })],
    ["a document above the bound", () => jsonAnswer({ keys: [], x: "x".repeat(262_144) })],
  ])("keeps the last good set after %s", async (_name, answer) => {
    const { source, script, advance, keyIds, lines } = rig(one);
    await source.start();
    script.answer = answer();
    await advance(600_000);
    expect(keyIds()).toEqual(["one"]);
    expect(lines.at(-1)).toContain("warn key set not loaded");
    script.answer = two;
    await advance(1_000);
    expect(keyIds()).toEqual(["two"]);
  });

  it.each(["application/json", "application/json; charset=utf-8", "Application/JWK-Set+JSON"])(
    "takes %s",
    async (type) => {
      const answer = one as Exclude<Answer, Error>;
      const { source, keyIds } = rig({ ...answer, headers: new Map([["content-type", type]]) });
      await source.start();
      expect(keyIds()).toEqual(["one"]);
    },
  );
});

describe("ID-02: stale keys", () => {
  it("are used for a day without answers, then no more, and again after the next answer", async () => {
    const { clock, source, script, advance, keyIds } = rig(one);
    await source.start();
    script.answer = new Error("ECONNREFUSED");
    await advance(24 * HOUR_MS);
    expect(keyIds()).toEqual(["one"]);
    clock.jumpWall(-24 * HOUR_MS);
    await advance(1);
    expect(keyIds()).toBeUndefined();
    script.answer = two;
    await advance(60_000);
    expect(keyIds()).toEqual(["two"]);
  });
});

describe("ID-05: an unknown key", () => {
  it("T22: asks once in 5 seconds whatever the load", async () => {
    const { source, calls, advance } = rig(one);
    await source.start();
    for (let second = 0; second < 20; second++) {
      for (let miss = 0; miss < 500; miss++) source.missed(`k${second}-${miss}`);
      await advance(1_000);
    }
    // 10,000 key ids in 20 seconds; the first load counts too, the last slot is open.
    expect(calls.length).toBe(1 + 4);
  });

  it("brings a new key as soon as the cool-down is over, even when it was missed within", async () => {
    const { source, script, advance, keyIds } = rig(one);
    await source.start();
    script.answer = two;
    source.missed("two");
    await advance(4_999);
    expect(keyIds()).toEqual(["one"]);
    await advance(1);
    expect(keyIds()).toEqual(["two"]);
  });

  it("asks for the same key id once in a minute", async () => {
    const { source, calls, advance } = rig(one);
    await source.start();
    for (let second = 0; second < 59; second++) {
      source.missed("bogus");
      await advance(1_000);
    }
    expect(calls.length).toBe(2);
    await advance(1_000);
    source.missed("bogus");
    await advance(0);
    expect(calls.length).toBe(3);
  });

  it("counts failures too", async () => {
    const { source, calls, script, advance } = rig(one, { chance: 1 });
    await source.start();
    script.answer = new Error("ECONNREFUSED");
    await advance(5_000);
    source.missed("a");
    await settle();
    expect(calls.length).toBe(2);
    source.missed("b");
    await settle();
    expect(calls.length).toBe(2);
  });
});

it("is silent once stopped", async () => {
  const { clock, source, calls, advance } = rig(one);
  await source.start();
  source.stop();
  await settle();
  expect(clock.waiting).toBe(0);
  await advance(3_600_000);
  source.missed(undefined);
  await settle();
  expect(calls.length).toBe(1);
});
