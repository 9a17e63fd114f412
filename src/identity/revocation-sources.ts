/**
 * Where revocation lists come from: a watched file, or a store that is asked every second and announces
 * changes in between. Sources hand texts to the feed and judge nothing.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import { REVOCATION_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import type { Files, RandomSource, Store } from "../domain/surroundings.ts";
import type { RevocationFeed } from "./revocation-feed.ts";

export const REVOCATION_KEY = "sark:authz:revocations";
export const REVOCATION_CHANNEL = "sark:authz:revocation";

const POLL_MS = 1_000;
/** Many sidecars that start together do not stay together. */
const POLL_JITTER_RATIO = 0.1;
/** Announcements waiting for their turn; the next poll makes up for what is dropped. */
const CHANGES_WAITING_MAX = 64;

export interface RevocationSource {
  /** Resolves after the first attempt, whatever came of it. */
  start(): Promise<void>;
  stop(): void;
}

export function fileRevocations(
  files: Files,
  path: string,
  feed: RevocationFeed,
): RevocationSource {
  let reading: "idle" | "running" | "again" = "idle";
  let stopWatch = () => {};

  const readOnce = async () => {
    try {
      const bytes = await files.read(path, REVOCATION_TEXT_CHARACTERS_MAX);
      await feed.offerList(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      feed.failed(error);
    }
  };
  /** One read at a time: a slow old read can not come after a newer one. */
  const read = async (): Promise<void> => {
    if (reading !== "idle") {
      reading = "again";
      return;
    }
    do {
      reading = "running";
      await readOnce();
    } while ((reading as string) === "again");
    reading = "idle";
  };
  return {
    start: () => {
      // Watched before it is read, so that no change falls between the two.
      stopWatch = files.watch(path, () => void read());
      return read();
    },
    stop: () => stopWatch(),
  };
}

export interface StoreRevocationsNeeds {
  readonly store: Store;
  readonly feed: RevocationFeed;
  readonly clock: Pick<Clock, "sleep">;
  readonly random: Pick<RandomSource, "float">;
}

export class StoreRevocations implements RevocationSource {
  readonly #needs: StoreRevocationsNeeds;
  readonly #stopped = new AbortController();
  /** Ends the present pause. */
  #wake = new AbortController();
  #changesWaiting = 0;
  #unsubscribe: () => void = () => {};

  constructor(needs: StoreRevocationsNeeds) {
    this.#needs = needs;
  }

  async start(): Promise<void> {
    const { store } = this.#needs;
    this.#unsubscribe = store.subscribe(REVOCATION_CHANNEL, (text) => void this.#change(text));
    await this.#poll();
    void this.#loop();
  }

  stop(): void {
    this.#stopped.abort();
    this.#unsubscribe();
  }

  async #loop(): Promise<void> {
    const { clock, random } = this.#needs;
    while (!this.#stopped.signal.aborted) {
      const jitter = 1 + POLL_JITTER_RATIO * (2 * random.float() - 1);
      const signal = AbortSignal.any([this.#stopped.signal, this.#wake.signal]);
      await clock.sleep(POLL_MS * jitter, signal).catch(() => undefined);
      this.#wake = new AbortController();
      if (!this.#stopped.signal.aborted) await this.#poll();
    }
  }

  async #poll(): Promise<void> {
    const { store, feed } = this.#needs;
    try {
      const text = await store.get(REVOCATION_KEY, REVOCATION_TEXT_CHARACTERS_MAX);
      if (text === undefined) feed.failed(new Error("the store has no list"));
      else await feed.offerList(text);
    } catch (error) {
      if (!this.#stopped.signal.aborted) feed.failed(error);
    }
  }

  async #change(text: string): Promise<void> {
    if (this.#changesWaiting >= CHANGES_WAITING_MAX) return this.#wake.abort();
    this.#changesWaiting++;
    const taken = await this.#needs.feed.offerChange(text);
    this.#changesWaiting--;
    if (taken === "gap" || taken === undefined) this.#wake.abort();
  }
}
