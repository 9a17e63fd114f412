/**
 * Writes lines to the sink, one batch at a time, and tries a batch again until the sink takes it.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { ByteSink, RandomSource } from "../domain/surroundings.ts";
import type { LineQueue } from "./line-queue.ts";

export interface SinkWriterOptions {
  readonly sink: ByteSink;
  readonly lines: LineQueue;
  readonly clock: Pick<Clock, "sleep">;
  readonly random: Pick<RandomSource, "float">;
  readonly onSinkFailure?: (error: unknown) => void;
}

const BATCH_BYTES_MAX = 65_536;
const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 5_000;

const NOTHING = { records: 0, bytes: 0 };

export class SinkWriter {
  readonly #options: SinkWriterOptions;
  #work: Promise<void> | undefined;
  #pause: AbortController | undefined;
  #isHurrying = false;
  #isStopped = false;
  #inHand = NOTHING;
  #written = 0;
  #sinkErrors = 0;

  constructor(options: SinkWriterOptions) {
    this.#options = options;
  }

  /** What has left the queue and is not written yet. */
  get inHand(): { readonly records: number; readonly bytes: number } {
    return this.#inHand;
  }

  get written(): number {
    return this.#written;
  }

  get sinkErrors(): number {
    return this.#sinkErrors;
  }

  /** Starts writing unless it is under way. */
  start(): void {
    void this.#run();
  }

  /** Resolves when nothing is left; pauses between attempts are short from now on. */
  async flush(): Promise<void> {
    this.#isHurrying = true;
    this.#pause?.abort();
    do await this.#run();
    while (this.#options.lines.records > 0 && !this.#isStopped);
  }

  stopHurrying(): void {
    this.#isHurrying = false;
  }

  /** Gives up what is in hand. */
  stop(): void {
    this.#isStopped = true;
    this.#pause?.abort();
  }

  #run(): Promise<void> {
    this.#work ??= this.#writeAll().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  async #writeAll(): Promise<void> {
    const { lines } = this.#options;
    while (lines.records > 0 && !this.#isStopped) {
      const batch = lines.take(BATCH_BYTES_MAX);
      const bytes = Buffer.from(batch.map((line) => line.text).join(""));
      this.#inHand = { records: batch.length, bytes: bytes.length };
      await this.#writeUntilTaken(bytes);
      if (!this.#isStopped) this.#written += batch.length;
      this.#inHand = NOTHING;
    }
  }

  async #writeUntilTaken(bytes: Uint8Array): Promise<void> {
    const { sink, onSinkFailure } = this.#options;
    for (let pauseMs = PAUSE_MS_MIN; !this.#isStopped; pauseMs *= 2) {
      try {
        return await sink.write(bytes);
      } catch (error) {
        this.#sinkErrors++;
        onSinkFailure?.(error);
        await this.#rest(this.#isHurrying ? PAUSE_MS_MIN : Math.min(pauseMs, PAUSE_MS_MAX));
      }
    }
  }

  /** Half of the pause is left to chance, so that sidecars of one disk do not try together. */
  async #rest(pauseMs: number): Promise<void> {
    const { clock, random } = this.#options;
    this.#pause = new AbortController();
    const ms = pauseMs / 2 + (pauseMs / 2) * random.float();
    await clock.sleep(ms, this.#pause.signal).catch(() => undefined);
    this.#pause = undefined;
  }
}
