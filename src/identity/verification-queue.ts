/**
 * Few verifications at the same time, however many callers: equal ones share one, the rest wait for their
 * turn until their Check has no time left.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import { UnavailableError } from "../domain/errors.ts";

interface Job<Value> {
  readonly key: string;
  readonly task: () => Promise<Value>;
  readonly settled: PromiseWithResolvers<Value>;
  isRunning: boolean;
  /** Callers that still want it. */
  callers: number;
}

/** Far above any deadline of a Check, and what a timer can hold. */
const PATIENCE_MS_MAX = 60_000;

export class VerificationQueue<Value> {
  readonly #runningMax: number;
  readonly #clock: Pick<Clock, "monotonicMs" | "sleep">;
  readonly #jobs = new Map<string, Job<Value>>();
  /** In order of arrival. */
  readonly #waiting = new Set<Job<Value>>();
  #running = 0;

  constructor(runningMax: number, clock: Pick<Clock, "monotonicMs" | "sleep">) {
    this.#runningMax = runningMax;
    this.#clock = clock;
  }

  /**
   * What `task` gives, or what the task of an equal `key` that is under way gives. Rejects with
   * `engine.overloaded` when its turn does not come before the deadline.
   */
  run(key: string, deadlineMonotonicMs: number, task: () => Promise<Value>): Promise<Value> {
    const job = this.#jobs.get(key) ?? this.#add(key, task);
    return job.isRunning ? job.settled.promise : this.#await(job, deadlineMonotonicMs);
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  #add(key: string, task: () => Promise<Value>): Job<Value> {
    const settled = Promise.withResolvers<Value>();
    const job: Job<Value> = { key, task, settled, isRunning: false, callers: 0 };
    this.#jobs.set(key, job);
    if (this.#running < this.#runningMax) this.#start(job);
    else this.#waiting.add(job);
    return job;
  }

  #start(job: Job<Value>): void {
    this.#waiting.delete(job);
    job.isRunning = true;
    this.#running++;
    void job.task().then(
      (value) => {
        this.#end(job);
        job.settled.resolve(value);
      },
      (error: unknown) => {
        this.#end(job);
        job.settled.reject(error);
      },
    );
  }

  /** Before the result is told: who asks later gets a verification of its own. */
  #end(job: Job<Value>): void {
    this.#running--;
    this.#jobs.delete(job.key);
    const [next] = this.#waiting;
    if (next !== undefined) this.#start(next);
  }

  /** One caller's patience; the last one to leave takes a job that never began with it. */
  async #await(job: Job<Value>, deadlineMonotonicMs: number): Promise<Value> {
    const patience = new AbortController();
    job.callers++;
    try {
      return await Promise.race([
        job.settled.promise,
        this.#giveUpAt(deadlineMonotonicMs, patience.signal),
      ]);
    } finally {
      job.callers--;
      patience.abort();
      if (job.callers === 0 && this.#waiting.delete(job)) this.#jobs.delete(job.key);
    }
  }

  async #giveUpAt(deadlineMonotonicMs: number, signal: AbortSignal): Promise<never> {
    const pauseMs = deadlineMonotonicMs - this.#clock.monotonicMs();
    if (pauseMs > 0) await this.#clock.sleep(Math.min(pauseMs, PATIENCE_MS_MAX), signal);
    throw new UnavailableError("engine.overloaded", "its turn did not come in time");
  }
}
