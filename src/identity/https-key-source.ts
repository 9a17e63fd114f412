/**
 * Keys from an https URL, fetched in the background only: regularly, soon again after a failure, and once
 * when a token names an unknown key. The last good set is used for up to a day.
 *
 * @module
 */
import type { Logger } from "../domain/logger.ts";
import type { HttpReply, Surroundings } from "../domain/surroundings.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet, KeySetError } from "./key-admission.ts";
import type { KeySource } from "./key-source.ts";

export interface HttpsKeySourceOptions {
  readonly url: string;
  /** Named in logs. */
  readonly issuer: string;
  readonly caPem: string | undefined;
  readonly allowPrivate: boolean;
  readonly log: Logger;
}

const REFRESH_MS = 600_000;
/** Many sidecars that start together do not stay together. */
const REFRESH_JITTER_RATIO = 0.1;
const BACKOFF_MS_MIN = 1_000;
const BACKOFF_MS_MAX = 60_000;
/** Whatever the load, an unknown key id asks the provider at most this often. */
const MISS_COOLDOWN_MS = 5_000;
const STALE_MS_MAX = 24 * 3_600_000;
const CONNECT_MS = 2_000;
const TOTAL_MS = 5_000;
const JSON_TYPE = /^application\/(jwk-set\+)?json\s*(;|$)/i;

export class HttpsKeySource implements KeySource {
  readonly #options: HttpsKeySourceOptions;
  readonly #surroundings: Omit<Surroundings, "files">;
  readonly #listeners: (() => void)[] = [];
  readonly #stopped = new AbortController();
  #set: KeySet | undefined;
  #loadedMonotonicMs = 0;
  #askedMonotonicMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  /** Ends the present pause. */
  #wake = new AbortController();

  constructor(options: HttpsKeySourceOptions, surroundings: Omit<Surroundings, "files">) {
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
    if (nowMs - this.#askedMonotonicMs < MISS_COOLDOWN_MS) return;
    this.#askedMonotonicMs = nowMs;
    this.#wake.abort();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake.abort();
  }

  async #loop(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#wake = new AbortController();
      await this.#surroundings.clock
        .sleep(this.#pauseMs(), this.#wake.signal)
        .catch(() => undefined);
      if (!this.#stopped.signal.aborted) await this.#refresh();
    }
  }

  #pauseMs(): number {
    const chance = this.#surroundings.random.float();
    if (this.#failures === 0) return REFRESH_MS * (1 + REFRESH_JITTER_RATIO * (2 * chance - 1));
    const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (this.#failures - 1));
    return BACKOFF_MS_MIN + (backoffMs - BACKOFF_MS_MIN) * chance;
  }

  async #refresh(): Promise<void> {
    const { log, issuer } = this.#options;
    const { clock } = this.#surroundings;
    this.#askedMonotonicMs = clock.monotonicMs();
    try {
      const set = admitReply(await this.#ask());
      if (this.#stopped.signal.aborted) return;
      const isFirst = this.#set === undefined;
      this.#set = set;
      this.#loadedMonotonicMs = clock.monotonicMs();
      this.#failures = 0;
      if (isFirst) log.info("key set loaded", { issuer, keys: set.keys.length });
      if (set.dropped.length > 0) log.warn("keys dropped", { issuer, rules: set.dropped });
    } catch (err) {
      if (this.#stopped.signal.aborted) return;
      this.#failures++;
      log.warn("key set not loaded, the last good one stays", { issuer, err });
      return;
    }
    for (const listener of this.#listeners) listener();
  }

  #ask(): Promise<HttpReply> {
    const { url, caPem, allowPrivate } = this.#options;
    return this.#surroundings.http.get(
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
  }
}

/** @throws {KeySetError} */
function admitReply({ status, headers, body }: HttpReply): KeySet {
  if (status !== 200) throw new KeySetError(`HTTP status ${status}`);
  if (!JSON_TYPE.test(headers.get("content-type") ?? "")) {
    throw new KeySetError("content type is not JSON");
  }
  return admitKeys(body);
}
