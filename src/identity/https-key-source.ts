/**
 * Keys from an https URL, fetched in the background only: regularly, soon again after a failure, and once
 * when a token names an unknown key. The last good set is used for a bounded time, over restarts too.
 *
 * @module
 */
import type { Logger } from "../domain/logger.ts";
import type { HttpReply, Surroundings } from "../domain/surroundings.ts";
import type { KeptKeySet } from "./kept-key-set.ts";
import { admitKeys, KEY_SET_BYTES_MAX, type KeySet, KeySetError } from "./key-admission.ts";
import { KeyReport } from "./key-report.ts";
import { KeyRing } from "./key-ring.ts";
import type { KeyFigures, KeySource } from "./key-source.ts";
import {
  pauseAfterFailureMs,
  pauseAfterSuccessMs,
  type Staleness,
  stalenessOf,
} from "./refresh-times.ts";
import { UnknownKeys } from "./unknown-keys.ts";

export interface HttpsKeySourceOptions {
  readonly url: string;
  /** Named in logs. */
  readonly issuer: string;
  readonly caPem: string | undefined;
  readonly allowPrivate: boolean;
  /** How long the last good set is used without its provider. */
  readonly staleMsMax: number;
  /** Where the last good set outlives the process. */
  readonly kept: KeptKeySet | undefined;
  /** Takes a readiness latch; undefined for an issuer that may be absent. */
  readonly hold: (() => () => void) | undefined;
  readonly log: Logger;
}

/** Whatever the load, unknown key ids ask the provider at most this often. */
const MISS_COOLDOWN_MS = 5_000;
const CONNECT_MS = 2_000;
const TOTAL_MS = 5_000;
const JSON_TYPE = /^application\/(jwk-set\+)?json\s*(;|$)/i;

export class HttpsKeySource implements KeySource {
  readonly #options: HttpsKeySourceOptions;
  readonly #surroundings: Pick<Surroundings, "clock" | "random" | "http">;
  readonly #stopped = new AbortController();
  readonly #ring: KeyRing;
  readonly #unknown: UnknownKeys;
  readonly #report: KeyReport;
  #staleness: Staleness = "fresh";
  #release: (() => void) | undefined;
  #loadedMonotonicMs = 0;
  #askedMonotonicMs = Number.NEGATIVE_INFINITY;
  #dueMonotonicMs = 0;
  /** Since the last answer, a token named a key that nobody has. */
  #isWanted = false;
  #failures = 0;
  /** Ends the present pause. */
  #wake = new AbortController();

