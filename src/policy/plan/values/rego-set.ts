/**
 * A set of values. Membership takes constant time; order is only made where somebody asks for it.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { Composite } from "./composite.ts";
import { type Key, keyOf, setKey } from "./key.ts";
import type { Value } from "./value.ts";

export class RegoSet extends Composite {
  readonly #values = new Map<Key, Value>();
  #sorted: readonly Value[] | undefined;

  /** Only while the set is being made: a finished value never changes. The first of equals stays. */
  add(value: Value, budget: Budget): void {
    this.addKeyed(keyOf(value, budget), value, budget);
  }

  /** For a value whose key is known, such as an element of another set. */
  addKeyed(key: Key, value: Value, budget: Budget): void {
    budget.create(1);
    if (this.#values.has(key)) return;
    this.#values.set(key, value);
    this.#sorted = undefined;
  }

  has(value: Value, budget: Budget): boolean {
    return this.#values.has(keyOf(value, budget));
  }

  hasKey(key: Key): boolean {
    return this.#values.has(key);
  }

  get size(): number {
    return this.#values.size;
  }

  keys(): IterableIterator<Key> {
    return this.#values.keys();
  }

  /** With their keys, in the order in which they were added. */
  entries(): IterableIterator<[Key, Value]> {
    return this.#values.entries();
  }

  /** In the order in which they were added. */
  values(): IterableIterator<Value> {
    return this.#values.values();
  }

  /** In Rego's order; kept until the set changes. */
  sorted(budget: Budget): readonly Value[] {
    this.#sorted ??= sortWith(this.#values.values(), budget);
    return this.#sorted;
  }

  override keyText(): string {
    return setKey(this.#values.keys());
  }
}

type Sort = (values: Iterable<Value>, budget: Budget) => Value[];
let sortWith: Sort = () => {
  throw new Error("no order");
};

/** `compare.ts` looks into sets, so it hands its order in instead of being imported here. */
export function provideOrder(sort: Sort): void {
  sortWith = sort;
}
