/**
 * Rego's values as JavaScript holds them. Documents that come from outside (input, data) are read in
 * place: objects there are plain ones, and only their own properties count. What a policy makes itself
 * has keys of any type, so its objects and sets are classes of their own.
 *
 * A JavaScript `number` stands for the JSON text that `JSON.stringify` gives it; every number whose text
 * is another one (`1.50`, `-0`, 2^53 + 1, `1e400`) is a `Decimal`. So each text has one representation.
 *
 * @module
 */
import { Decimal } from "./decimal.ts";
import type { RegoObject } from "./rego-object.ts";
import { RegoSet } from "./rego-set.ts";

export type Value =
  | null
  | boolean
  | number
  | string
  | Decimal
  | readonly Value[]
  | RegoObject
  | RegoSet
  | PlainObject;

export type RegoNumber = number | Decimal;

/** An object of input or data. A property that is `undefined` is absent. */
export interface PlainObject {
  readonly [name: string]: Value | undefined;
}

export type ObjectValue = RegoObject | PlainObject;

/** In Rego's order of types: every value of an earlier type is less than one of a later type. */
export const TYPE_NAMES = [
  "null",
  "boolean",
  "number",
  "string",
  "array",
  "object",
  "set",
] as const;
export type TypeName = (typeof TYPE_NAMES)[number];

/** Index into `TYPE_NAMES`. */
export function typeRank(value: Value): number {
  switch (typeof value) {
    case "boolean":
      return 1;
    case "number":
      return 2;
    case "string":
      return 3;
    default:
      if (value === null) return 0;
      if (Array.isArray(value)) return 4;
      if (value instanceof RegoSet) return 6;
      return value instanceof Decimal ? 2 : 5;
  }
}

export function typeName(value: Value): TypeName {
  return TYPE_NAMES[typeRank(value)] as TypeName;
}

export function isNumber(value: Value | undefined): value is RegoNumber {
  return typeof value === "number" || value instanceof Decimal;
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isSet(value: Value | undefined): value is RegoSet {
  return value instanceof RegoSet;
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof RegoSet) &&
    !(value instanceof Decimal)
  );
}
