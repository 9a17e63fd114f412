/**
 * Whether the service may be asked, as named latches: each part holds one until it is up, and the
 * shutdown takes one again. gRPC health and `/readyz` read this and nothing else.
 *
 * @module
 */
export class Readiness {
  readonly #held = new Set<{ readonly part: string }>();
  readonly #listeners = new Set<() => void>();

  /** Takes a latch; call the result once the part is up. Calling it again does nothing. */
  hold(part: string): () => void {
    const latch = { part };
    this.#change(() => this.#held.add(latch));
    return () => this.#change(() => this.#held.delete(latch));
  }

  /** The parts still awaited, oldest first. */
  get waitingFor(): readonly string[] {
    return Array.from(this.#held, (latch) => latch.part);
  }

  get isReady(): boolean {
    return this.#held.size === 0;
  }

  /** Calls `listener` after every change of `isReady` until the returned function is called. */
  onChange(listener: () => void): () => void {
    const entry = () => listener(); // the same function may listen twice
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  #change(edit: () => void): void {
    const wasReady = this.isReady;
    edit();
    if (this.isReady === wasReady) return;
    for (const listener of [...this.#listeners]) listener();
  }
}
