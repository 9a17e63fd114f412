/**
 * Where an issuer's keys come from. Both sources keep the last good set, load in the background only,
 * and answer a Check from memory.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import type { Files, Surroundings } from "../domain/surroundings.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet, KeySetError } from "./key-admission.ts";

export interface KeySource {
  /** Undefined while no set was ever loaded, or when the last good one is too old. */
  readonly current: KeySet | undefined;
  /** A token named a key nobody knows: look again soon. Never waits. */
  missed(): void;
  /** Called after every new set. */
  onChange(listener: () => void): void;
  stop(): void;
}

/** A file next to the configuration, read again when it changes. */
export class FileKeySource implements KeySource {
  readonly #listeners: (() => void)[] = [];
  readonly #log: Logger;
  readonly #stopWatch: () => void;
  #set: KeySet;

  private constructor(path: string, set: KeySet, files: Files, log: Logger) {
    this.#set = set;
    this.#log = log;
    this.#stopWatch = files.watch(path, () => void this.#reload(path, files));
  }

  /** @throws {ConfigError} naming the file, the problem and the remedy. */
  static async open(path: string, files: Files, log: Logger): Promise<FileKeySource> {
    try {
      const set = admitKeys(await files.read(path, KEY_SET_BYTES_MAX));
      return new FileKeySource(path, set, files, log);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const problem = error instanceof KeySetError ? error.message : `can not be read (${code})`;
      throw new ConfigError([`${path}: ${problem}; give a JWK Set with at least one public key`], {
        cause: error,
      });
    }
  }

  get current(): KeySet {
    return this.#set;
  }

  missed(): void {
    // The watch reads the file as soon as it changes; asking more often finds nothing new.
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#stopWatch();
  }

  async #reload(path: string, files: Files): Promise<void> {
    try {
      this.#set = admitKeys(await files.read(path, KEY_SET_BYTES_MAX));
      this.#log.info("key set replaced", { keys: this.#set.keys.length });
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#log.error("key set refused, the last good one stays", { err: error });
    }
  }
}

export interface HttpsKeySourceOptions {
  readonly url: string;
  readonly caPem: string | undefined;
  readonly allowPrivate: boolean;
  readonly log: Logger;
}

const REFRESH_MS = 600_000;
const REFRESH_JITTER_RATIO = 0.1;
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 60_000;
/** Whatever the load, an unknown key id asks the provider at most this often. */
const MISS_COOLDOWN_MS = 5_000;
const STALE_MS_MAX = 24 * 3_600_000;
const CONNECT_MS = 2_000;
const TOTAL_MS = 5_000;
const JSON_TYPE = /^application\/(jwk-set\+)?json\s*(;|$)/i;

/** An https URL, fetched in the background: regularly, after failures, and once for an unknown key. */
export class HttpsKeySource implements KeySource {
  readonly #options: HttpsKeySourceOptions;
  readonly #surroundings: Surroundings;
  readonly #listeners: (() => void)[] = [];
  readonly #stopped = new AbortController();
  #set: KeySet | undefined;
  #loadedMonotonicMs = 0;
  #failures = 0;
  #lastAskedMs = Number.NEGATIVE_INFINITY;
  #wake: AbortController | undefined;

  constructor(options: HttpsKeySourceOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
  }

  get current(): KeySet | undefined {
    const ageMs = this.#surroundings.clock.monotonicMs() - this.#loadedMonotonicMs;
    return ageMs > STALE_MS_MAX ? undefined : this.#set;
  }

  /** Starts the loop; resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    await this.#refresh();
    void this.#loop();
  }

  missed(): void {
    const nowMs = this.#surroundings.clock.monotonicMs();
    if (nowMs - this.#lastAskedMs < MISS_COOLDOWN_MS) return;
    this.#lastAskedMs = nowMs;
    this.#wake?.abort();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake?.abort();
  }

  async #loop(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#wake = new AbortController();
      await this.#surroundings.clock
        .sleep(this.#pauseMs(), this.#wake.signal)
        .catch(() => undefined);
      if (this.#stopped.signal.aborted) return;
      await this.#refresh();
    }
  }

  #pauseMs(): number {
    const chance = this.#surroundings.random.float();
    if (this.#failures === 0) return REFRESH_MS * (1 + REFRESH_JITTER_RATIO * (2 * chance - 1));
    const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (this.#failures - 1));
    return BACKOFF_MS_MIN + backoffMs * chance;
  }

  async #refresh(): Promise<void> {
    const { url, caPem, allowPrivate, log } = this.#options;
    this.#lastAskedMs = this.#surroundings.clock.monotonicMs();
    try {
      const reply = await this.#surroundings.http.get(
        {
          url,
          bodyBytesMax: KEY_SET_BYTES_MAX,
          connectMs: CONNECT_MS,
          totalMs: TOTAL_MS,
          allowPrivate,
          ...(caPem === undefined ? {} : { caPem }),
        },
        this.#stopped.signal,
      );
      if (reply.status !== 200) throw new KeySetError(`HTTP status ${reply.status}`);
      if (!JSON_TYPE.test(reply.headers.get("content-type") ?? "")) {
        throw new KeySetError("content type is not JSON");
      }
      this.#set = admitKeys(reply.body);
      this.#loadedMonotonicMs = this.#surroundings.clock.monotonicMs();
      this.#failures = 0;
      for (const listener of this.#listeners) listener();
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#failures++;
      log.warn("key set not loaded, the last good one stays", { err: error });
    }
  }
}