  constructor(
    options: HttpsKeySourceOptions,
    surroundings: Pick<Surroundings, "clock" | "random" | "http">,
  ) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#ring = new KeyRing(surroundings.clock);
    this.#unknown = new UnknownKeys(surroundings.clock);
    this.#report = new KeyReport(options.issuer, options.log);
  }

  get current(): KeySet | undefined {
    return this.#ageMs > this.#options.staleMsMax ? undefined : this.#ring.current;
  }

  get figures(): KeyFigures {
    const { active, leaving, revision } = this.#ring.figures;
    const { refreshes, rejected } = this.#report;
    const ageMs = revision === 0 ? undefined : this.#ageMs;
    return { ageMs, active, leaving, revision, refreshes, rejected };
  }

  /** Starts the loop; resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    this.#release = this.#options.hold?.();
    await this.#readKept();
    await this.#refresh();
    void this.#loop();
  }

  missed(keyId: string | undefined): void {
    if (!this.#unknown.isNew(keyId)) return;
    this.#isWanted = true;
    this.#wake.abort();
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake.abort();
  }

  get #ageMs(): number {
    return this.#surroundings.clock.monotonicMs() - this.#loadedMonotonicMs;
  }

  async #loop(): Promise<void> {
    const { clock } = this.#surroundings;
    while (!this.#stopped.signal.aborted) {
      this.#wake = new AbortController();
      const wantedMs = this.#isWanted ? this.#askedMonotonicMs + MISS_COOLDOWN_MS : Infinity;
      const pauseMs = Math.min(this.#dueMonotonicMs, wantedMs) - clock.monotonicMs();
      if (pauseMs > 0) await clock.sleep(pauseMs, this.#wake.signal).catch(() => undefined);
      else await this.#refresh();
    }
  }

  async #readKept(): Promise<void> {
    const { kept, log, issuer } = this.#options;
    if (kept === undefined) return;
    try {
      const { set, ageMs } = await kept.read();
      if (this.#stopped.signal.aborted) return;
      this.#loadedMonotonicMs = this.#surroundings.clock.monotonicMs() - ageMs;
      this.#ring.publish(set);
      log.info("key set of the last run taken", { issuer, age_s: Math.floor(ageMs / 1_000) });
      this.#judgeAge();
    } catch (err) {
      log.info("no key set of the last run can be used", { issuer, err });
    }
  }

  async #refresh(): Promise<void> {
    const { log, issuer } = this.#options;
    const { clock, random } = this.#surroundings;
    this.#askedMonotonicMs = clock.monotonicMs();
    this.#isWanted = false;
    try {
      const reply = await this.#ask();
      const set = admitReply(reply);
      if (this.#stopped.signal.aborted) return;
      this.#use(set);
      const cacheControl = reply.headers.get("cache-control");
      const pauseMs = pauseAfterSuccessMs(random.float(), cacheControl);
      this.#dueMonotonicMs = clock.monotonicMs() + pauseMs;
      await this.#keep(reply.body);
    } catch (err) {
      if (this.#stopped.signal.aborted) return;
      this.#failures++;
      this.#report.failed(err);
      const pauseMs = pauseAfterFailureMs(random.float(), this.#failures);
      this.#dueMonotonicMs = clock.monotonicMs() + pauseMs;
      log.warn("key set not loaded, the last good one stays", { issuer, err });
    }
    this.#judgeAge();
  }

  #use(set: KeySet): void {
    const { log, issuer } = this.#options;
    this.#loadedMonotonicMs = this.#surroundings.clock.monotonicMs();
    this.#failures = 0;
    const isNew = this.#ring.publish(set);
    this.#report.loaded(set);
    if (!isNew) return;
    this.#unknown.clear();
    log.info("key set loaded", { issuer, keys: set.keys.length });
  }

  /** Readiness and log follow the age of the set; `current` follows it by itself. */
  #judgeAge(): void {
    const { hold, issuer, log, staleMsMax } = this.#options;
    const staleness: Staleness =
      this.#ring.current === undefined ? "refused" : stalenessOf(this.#ageMs, staleMsMax);
    const isUsable = staleness === "fresh" || staleness === "aging";
    if (isUsable) {
      this.#release?.();
      this.#release = undefined;
    } else this.#release ??= hold?.();
    if (staleness === this.#staleness) return;
    this.#staleness = staleness;
    if (this.#ring.current === undefined || staleness === "fresh") return;
    const fields = { issuer, age_s: Math.floor(this.#ageMs / 1_000) };
    if (isUsable) log.warn("the key set grows old", fields);
    else log.error(`the key set is ${AGE_WORDS[staleness]}`, fields);
  }

  /** A full disk costs the next start its keys, not this run. */
  async #keep(document: Uint8Array): Promise<void> {
    const { kept, log, issuer } = this.#options;
    await kept?.write(document).catch((err: unknown) => {
      log.warn("the key set can not be kept for the next start", { issuer, err });
    });
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

const AGE_WORDS = {
  unready: "nearly too old: not ready",
  refused: "too old: no token of this issuer is decided",
} as const;

/** @throws {KeySetError} */
function admitReply({ status, headers, body }: HttpReply): KeySet {
  if (status !== 200) throw new KeySetError(`HTTP status ${status}`, "status");
  if (!JSON_TYPE.test(headers.get("content-type") ?? "")) {
    throw new KeySetError("content type is not JSON", "content_type");
  }
  return admitKeys(body);
}
