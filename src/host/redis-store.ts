/**
 * A store on Redis or Valkey. Owns @redis/client: nothing is queued while it is not connected, every
 * command has a bound, and a connection that stays silent is given up for a new one.
 *
 * @module
 */
import { createClient, WatchError } from "@redis/client";
import type { Clock } from "../domain/clock.ts";
import type { Logger } from "../domain/logger.ts";
import type { RandomSource, Store } from "../domain/surroundings.ts";
import { type RedisSettings, readRedisAddress } from "./redis-address.ts";

export interface RedisStoreNeeds {
  readonly clock: Pick<Clock, "sleep">;
  readonly random: Pick<RandomSource, "float">;
  readonly log: Logger;
}

type Client = ReturnType<typeof newClient>;
type Heard = (message: string) => void;
type Update = Parameters<Store["update"]>;

const CONNECT_MS = 2_000;
const COMMAND_MS = 2_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;

/**
 * Resolves once the first attempt to connect is over, whatever came of it.
 * Rejects with `ConfigError` for files that can not be used.
 */
export async function openRedisStore(
  settings: RedisSettings,
  needs: RedisStoreNeeds,
): Promise<Store> {
  const address = readRedisAddress(settings);
  const store = new RedisStore(() => newClient(address, needs.random), needs);
  await store.firstAttempt;
  return store;
}

function newClient(
  address: ReturnType<typeof readRedisAddress>,
  random: RedisStoreNeeds["random"],
) {
  const { host, port, database, isTls, caPem, credentials } = address;
  const connection = {
    host,
    port,
    connectTimeout: CONNECT_MS,
    reconnectStrategy: (retries: number) => retryMs(retries, random.float()),
  };
  const trust = caPem === undefined ? {} : { ca: caPem };
  return createClient({
    database,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    socket: isTls ? { ...connection, ...trust, tls: true } : connection,
    ...(credentials === undefined
      ? {}
      : { credentialsProvider: { type: "async-credentials-provider", credentials } }),
  });
}

/** Doubles, and spreads over the upper half, so that many sidecars do not come back at once. */
export function retryMs(retries: number, random: number): number {
  const fullMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(retries, 10));
  return Math.round(fullMs * (0.5 + random / 2));
}

class RedisStore implements Store {
  readonly #connect: () => Client;
  readonly #needs: RedisStoreNeeds;
  readonly #heardBy = new Map<string, Set<Heard>>();
  readonly firstAttempt: Promise<void>;
  #client: Client;
  #isClosed = false;
  /** What was told last, so that an outage is one line. */
  #isToldDown = false;
  #settleFirst: () => void = () => {};
  /** Watched keys belong to the connection, so changes come one after the other. */
  #lastUpdate: Promise<unknown> = Promise.resolve();

  constructor(connect: () => Client, needs: RedisStoreNeeds) {
    this.#connect = connect;
    this.#needs = needs;
    this.firstAttempt = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
    this.#client = this.#open();
  }

  get isConnected(): boolean {
    return this.#client.isReady;
  }

  async get(key: string, bytesMax: number): Promise<string | undefined> {
    return this.#getFrom(this.#client, key, bytesMax);
  }

  subscribe(channel: string, heard: Heard): () => void {
    const entry: Heard = (message) => heard(message); // the same function may listen twice
    const listeners = this.#heardBy.get(channel) ?? new Set();
    listeners.add(entry);
    if (!this.#heardBy.has(channel)) {
      this.#heardBy.set(channel, listeners);
      if (this.isConnected) this.#listen(this.#client, channel);
    }
    return () => listeners.delete(entry);
  }

  update(...[key, bytesMax, change]: Update): Promise<boolean> {
    const turn = this.#lastUpdate.then(() => this.#updateNow(key, bytesMax, change));
    this.#lastUpdate = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#settleFirst();
    // A client that is not open any more would throw.
    if (this.#client.isOpen) this.#client.destroy();
  }

  async #updateNow(...[key, bytesMax, change]: Update): Promise<boolean> {
    const client = this.#client;
    await this.#bounded(client, client.watch(key));
    try {
      const changed = await change(await this.#getFrom(client, key, bytesMax));
      if (changed === undefined) {
        await this.#bounded(client, client.unwatch());
        return true;
      }
      const transaction = client.multi().set(key, changed.value);
      const { announcement } = changed;
      if (announcement !== undefined) {
        transaction.publish(announcement.channel, announcement.message);
      }
      await this.#bounded(client, transaction.exec());
      return true;
    } catch (error) {
      if (error instanceof WatchError) return false;
      if (client.isReady) await client.unwatch().catch(() => undefined);
      throw error;
    }
  }

  /** One byte more than the bound shows a value that is too large without reading it all. */
  async #getFrom(client: Client, key: string, bytesMax: number): Promise<string | undefined> {
    const text = await this.#bounded(client, client.getRange(key, 0, bytesMax));
    if (text === null || text === "") return undefined;
    if (Buffer.byteLength(text) > bytesMax) throw new Error(`the value is above ${bytesMax} bytes`);
    return text;
  }

  #open(): Client {
    const client = this.#connect();
    client.on("ready", () => {
      for (const channel of this.#heardBy.keys()) this.#listen(client, channel);
      if (this.#isToldDown) this.#needs.log.info("store connected again");
      this.#isToldDown = false;
      this.#settleFirst();
    });
    client.on("error", (error) => this.#failed(error));
    client.connect().catch(() => undefined); // told as an event, tried again by the client
    return client;
  }

  #failed(err: unknown): void {
    this.#settleFirst();
    if (this.#isToldDown || this.#isClosed) return;
    this.#isToldDown = true;
    this.#needs.log.error("store not reachable, what is known of it stays", { err });
  }

  #listen(client: Client, channel: string): void {
    const hear = (message: string) => {
      if (client !== this.#client) return;
      for (const heard of this.#heardBy.get(channel) ?? []) heard(message);
    };
    client.subscribe(channel, hear).catch((error: unknown) => this.#failed(error));
  }

  /** A server that does not answer holds its connection open: only a new one can help. */
  async #bounded<Reply>(client: Client, reply: Promise<Reply>): Promise<Reply> {
    const answered = new AbortController();
    const overdue = this.#needs.clock.sleep(COMMAND_MS, answered.signal).then(() => {
      const error = new Error(`the store did not answer within ${COMMAND_MS} ms`);
      this.#failed(error);
      if (client === this.#client && !this.#isClosed) {
        this.#client = this.#open();
        if (client.isOpen) client.destroy();
      }
      throw error;
    });
    overdue.catch(() => undefined);
    try {
      return await Promise.race([reply, overdue]);
    } finally {
      answered.abort();
    }
  }
}
