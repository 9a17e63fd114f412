/**
 * Equality and order of any two values.
 *
 * @module
 */
import { compare, equal } from "../plan/values/compare.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "./builtin.ts";

type Comparison = (context: BuiltinContext, a: Value, b: Value) => boolean;

const lt: Comparison = ({ budget }, a, b) =>
  typeof a === "number" && typeof b === "number" ? a < b : compare(a, b, budget) < 0;

const lte: Comparison = ({ budget }, a, b) =>
  typeof a === "number" && typeof b === "number" ? a <= b : compare(a, b, budget) <= 0;

const gt: Comparison = (context, a, b) => lt(context, b, a);
const gte: Comparison = (context, a, b) => lte(context, b, a);
const isEqual: Comparison = ({ budget }, a, b) => equal(a, b, budget);
const isUnequal: Comparison = ({ budget }, a, b) => !equal(a, b, budget);

export const COMPARISON: BuiltinTable = {
  equal: isEqual as BuiltinFunction,
  neq: isUnequal as BuiltinFunction,
  lt: lt as BuiltinFunction,
  lte: lte as BuiltinFunction,
  gt: gt as BuiltinFunction,
  gte: gte as BuiltinFunction,
};
