/**
 * Objects: `object.filter`, `get`, `keys`, `remove`, `union` and `union_n`. (`object.subset` is in
 * `subset.ts`.) Where equal keys are written differently (`1` and `1.0`), a result has the one that OPA
 * would keep.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { equal } from "../plan/values/compare.ts";
import { type Key, keyOf } from "../plan/values/key.ts";
import { keysOf, lookUp, sizeOf } from "../plan/values/object.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { isArray, isObject, type ObjectValue, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { refused, stepInto } from "./composite-operands.ts";
import { isSubset } from "./subset.ts";

function get(
  context: BuiltinContext,
  object: Value,
  key: Value,
  otherwise: Value,
): Value | undefined {
  if (!isObject(object)) return refused(context, 1, object, "object");
  if (!isArray(key)) {
    const member = lookUp(object, key, context.budget);
    return member === undefined ? otherwise : member;
  }
  context.budget.spend(key.length);
  let found: Value | undefined = object;
  for (const step of key) {
    found = stepInto(found, step, context.budget);
    if (found === undefined) return otherwise;
  }
  return found;
}

function keys(context: BuiltinContext, object: Value): Value | undefined {
  if (!isObject(object)) return refused(context, 1, object, "object");
  context.budget.spend(sizeOf(object));
  return setOf(keysOf(object), context.budget);
}

function remove(context: BuiltinContext, object: Value, names: Value): Value | undefined {
  if (!isObject(object)) return refused(context, 1, object, "object");
  const { budget } = context;
  const without = keySet(context, names);
  if (without === undefined) return undefined;
  const made = new RegoObject();
  budget.spend(sizeOf(object));
  for (const key of keysOf(object)) {
    if (!without.has(key, budget)) made.set(key, lookUp(object, key, budget) as Value, budget);
  }
  return made;
}

/** Keys are those of the larger side. */
function filter(context: BuiltinContext, object: Value, names: Value): Value | undefined {
  if (!isObject(object)) return refused(context, 1, object, "object");
  const { budget } = context;
  const wanted = keySet(context, names);
  if (wanted === undefined) return undefined;
  const size = sizeOf(object);
  const made = new RegoObject();
  budget.spend(Math.max(size, wanted.size));
  if (size < wanted.size) {
    for (const key of wanted.values()) {
      const value = lookUp(object, key, budget);
      if (value !== undefined) made.set(key, value, budget);
    }
    return made;
  }
  for (const key of keysOf(object)) {
    if (wanted.has(key, budget)) made.set(key, lookUp(object, key, budget) as Value, budget);
  }
  return made;
}

/** Keys may come as an array, a set or those of an object; undefined after a failure. */
function keySet(context: BuiltinContext, names: Value): RegoSet | undefined {
  const { budget } = context;
  if (names instanceof RegoSet) return names;
  if (isArray(names)) {
    budget.spend(names.length);
    return setOf(names, budget);
  }
  if (!isObject(names)) return refused(context, 2, names, "object", "set", "array");
  budget.spend(sizeOf(names));
  return setOf(keysOf(names), budget);
}

function setOf(values: Iterable<Value>, budget: Budget): RegoSet {
  const made = new RegoSet();
  for (const value of values) made.add(value, budget);
  return made;
}

function union(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (!isObject(a)) return refused(context, 1, a, "object");
  if (!isObject(b)) return refused(context, 2, b, "object");
  const { budget } = context;
  const sizeA = sizeOf(a);
  if (sizeA === 0) return b;
  const sizeB = sizeOf(b);
  if (sizeB === 0 || (sizeA === sizeB && equal(a, b, budget))) return a;
  return merged(a, b, budget, 0);
}

/** What `b` has wins, but objects that both have are merged in turn. */
function merged(a: ObjectValue, b: ObjectValue, budget: Budget, depth: number): RegoObject {
  budget.descend(depth);
  budget.spend(sizeOf(a) + sizeOf(b));
  const made = new RegoObject();
  for (const key of keysOf(a)) {
    const mine = lookUp(a, key, budget) as Value;
    const theirs = lookUp(b, key, budget);
    const value =
      isObject(mine) && isObject(theirs) ? merged(mine, theirs, budget, depth + 1) : theirs;
    made.set(key, value === undefined ? mine : value, budget);
  }
  for (const key of keysOf(b)) {
    if (lookUp(a, key, budget) === undefined) {
      made.set(key, lookUp(b, key, budget) as Value, budget);
    }
  }
  return made;
}

function unionAll(context: BuiltinContext, objects: Value): Value | undefined {
  if (!isArray(objects)) return refused(context, 1, objects, "array");
  context.budget.spend(objects.length);
  for (const one of objects) {
    if (!isObject(one)) {
      const got = `array containing ${typeName(one)}`;
      return context.fail(`operand 1 must be array of objects but got ${got}`);
    }
  }
  const [first] = objects;
  if (objects.length === 1 && first !== undefined) return first;
  return mergedAll((objects as readonly ObjectValue[]).toReversed(), context.budget, 0);
}

/** What the objects have under one key, the last of them first. */
interface Layers {
  readonly key: Value;
  readonly last: Value;
  readonly objects: ObjectValue[];
  /** Until a value that is no object hides those before it. */
  isOpen: boolean;
}

/** The last value of a key wins; objects are merged back to the first value that is none. */
function mergedAll(lastFirst: readonly ObjectValue[], budget: Budget, depth: number): RegoObject {
  budget.descend(depth);
  const found = new Map<Key, Layers>();
  for (const object of lastFirst) {
    budget.spend(sizeOf(object));
    for (const key of keysOf(object)) {
      addLayer(found, key, lookUp(object, key, budget) as Value, budget);
    }
  }
  const made = new RegoObject();
  for (const { key, last, objects } of found.values()) {
    made.set(key, objects.length < 2 ? last : mergedAll(objects, budget, depth + 1), budget);
  }
  return made;
}

function addLayer(found: Map<Key, Layers>, key: Value, value: Value, budget: Budget): void {
  const id = keyOf(key, budget);
  const layers = found.get(id);
  if (layers === undefined) {
    const isOpen = isObject(value);
    found.set(id, { key, last: value, objects: isOpen ? [value] : [], isOpen });
  } else if (layers.isOpen) {
    if (isObject(value)) layers.objects.push(value);
    else layers.isOpen = false;
  }
}

export const OBJECTS: BuiltinTable = {
  "object.filter": filter,
  "object.get": get,
  "object.keys": keys,
  "object.remove": remove,
  "object.subset": isSubset,
  "object.union": union,
  "object.union_n": unionAll,
};
