/**
 * Reading something again whenever it changes, one reading at a time: a slow old one can not replace a
 * newer one, and a change that comes meanwhile is not lost.
 *
 * @module
 */
export class Reload {
  readonly #run: () => Promise<void>;
  #state: "idle" | "running" | "again" = "idle";
  #isStopped = false;

  /** @param run reads and swaps; must not reject */
  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** Something has changed. */
  ask(): void {
    if (this.#isStopped) return;
    if (this.#state !== "idle") {
      this.#state = "again";
      return;
    }
    this.#state = "running";
    void this.#run().finally(() => {
      const isAgain = this.#state === "again";
      this.#state = "idle";
      if (isAgain) this.ask();
    });
  }

  /** What a reading that was under way brings is not wanted any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** No further reading is begun. */
  stop(): void {
    this.#isStopped = true;
  }
}
