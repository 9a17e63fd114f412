/**
 * The key under which a value is found in a set or object: equal values, and only they, share one.
 * Scalars are their own keys; a composite's is a text that begins with NUL, and so is that of a string
 * that begins with NUL itself.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { Composite } from "./composite.ts";
import { Decimal, numberKey } from "./decimal.ts";
import { spendText } from "./text-cost.ts";
import type { PlainObject, Value } from "./value.ts";

export type Key = string | number | boolean | null;

const NUL = "\u0000";

export function keyOf(value: Value, budget: Budget): Key {
  switch (typeof value) {
    case "string":
      spendText(budget, value);
      return value.charCodeAt(0) === 0 ? `${NUL}s${value}` : value;
    case "number":
      return value === 0 ? 0 : value;
    case "boolean":
      return value;
    default:
      if (value === null) return null;
      return value instanceof Decimal ? numberKey(value) : compositeKey(value, budget, 0);
  }
}

function compositeKey(
  value: readonly Value[] | Composite | PlainObject,
  budget: Budget,
  depth: number,
): string {
  budget.descend(depth);
  budget.spend(1);
  let text: string;
  if (value instanceof Composite) text = value.keyText(budget, depth);
  else if (Array.isArray(value)) text = arrayKey(value, budget, depth);
  else text = plainKey(value as PlainObject, budget, depth);
  budget.allocate(text.length);
  return text;
}

function arrayKey(items: readonly Value[], budget: Budget, depth: number): string {
  budget.spend(items.length);
  let text = `${NUL}a`;
  for (const item of items) text += delimited(partKey(item, budget, depth + 1));
  return text;
}

function plainKey(object: PlainObject, budget: Budget, depth: number): string {
  const parts: string[] = [];
  for (const name of Object.keys(object)) {
    const member = object[name];
    if (member === undefined) continue;
    parts.push(entryKey(keyOf(name, budget), member, budget, depth));
  }
  return objectKey(parts);
}

/** Of an object's entries, in any order. */
export function objectKey(entries: string[]): string {
  return `${NUL}o${entries.sort().join("")}`;
}

export function entryKey(key: Key, value: Value, budget: Budget, depth: number): string {
  budget.spend(1);
  return delimited(key) + delimited(partKey(value, budget, depth + 1));
}

/** Of a set's elements, in any order. */
export function setKey(keys: Iterable<Key>): string {
  return `${NUL}t${Array.from(keys, delimited).sort().join("")}`;
}

function partKey(value: Value, budget: Budget, depth: number): Key {
  if (typeof value !== "object" || value === null || value instanceof Decimal) {
    return keyOf(value, budget);
  }
  return compositeKey(value, budget, depth);
}

/** One part of a longer key: its length says where it ends, its first letter what it is. */
function delimited(key: Key): string {
  switch (typeof key) {
    case "string":
      return `s${key.length}:${key}`;
    case "number":
      return `n${key};`;
    case "boolean":
      return key ? "t" : "f";
    default:
      return "z";
  }
}
