/**
 * The way of a record from the Check to the sink: taken down at once, turned into a line soon after,
 * written in batches. A Check never waits for any of it.
 *
 * Everything is bounded, in records and in bytes. A sink that fails is tried again after a growing
 * pause; what does not fit meanwhile is dropped, least important first, and counted. Lines are built
 * even while the sink is down, because a line is small and known in size and its Check is not.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import type { CheckRecord } from "../domain/record.ts";
import type { ByteSink, RandomSource } from "../domain/surroundings.ts";
import { type AuditEntry, EntryCapture } from "./audit-entry.ts";
import { encodeRecord } from "./audit-record.ts";
import { LineQueue } from "./line-queue.ts";
import { SinkWriter } from "./sink-writer.ts";

export const DROP_CAUSES = ["queue_records", "queue_bytes", "encoding", "shutdown"] as const;
export type DropCause = (typeof DROP_CAUSES)[number];

export interface AuditTrailOptions {
  readonly sink: ByteSink;
  readonly clock: Clock;
  readonly random: Pick<RandomSource, "float">;
  /** Runs a task soon, after the work at hand; called once per group of records. */
  readonly defer: (task: () => void) => void;
  /** Name of this process in its records, such as the pod's. */
  readonly instance: string;
  readonly queueRecordsMax: number;
  readonly queueBytesMax: number;
  readonly onDrop?: (cause: DropCause) => void;
  readonly onSinkFailure?: (error: unknown) => void;
}

export interface AuditStats {
  readonly queued: number;
  readonly queuedBytes: number;
  readonly written: number;
  readonly droppedByCause: Readonly<Record<DropCause, number>>;
  readonly sinkErrors: number;
}

/** Records that wait for their line; building as many takes less than 0.2 ms. */
const GROUP_RECORDS = 32;
/** A quiet process writes its records this late; it is also what a SIGKILL can lose. */
const WAKE_UP_MS = 100;
/** Lines of this size are written without waiting for the wake-up. */
const WRITE_BYTES_MIN = 65_536;

export class AuditTrail {
  readonly #options: AuditTrailOptions;
  readonly #capture = new EntryCapture();
  readonly #lines = new LineQueue();
  readonly #writer: SinkWriter;
  readonly #stopWakeUps: () => void;
  readonly #dropped: Record<DropCause, number> = {
    queue_records: 0,
    queue_bytes: 0,
    encoding: 0,
    shutdown: 0,
  };
  #pending: AuditEntry[] = [];
  #isDeferred = false;
  #isClosed = false;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#writer = new SinkWriter({ ...options, lines: this.#lines });
    this.#stopWakeUps = options.clock.every(WAKE_UP_MS, () => this.#wakeUp());
  }

  /** Never blocks and never fails because of the sink. */
  record(record: CheckRecord): void {
    if (this.#isClosed) {
      this.#drop("shutdown");
      return;
    }
    this.#pending.push(this.#capture.capture(record));
    if (this.#queued > this.#options.queueRecordsMax) this.#buildLines();
    else if (this.#pending.length >= GROUP_RECORDS && !this.#isDeferred) {
      this.#isDeferred = true;
      this.#options.defer(this.#group);
    }
  }

  /** Writes what is queued; false when that was not possible within `timeoutMs`. */
  async flush(timeoutMs: number): Promise<boolean> {
    this.#buildLines();
    const timer = new AbortController();
    const late = this.#options.clock.sleep(timeoutMs, timer.signal).catch(() => undefined);
    await Promise.race([this.#writer.flush(), late]);
    timer.abort();
    this.#writer.stopHurrying();
    return this.#queued === 0;
  }

  /** Flushes a last time and stops. What is still queued then counts as dropped. */
  async close(timeoutMs: number): Promise<boolean> {
    this.#isClosed = true;
    this.#stopWakeUps();
    const isComplete = await this.flush(timeoutMs);
    for (let left = this.#queued; left > 0; left--) this.#drop("shutdown");
    this.#writer.stop();
    return isComplete;
  }

  get stats(): AuditStats {
    return {
      queued: this.#queued,
      queuedBytes: this.#queuedBytes,
      written: this.#writer.written,
      droppedByCause: { ...this.#dropped },
      sinkErrors: this.#writer.sinkErrors,
    };
  }

  get #queued(): number {
    return this.#pending.length + this.#lines.records + this.#writer.inHand.records;
  }

  get #queuedBytes(): number {
    return this.#lines.bytes + this.#writer.inHand.bytes;
  }

  readonly #group = (): void => {
    this.#isDeferred = false;
    this.#buildLines();
    if (this.#lines.bytes >= WRITE_BYTES_MIN) this.#writer.start();
  };

  #wakeUp(): void {
    this.#buildLines();
    this.#writer.start();
  }

  #buildLines(): void {
    const entries = this.#pending;
    this.#pending = [];
    for (const entry of entries) {
      try {
        const text = encodeRecord(entry, this.#options.instance);
        this.#lines.push({
          sequence: entry.sequence,
          text,
          bytes: Buffer.byteLength(text),
          isRefusal: entry.effect === "deny" || entry.effect === "error",
        });
      } catch {
        this.#drop("encoding"); // one impossible record must not take the others with it
      }
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { queueRecordsMax, queueBytesMax } = this.#options;
    while (this.#queued > queueRecordsMax && this.#lines.drop()) this.#drop("queue_records");
    while (this.#queuedBytes > queueBytesMax && this.#lines.drop()) this.#drop("queue_bytes");
  }

  #drop(cause: DropCause): void {
    this.#dropped[cause]++;
    this.#options.onDrop?.(cause);
  }
}
