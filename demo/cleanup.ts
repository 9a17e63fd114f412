/**
 * Things to end, in reverse order of their start. What is added after the end is ended at once, so
 * that an interrupted start leaves nothing behind.
 *
 * @module
 */
export class Cleanup {
  readonly #tasks: (() => unknown)[] = [];
  #ending: Promise<void> | undefined;

  add(task: () => unknown): void {
    if (this.#ending === undefined) this.#tasks.unshift(task);
    else void task();
  }

  run(): Promise<void> {
    this.#ending ??= this.#runAll();
    return this.#ending;
  }

  async #runAll(): Promise<void> {
    for (const task of this.#tasks) await task();
  }
}
