/**
 * What generated code calls: the meaning of statements that is more than one JavaScript expression.
 *
 * @module
 */
import type { Budget } from "./values/budget.ts";
import { equal, sortedKeys } from "./values/compare.ts";
import { keysOf, lookUp, member, sizeOf } from "./values/object.ts";
import { RegoObject } from "./values/rego-object.ts";
import { RegoSet } from "./values/rego-set.ts";
import { isArray, isObject, isSet, type ObjectValue, type Value } from "./values/value.ts";

/** Two results where a rule may have one: the policy's own fault, so no failure of the engine. */
export class PlanConflict extends Error {
  override readonly name = "PlanConflict";
}

export type PlanRunner = (input: Value | undefined, data: Value | undefined) => Value | undefined;

/** Stands in a memo for "evaluated, and undefined". */
export const UNDEFINED: unique symbol = Symbol("undefined");

/** `count(value)` of a composite; of text its code points. */
function lengthOf(value: Value | undefined): number {
  if (isArray(value)) return value.length;
  if (isSet(value)) return value.size;
  if (isObject(value)) return sizeOf(value);
  return typeof value === "string" ? [...value].length : 0;
}

/** What a scan visits: an array's elements, an object's keys, a set's elements; undefined for scalars. */
function scanned(value: Value | undefined, budget: Budget): readonly Value[] | undefined {
  if (isArray(value)) return value;
  if (isSet(value)) return [...value.values()];
  if (!isObject(value)) return undefined;
  budget.spend(sizeOf(value));
  return [...keysOf(value)];
}

/** The same in Rego's order, for scans that fill an array. */
function scannedInOrder(value: Value | undefined, budget: Budget): readonly Value[] | undefined {
  if (isArray(value)) return value;
  if (isSet(value)) return value.sorted(budget);
  return isObject(value) ? sortedKeys(value, budget) : undefined;
}

/** The value that belongs to a scanned key of an object or set. */
function valueAt(source: Value | undefined, key: Value, budget: Budget): Value | undefined {
  return isSet(source) ? key : member(source, key, budget);
}

function insertOnce(object: RegoObject, key: Value, value: Value, budget: Budget): void {
  const present = object.get(key, budget);
  if (present === undefined) object.set(key, value, budget);
  else if (!equal(present, value, budget)) conflict("object keys must be unique");
}

/** Of equal values the last stays. */
function insertEqual(object: RegoObject, key: Value, value: Value, budget: Budget): void {
  insertOnce(object, key, value, budget);
  if (object.get(key, budget) !== value) object.set(key, value, budget);
}

function conflict(text = "complete rules must not produce multiple outputs"): never {
  throw new PlanConflict(text);
}

/** Base document `a` under virtual document `b`: objects merge, of anything else the base stays. */
function merge(
  a: Value | undefined,
  b: Value | undefined,
  budget: Budget,
  depth = 0,
): Value | undefined {
  if (a === undefined) return b;
  if (!isObject(a) || !isObject(b)) return a;
  budget.descend(depth);
  const merged = new RegoObject();
  for (const key of keysOf(a)) {
    const base = lookUp(a, key, budget) as Value;
    const value = merge(base, lookUp(b, key, budget), budget, depth + 1) as Value;
    merged.set(key, value, budget);
  }
  for (const key of keysOf(b)) {
    if (lookUp(a, key, budget) === undefined) {
      merged.set(key, lookUp(b, key, budget) as Value, budget);
    }
  }
  return merged;
}

/** `document` with `value` at `path`: copies along the path, and objects where there were none. */
function upsert(
  document: Value | undefined,
  path: readonly string[],
  value: Value,
  budget: Budget,
): Value {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const source = isObject(document) ? document : undefined;
  const next = source === undefined ? undefined : lookUp(source, name, budget);
  const copy = copied(source, budget);
  copy.set(name, upsert(next, rest, value, budget), budget);
  return copy;
}

function copied(source: ObjectValue | undefined, budget: Budget): RegoObject {
  const copy = new RegoObject();
  if (source === undefined) return copy;
  for (const key of keysOf(source)) copy.set(key, lookUp(source, key, budget) as Value, budget);
  return copy;
}

/** Results of rules by their number; copying nothing, but not free either. */
function makeMemo(rules: number, budget: Budget): unknown[] {
  budget.spend(rules >> MEMO_SLOTS_PER_STEP_LOG2);
  return new Array(rules);
}

const MEMO_SLOTS_PER_STEP_LOG2 = 4;

function makeSet(budget: Budget): RegoSet {
  budget.create(1);
  return new RegoSet();
}

function makeObject(budget: Budget): RegoObject {
  budget.create(1);
  return new RegoObject();
}

function makeArray(budget: Budget): Value[] {
  budget.create(1);
  return [];
}

/** Functions by the path under which a dynamic call finds them. */
export interface FunctionTree {
  readonly children: Map<string, FunctionTree>;
  run: PlanRunner | undefined;
}

function findFunction(
  tree: FunctionTree,
  path: readonly (Value | undefined)[],
): PlanRunner | undefined {
  let node: FunctionTree | undefined = tree;
  for (const part of path) {
    if (typeof part !== "string") return undefined;
    node = node.children.get(part);
    if (node === undefined) return undefined;
  }
  return node.run;
}

/** All that generated code may call besides its own functions. */
export const RUN_TIME = {
  conflict,
  equal,
  findFunction,
  insertEqual,
  insertOnce,
  isArray,
  isObject,
  isSet,
  lengthOf,
  makeArray,
  makeMemo,
  makeObject,
  makeSet,
  member,
  merge,
  scanned,
  scannedInOrder,
  upsert,
  valueAt,
} as const;
