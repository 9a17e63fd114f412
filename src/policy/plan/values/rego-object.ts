/**
 * An object that a policy makes: keys of any type, found in constant time.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { Composite } from "./composite.ts";
import { entryKey, type Key, keyOf, objectKey } from "./key.ts";
import type { Value } from "./value.ts";

export class RegoObject extends Composite {
  readonly #values = new Map<Key, Value>();
  /** Only of keys that are not their own key. */
  #keys: Map<Key, Value> | undefined;

  /** Only while the object is being made: a finished value never changes. */
  set(key: Value, value: Value, budget: Budget): void {
    budget.create(1);
    const found = keyOf(key, budget);
    if (found !== key && !this.#values.has(found)) {
      this.#keys ??= new Map();
      this.#keys.set(found, key);
    }
    this.#values.set(found, value);
  }

  get(key: Value, budget: Budget): Value | undefined {
    return this.#values.get(keyOf(key, budget));
  }

  get size(): number {
    return this.#values.size;
  }

  /** In the order in which they were inserted. */
  keys(): Iterable<Value> {
    const own = this.#keys;
    if (own === undefined) return this.#values.keys();
    return Array.from(this.#values.keys(), (key) => own.get(key) ?? key);
  }

  override keyText(budget: Budget, depth: number): string {
    const entries: string[] = [];
    for (const [key, value] of this.#values) entries.push(entryKey(key, value, budget, depth));
    return objectKey(entries);
  }
}
