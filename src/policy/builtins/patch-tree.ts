/**
 * A document while `json.patch` edits it. Only what a path passes is copied; the rest stays shared with
 * the original, which never changes. Every way in which OPA's tree answers is kept: a key that a path
 * passes is afterwards written as in the path.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { equal } from "../plan/values/compare.ts";
import { integerFrom, integerFromText } from "../plan/values/integer.ts";
import { type Key, keyOf } from "../plan/values/key.ts";
import { keysOf, lookUp, sizeOf } from "../plan/values/object.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, type Value } from "../plan/values/value.ts";

/** An operation that can not be done; ends the patch. */
export class PatchFailure extends Error {
  override readonly name = "PatchFailure";
}

export interface PatchNode {
  /** The node at `key`. @throws {PatchFailure} */
  enter(key: Value): PatchNode;
  /** @throws {PatchFailure} */
  insert(key: Value, value: Value): void;
  /** @throws {PatchFailure} where there is nothing. */
  remove(key: Value): void;
  /** The value as it is now. */
  render(depth: number): Value;
}

export function patchNode(value: Value, budget: Budget): PatchNode {
  budget.create(1);
  if (isArray(value)) return new ArrayNode(value, budget);
  if (value instanceof RegoSet) return new SetNode(value, budget);
  return isObject(value) ? new ObjectNode(value, budget) : new ScalarNode(value);
}

class ScalarNode implements PatchNode {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  enter(): never {
    throw new PatchFailure("expected composite type");
  }

  insert(): never {
    this.enter();
  }

  remove(): never {
    this.enter();
  }

  render(): Value {
    return this.#value;
  }
}

/** A member that was entered, set or removed; without a node it was removed. */
interface Edit {
  readonly key: Value;
  readonly node: PatchNode | undefined;
}

class ObjectNode implements PatchNode {
  readonly #base: ObjectValue;
  readonly #budget: Budget;
  readonly #edits = new Map<Key, Edit>();

  constructor(base: ObjectValue, budget: Budget) {
    this.#base = base;
    this.#budget = budget;
  }

