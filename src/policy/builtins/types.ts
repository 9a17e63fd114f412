/**
 * What a value is: `is_array`, `is_string` and their like, and `type_name`.
 *
 * @module
 */
import { isArray, isNumber, isObject, isSet, typeName } from "../plan/values/value.ts";
import type { BuiltinTable } from "./builtin.ts";

export const TYPES: BuiltinTable = {
  is_array: (_context, value) => isArray(value),
  is_boolean: (_context, value) => typeof value === "boolean",
  is_null: (_context, value) => value === null,
  is_number: (_context, value) => isNumber(value),
  is_object: (_context, value) => isObject(value),
  is_set: (_context, value) => isSet(value),
  is_string: (_context, value) => typeof value === "string",
  type_name: (_context, value) => (value === undefined ? undefined : typeName(value)),
};
