/**
 * What has been compiled before, within a bound: two generations, so that a hit costs one look-up and what
 * is used stays.
 *
 * @module
 */
export class BoundedCache<V> {
  readonly #entriesMax: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(key: string): V | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const kept = this.#old.get(key);
    if (kept !== undefined) this.put(key, kept);
    return kept;
  }

  put(key: string, value: V): void {
    if (this.#young.size >= this.#entriesMax / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
