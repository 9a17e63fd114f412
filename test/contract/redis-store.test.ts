/** The store on a real server: bounded, never queueing, back after every kind of outage. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RedisSettings } from "../../src/host/redis-address.ts";
import { openRedisStore, retryMs } from "../../src/host/redis-store.ts";
import { systemClock } from "../../src/host/system-clock.ts";
import { systemRandom } from "../../src/host/system-random.ts";
import { memoryLog } from "../support/key-sources.ts";
import { lacksValkey, startValkey, type Valkey } from "../support/valkey.ts";
import { waitUntil } from "../support/wait-until.ts";

const PASSWORD = "canary-4f9d1e";
const KEY = "key";
const BYTES_MAX = 100;

it("spreads attempts to connect over a time that grows to five seconds", () => {
  expect([0, 1, 3, 6, 50].map((retries) => retryMs(retries, 0))).toEqual([
    50, 100, 400, 2_500, 2_500,
  ]);
  expect([0, 1, 3, 6, 50].map((retries) => retryMs(retries, 1))).toEqual([
    100, 200, 800, 5_000, 5_000,
  ]);
});

describe.skipIf(lacksValkey())("the store", () => {
  let valkey: Valkey;
  let folder: string;
  const { log, lines } = memoryLog();
  const needs = { clock: systemClock, random: systemRandom, log };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sark-store-"));
    valkey = await startValkey(PASSWORD);
    writeFileSync(join(folder, "password"), `${PASSWORD}\n`);
    writeFileSync(join(folder, "wrong"), "canary-wrong");
    writeFileSync(join(folder, "url"), `redis://:${PASSWORD}@127.0.0.1:${valkey.port}/0\n`);
  });
  afterAll(async () => {
    await valkey.stop();
    rmSync(folder, { recursive: true });
    expect(lines.join("\n")).not.toMatch(/canary/);
  });

  const settings = (change: Partial<RedisSettings> = {}): RedisSettings => ({
    address: `127.0.0.1:${valkey.port}`,
    url_file: null,
    username: null,
    password_file: join(folder, "password"),
    database: 0,
    tls: false,
    ca_file: null,
    ...change,
  });
  const open = (change?: Partial<RedisSettings>) => openRedisStore(settings(change), needs);
  const set = (value: string) => () => ({ value });

  it("reads what was written, by password and by URL", async () => {
    const store = await open();
    expect(store.isConnected).toBe(true);
    expect(await store.get("absent", BYTES_MAX)).toBeUndefined();
    expect(await store.update(KEY, BYTES_MAX, set("value"))).toBe(true);
    const other = await open({ address: null, password_file: null, url_file: join(folder, "url") });
    expect(await other.get(KEY, BYTES_MAX)).toBe("value");
    await Promise.all([store.close(), other.close()]);
  });

  it("refuses a value above the bound", async () => {
    const store = await open();
    await store.update(KEY, BYTES_MAX, set("x".repeat(BYTES_MAX + 1)));
    await expect(store.get(KEY, BYTES_MAX)).rejects.toThrow(/above 100 bytes/);
    expect(await store.get(KEY, BYTES_MAX + 1)).toHaveLength(BYTES_MAX + 1);
    await store.close();
  });

  it("writes nothing when somebody else wrote first, or when there is nothing to write", async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const isWritten = await one.update(KEY, 1_000, async () => {
      await other.update(KEY, 1_000, set("theirs"));
      return { value: "mine" };
    });
    expect(isWritten).toBe(false);
    expect(await one.update(KEY, 1_000, () => undefined)).toBe(true);
    expect(await one.get(KEY, 1_000)).toBe("theirs");
    expect(await one.update(KEY, 1_000, (before) => ({ value: `${before}+` }))).toBe(true);
    expect(await one.get(KEY, 1_000)).toBe("theirs+");
    await expect(
      one.update(KEY, 1_000, () => Promise.reject(new Error("changed my mind"))),
    ).rejects.toThrow("changed my mind");
    await Promise.all([one.close(), other.close()]);
  });

  it("takes changes of one process one after the other", async () => {
    const store = await open();
    await store.update("count", BYTES_MAX, set("0"));
    const add = () =>
      store.update("count", BYTES_MAX, async (before) => ({ value: String(Number(before) + 1) }));
    expect(await Promise.all(Array.from({ length: 20 }, add))).not.toContain(false);
    expect(await store.get("count", BYTES_MAX)).toBe("20");
    await store.close();
  });

  it("is not connected with a wrong password, and says nothing of it", async () => {
    const store = await open({ password_file: join(folder, "wrong") });
    expect(store.isConnected).toBe(false);
    await expect(store.get(KEY, BYTES_MAX)).rejects.toThrow();
    writeFileSync(join(folder, "wrong"), PASSWORD);
    await waitUntil("the right password to be read", () => store.isConnected);
    await store.close();
  });

  it.each([
    ["no URL", "hello"],
    ["another scheme", `https://:${PASSWORD}@host/0`],
    ["a query", `redis://:${PASSWORD}@host/0?x=1`],
    ["a path", `redis://:${PASSWORD}@host/zero`],
  ])("refuses a url_file with %s without showing it", async (_name, text) => {
    const file = join(folder, "bad-url");
    writeFileSync(file, text);
    const opening = open({ address: null, password_file: null, url_file: file });
    const problem = await opening.then(String, (thrown: Error) => thrown.message);
    expect(problem).toMatch(/bad-url: holds no redis:/);
    expect(problem).not.toContain(PASSWORD);
  });

  it("names a file that can not be read", async () => {
    await expect(open({ password_file: join(folder, "none") })).rejects.toThrow(/none: can not/);
  });

  it("ID-10: gives up a connection that stays silent, and hears again afterwards", async () => {
    const store = await open();
    const heard: string[] = [];
    const stop = store.subscribe("news", (message) => void heard.push(message));
    valkey.signal("SIGSTOP");
    await expect(store.get(KEY, 1_000)).rejects.toThrow(/did not answer/);
    expect(store.isConnected).toBe(false);
    await expect(store.get(KEY, 1_000)).rejects.toThrow();
    valkey.signal("SIGCONT");
    await waitUntil("a new connection", () => store.isConnected);
    const say = () =>
      store.update(KEY, 1_000, () => ({
        value: "v",
        announcement: { channel: "news", message: "hello" },
      }));
    await waitUntil("the news", async () => {
      await say();
      return heard.length > 0;
    });
    stop();
    await store.close();
  });
});
