/**
 * Reading values by key, for objects of both kinds, arrays and sets alike.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { Decimal } from "./decimal.ts";
import { integerFrom } from "./integer.ts";
import { RegoObject } from "./rego-object.ts";
import { RegoSet } from "./rego-set.ts";
import type { ObjectValue, PlainObject, Value } from "./value.ts";

/** Keys in no particular order. */
export function keysOf(object: ObjectValue): Iterable<Value> {
  return object instanceof RegoObject ? object.keys() : plainKeys(object);
}

function plainKeys(object: PlainObject): readonly string[] {
  const names = Object.keys(object);
  return names.some((name) => object[name] === undefined)
    ? names.filter((name) => object[name] !== undefined)
    : names;
}

export function sizeOf(object: ObjectValue): number {
  return object instanceof RegoObject ? object.size : plainKeys(object).length;
}

/** `object[key]`; undefined where there is none. Own properties only. */
export function lookUp(object: ObjectValue, key: Value, budget: Budget): Value | undefined {
  if (object instanceof RegoObject) return object.get(key, budget);
  return typeof key === "string" && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Rego's `value[key]` for every type: a scalar has no members, a set gives the key as it is asked for. */
export function member(value: Value | undefined, key: Value, budget: Budget): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return element(value, key);
  if (value instanceof RegoSet) return value.has(key, budget) ? key : undefined;
  return value instanceof Decimal ? undefined : lookUp(value as ObjectValue, key, budget);
}

function element(array: readonly Value[], key: Value): Value | undefined {
  if (typeof key === "number") return array[key];
  const index = key instanceof Decimal ? integerFrom(key) : undefined;
  return index === undefined ? undefined : array[index];
}