  enter(key: Value): PatchNode {
    const id = keyOf(key, this.#budget);
    const edit = this.#edits.get(id);
    if (edit?.node !== undefined) return edit.node;
    const value = edit === undefined ? lookUp(this.#base, key, this.#budget) : undefined;
    if (value === undefined) throw new PatchFailure("path does not exist in object");
    return this.#set(id, key, value);
  }

  insert(key: Value, value: Value): void {
    this.#set(keyOf(key, this.#budget), key, value);
  }

  #set(id: Key, key: Value, value: Value): PatchNode {
    const node = patchNode(value, this.#budget);
    this.#edits.set(id, { key, node });
    return node;
  }

  remove(key: Value): void {
    const id = keyOf(key, this.#budget);
    const edit = this.#edits.get(id);
    const isThere = edit
      ? edit.node !== undefined
      : lookUp(this.#base, key, this.#budget) !== undefined;
    if (!isThere) throw new PatchFailure("cannot delete child key that does not exist");
    this.#budget.create(1);
    this.#edits.set(id, { key, node: undefined });
  }

  render(depth: number): Value {
    if (this.#edits.size === 0) return this.#base;
    this.#budget.descend(depth);
    this.#budget.spend(sizeOf(this.#base, this.#budget) + this.#edits.size);
    const made = new RegoObject();
    for (const { key, node } of this.#edits.values()) {
      if (node !== undefined) made.set(key, node.render(depth + 1), this.#budget);
    }
    for (const key of keysOf(this.#base)) {
      if (this.#edits.has(keyOf(key, this.#budget))) continue;
      made.set(key, lookUp(this.#base, key, this.#budget) as Value, this.#budget);
    }
    return made;
  }
}

/** Elements are their own keys. Those that have members are looked up in the set as it is now. */
class SetNode implements PatchNode {
  #base: RegoSet;
  readonly #budget: Budget;
  readonly #edits = new Map<Key, PatchNode | undefined>();

  constructor(base: RegoSet, budget: Budget) {
    this.#base = base;
    this.#budget = budget;
  }

  enter(key: Value): PatchNode {
    const id = this.#settled(key);
    const node = this.#edits.get(id);
    if (node !== undefined) return node;
    if (this.#edits.has(id) || !this.#base.hasKey(id)) {
      throw new PatchFailure("path does not exist in set");
    }
    return this.#set(id, key);
  }

  insert(key: Value, value: Value): void {
    if (!equal(key, value, this.#budget)) {
      throw new PatchFailure("set key does not equal value to be inserted");
    }
    this.#set(this.#settled(key), value);
  }

  #set(id: Key, value: Value): PatchNode {
    const node = patchNode(value, this.#budget);
    this.#edits.set(id, node);
    return node;
  }

  remove(key: Value): void {
    const id = this.#settled(key);
    const isThere = this.#edits.has(id) ? this.#edits.get(id) !== undefined : this.#base.hasKey(id);
    if (!isThere) throw new PatchFailure("cannot delete child key that does not exist");
    this.#budget.create(1);
    this.#edits.set(id, undefined);
  }

  /** Elements with members may have been edited, so that they are no longer what they were entered as. */
  #settled(key: Value): Key {
    if (isArray(key) || key instanceof RegoSet || isObject(key)) {
      this.#base = this.#rendered(0);
      this.#edits.clear();
    }
    return keyOf(key, this.#budget);
  }

  render(depth: number): Value {
    return this.#rendered(depth);
  }

  #rendered(depth: number): RegoSet {
    if (this.#edits.size === 0) return this.#base;
    this.#budget.descend(depth);
    this.#budget.spend(this.#base.size + this.#edits.size);
    const made = new RegoSet();
    for (const node of this.#edits.values()) {
      if (node !== undefined) made.add(node.render(depth + 1), this.#budget);
    }
    for (const [id, value] of this.#base.entries()) {
      if (!this.#edits.has(id)) made.addKeyed(id, value, this.#budget);
    }
    return made;
  }
}

/** An element: as it was, or edited. */
interface Slot {
  readonly value: Value;
  readonly node?: PatchNode;
}

class ArrayNode implements PatchNode {
  readonly #base: readonly Value[];
  readonly #budget: Budget;
  readonly #slots: Slot[];

  constructor(base: readonly Value[], budget: Budget) {
    budget.spend(base.length);
    budget.create(base.length);
    this.#base = base;
    this.#budget = budget;
    this.#slots = base.map((value) => ({ value }));
  }

  /**
   * OPA takes an element that was not edited yet from the original array, even where elements before it
   * were added or removed, and puts it in the place of the one that is there now.
   */
  enter(key: Value): PatchNode {
    const index = this.#index(key);
    const slot = this.#slots[index];
    if (slot?.node !== undefined) return slot.node;
    const value = this.#base[index];
    if (slot === undefined || value === undefined) {
      throw new PatchFailure("path does not exist in array");
    }
    const node = patchNode(value, this.#budget);
    this.#slots[index] = { value, node };
    return node;
  }

  insert(key: Value, value: Value): void {
    const index = this.#index(key);
    if (index < 0 || index > this.#slots.length) {
      throw new PatchFailure("index for array insertion out of bounds");
    }
    this.#budget.spend(this.#slots.length - index);
    this.#slots.splice(index, 0, { value, node: patchNode(value, this.#budget) });
  }

  remove(key: Value): void {
    const index = this.#index(key);
    if (index < 0 || index >= this.#slots.length) {
      throw new PatchFailure("index for array delete out of bounds");
    }
    this.#budget.spend(this.#slots.length - index);
    this.#slots.splice(index, 1);
  }

  #index(key: Value): number {
    if (key === "-") return this.#slots.length;
    if (typeof key !== "string") {
      const index = integerFrom(key);
      if (index === undefined) throw new PatchFailure("invalid type for indexing");
      return index;
    }
    const index = integerFromText(key);
    if (index === undefined) throw new PatchFailure("invalid string for indexing");
    if (key !== "0" && key.startsWith("0")) {
      throw new PatchFailure("leading zeros are not allowed in JSON paths");
    }
    return index;
  }

  render(depth: number): Value {
    this.#budget.descend(depth);
    this.#budget.spend(this.#slots.length);
    this.#budget.create(this.#slots.length);
    return this.#slots.map(({ value, node }) => node?.render(depth + 1) ?? value);
  }
}
