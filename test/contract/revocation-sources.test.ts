/** File and store keep the same promises: what is written arrives, what is wrong changes nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../src/domain/surroundings.ts";
import { fileSystem } from "../../src/host/file-system.ts";
import { openRedisStore } from "../../src/host/redis-store.ts";
import { systemClock } from "../../src/host/system-clock.ts";
import { systemRandom } from "../../src/host/system-random.ts";
import { RevocationFeed } from "../../src/identity/revocation-feed.ts";
import { RevocationList } from "../../src/identity/revocation-list.ts";
import {
  fileRevocations,
  REVOCATION_CHANNEL,
  REVOCATION_KEY,
  type RevocationSource,
  StoreRevocations,
} from "../../src/identity/revocation-sources.ts";
import { memoryFiles, memoryLog } from "../support/key-sources.ts";
import { listSigner, signedList } from "../support/revocations.ts";
import { lacksValkey, startValkey, type Valkey } from "../support/valkey.ts";
import { waitUntil } from "../support/wait-until.ts";

const signer = listSigner();
const entry = (value: string) => ({ kind: "jti", value, until: 4_000_000_000 });
/** The goal of the design: seen within five seconds, whatever happens to announcements. */
const VISIBLE = { boundMs: 5_000 };

interface Rig {
  write(text: string): Promise<void>;
  source(feed: RevocationFeed): RevocationSource;
  stop(): Promise<void>;
}

function newFeed() {
  const list = new RevocationList({ clock: systemClock, skewMs: 0, refuseMs: 3_600_000 });
  const feed = new RevocationFeed({
    list,
    keys: () => signer.keys,
    files: memoryFiles().files,
    statePath: "/state",
    log: memoryLog().log,
    onTaken: () => undefined,
  });
  return { list, feed };
}

function signed(sequence: number, values: readonly string[], full = true): string {
  const content = { sequence, issuedAtMs: Date.now(), full, entries: values.map(entry) };
  return signedList(content, signer);
}

function suite(open: () => Promise<Rig>): void {
  let rig: Rig;
  beforeAll(async () => {
    rig = await open();
  });
  afterAll(() => rig.stop());

  it("ID-09: shows a list that was there and one that replaces it", async () => {
    const { list, feed } = newFeed();
    await rig.write(signed(1, ["a"]));
    const source = rig.source(feed);
    await source.start();
    expect(list.figures).toMatchObject({ sequence: 1, entries: 1 });
    await rig.write(signed(2, ["a", "b"]));
    await waitUntil("the second list", () => list.figures.sequence === 2, VISIBLE);
    source.stop();
  });

  it("keeps the last good list when a wrong, an older or no list comes", async () => {
    const { list, feed } = newFeed();
    await rig.write(signed(5, ["a"]));
    const source = rig.source(feed);
    await source.start();
    const isCounted = (fault: "form" | "sequence") => () => feed.faultsByCause.has(fault);
    await rig.write("nonsense");
    await waitUntil("the wrong list", isCounted("form"), VISIBLE);
    await rig.write(signed(4, []));
    await waitUntil("the older list", isCounted("sequence"), VISIBLE);
    expect(list.figures).toMatchObject({ sequence: 5, entries: 1 });
    await rig.write(signed(6, []));
    await waitUntil("a good list again", () => list.figures.sequence === 6, VISIBLE);
    source.stop();
  });

  it("counts a source without a list and takes the first one that comes", async () => {
    const { list, feed } = newFeed();
    await rig.write("");
    const source = rig.source(feed);
    await source.start();
    expect(feed.faultsByCause.size).toBe(1);
    await rig.write(signed(7, []));
    await waitUntil("the first list", () => list.isLoaded, VISIBLE);
    source.stop();
  });
}

describe("a file", () => {
  suite(async () => {
    const folder = mkdtempSync(join(tmpdir(), "sark-revocations-"));
    const path = join(folder, "revocations.jws");
    return {
      write: (text) => fileSystem.replace(path, Buffer.from(text)),
      source: (feed) => fileRevocations(fileSystem, path, feed),
      stop: async () => rmSync(folder, { recursive: true }),
    };
  });
});

describe.skipIf(lacksValkey())("a store", () => {
  let valkey: Valkey;
  let store: Store;
  const { log } = memoryLog();
  const needs = { clock: systemClock, random: systemRandom };
  const open = async () => {
    valkey = await startValkey();
    store = await openRedisStore(
      {
        address: `127.0.0.1:${valkey.port}`,
        url_file: null,
        username: null,
        password_file: null,
        database: 0,
        tls: false,
        ca_file: null,
      },
      { ...needs, log },
    );
  };
  const write = async (value: string, change?: string) => {
    const announcement = { channel: REVOCATION_CHANNEL, message: change ?? "" };
    await store.update(REVOCATION_KEY, 1_000_000, () =>
      change === undefined ? { value } : { value, announcement },
    );
  };

  suite(async () => {
    await open();
    return {
      write,
      source: (feed) => new StoreRevocations({ store, feed, ...needs }),
      stop: async () => {
        await store.close();
        await valkey.stop();
      },
    };
  });

  it("ID-09: hears of a change before the next poll", async () => {
    const { list, feed } = newFeed();
    await write(signed(20, ["a"]));
    // Polls once at start, then never: what comes later has been announced.
    const clock = { sleep: () => new Promise<void>(() => {}) };
    const source = new StoreRevocations({ store, feed, clock, random: systemRandom });
    await source.start();
    await write(signed(21, ["a", "b"]), signed(21, ["b"], false));
    await waitUntil("the change", () => list.figures.sequence === 21, VISIBLE);
    source.stop();
  });

  it("ID-10: reads the whole list when an announcement was lost", async () => {
    const { list, feed } = newFeed();
    await write(signed(30, ["a"]));
    const source = new StoreRevocations({ store, feed, ...needs });
    await source.start();
    await write(signed(31, ["a", "b"]));
    await write(signed(32, ["a", "b", "c"]), signed(32, ["c"], false));
    await waitUntil("all changes", () => list.figures.entries === 3, VISIBLE);
    source.stop();
  });

  it("ID-10: goes on when the server comes back, and loses nothing meanwhile", async () => {
    const { list, feed } = newFeed();
    await write(signed(40, ["a"]));
    const source = new StoreRevocations({ store, feed, ...needs });
    await source.start();
    await valkey.restart();
    await waitUntil("the outage", () => feed.faultsByCause.has("source"));
    expect(list.figures.sequence).toBe(40);
    await waitUntil("the connection", () => store.isConnected);
    await write(signed(41, ["a", "b"]), signed(41, ["b"], false));
    await waitUntil("the list", () => list.figures.sequence === 41, VISIBLE);
    source.stop();
  });
});
