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

describe("ID-02: the budget of stale keys", () => {
  it("warns, withdraws readiness, refuses, and gives all of it back with the next answer", async () => {
    const { source, script, advance, lines, keyIds, holds } = rig(one);
    const starting = source.start();
    expect(holds()).toBe(1);
    await starting;
    expect(holds()).toBe(0);
    script.answer = new Error("ECONNREFUSED");
    const told = () => lines.filter((line) => /grows old|too old/.test(line)).length;
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 60_000) await advance(60_000);
      return [told(), holds(), keyIds()?.[0]];
    };
    expect(await pass(19 * 60_000)).toEqual([0, 0, "one"]);
    expect(await pass(2 * 60_000)).toEqual([1, 0, "one"]);
    expect(await pass(22 * HOUR_MS)).toEqual([2, 1, "one"]);
    expect(await pass(2 * HOUR_MS)).toEqual([3, 1, undefined]);
    script.answer = two;
    expect(await pass(60_000)).toEqual([3, 0, "two"]);
  });

  it("leaves readiness alone where the issuer is not required", async () => {
    const { source, advance, holds } = rig(new Error("ECONNREFUSED"), { isRequired: false });
    await source.start();
    await advance(60_000);
    expect(holds()).toBe(0);
  });
});

describe("the set of the last run", () => {
  const keptBy = async (ageMs: number, answer: Answer = one) => {
    const first = rig(answer, { kept: {} });
    await first.source.start();
    const [path = ""] = first.file.paths();
    const kept = JSON.parse(first.file.content(path) ?? "") as { loaded_unix_ms: number };
    return {
      path,
      text: JSON.stringify({ ...kept, loaded_unix_ms: kept.loaded_unix_ms - ageMs }),
      kept,
    };
  };
  const restart = async (path: string, text: string) => {
    const next = rig(new Error("ECONNREFUSED"), { kept: { [path]: text } });
    await next.source.start();
    return next;
  };

  it("ID-01: serves a start without the provider, ready at once", async () => {
    const { path, text } = await keptBy(HOUR_MS);
    const { keyIds, holds, source } = await restart(path, text);
    expect([keyIds(), holds(), source.figures.ageMs]).toEqual([["one"], 0, HOUR_MS]);
  });

  it("is used to the end of its own time, which a restart does not prolong", async () => {
    const { path, text } = await keptBy(23 * HOUR_MS);
    const { keyIds, advance, holds } = await restart(path, text);
    expect([keyIds(), holds()]).toEqual([["one"], 1]);
    await advance(HOUR_MS + 1);
    expect(keyIds()).toBeUndefined();
  });

  it("gives way to the provider", async () => {
    const { path, text } = await keptBy(HOUR_MS);
    const next = rig(two, { kept: { [path]: text } });
    await next.source.start();
    expect(next.source.current?.keys.map(({ keyId }) => keyId)).toEqual(["two"]);
    expect(next.file.content(path)).not.toBe(text);
  });

  it.each<[string, (kept: Record<string, unknown>) => unknown]>([
    [
      "too old",
      (kept) => ({ ...kept, loaded_unix_ms: Number(kept["loaded_unix_ms"]) - 90_000_000 }),
    ],
    ["from the future", (kept) => ({ ...kept, loaded_unix_ms: 2_000_000_000_000 })],
    ["without a time", (kept) => ({ ...kept, loaded_unix_ms: undefined })],
    ["of another source", (kept) => ({ ...kept, source: "f00" })],
    ["with no document", (kept) => ({ ...kept, document: 7 })],
    ["with a bad document", (kept) => ({ ...kept, document: "AAAA" })],
    [
      "with private keys",
      (kept) => ({
        ...kept,
        document: Buffer.from('{"keys":[{"kty":"oct","k":"AAAA"}]}').toString("base64"),
      }),
    ],
    ["a list", () => []],
  ])("is not used when %s", async (_name, change) => {
    const { path, kept } = await keptBy(0);
    const { keyIds, holds } = await restart(path, JSON.stringify(change({ ...kept })));
    expect([keyIds(), holds()]).toEqual([undefined, 1]);
  });

  it("is no condition for running: a folder that can not be written is told and borne", async () => {
    const { source, file, lines, keyIds } = rig(one, { kept: {} });
    file.files.replace = () => Promise.reject(new Error("read-only"));
    await source.start();
    expect(keyIds()).toEqual(["one"]);
    expect(lines.join()).toContain("warn the key set can not be kept");
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
