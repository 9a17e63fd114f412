/**
 * What builtins share: how they take their arguments, and what their work is charged.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { Decimal } from "../plan/values/decimal.ts";
import { isArray, isSet, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";

const UNITS_PER_STEP = 16;

/** Before `text` is read through once. */
export function chargeText(budget: Budget, text: string): void {
  budget.spend(1 + text.length / UNITS_PER_STEP);
}

/** Before text or bytes of this length are read and as many are made. */
export function chargeBytes(budget: Budget, length: number): void {
  budget.spend(1 + Math.ceil(length / UNITS_PER_STEP));
  budget.allocate(length);
}

/** Before `count` elements are read and put into a new value. */
export function chargeElements(budget: Budget, count: number): void {
  budget.spend(count);
  budget.create(count);
}

/** The argument at `position`, counted from 1, has none of the types that are `wanted`. */
export function wrongType(
  context: BuiltinContext,
  position: number,
  got: Value | undefined,
  ...wanted: readonly string[]
): undefined {
  const types = wanted.length === 1 ? wanted[0] : `one of {${wanted.join(", ")}}`;
  const found = got === undefined ? "nothing" : typeName(got);
  return context.fail(`operand ${position} must be ${types} but got ${found}`);
}

/** The argument at `position` if it is text; its reading and the making of as much is charged. */
export function textOperand(
  context: BuiltinContext,
  position: number,
  value: Value | undefined,
): string | undefined {
  if (typeof value !== "string") return wrongType(context, position, value, "string");
  chargeBytes(context.budget, value.length);
  return value;
}

function wrongElement(
  context: BuiltinContext,
  position: number,
  collection: Value,
  element: Value,
): undefined {
  const type = typeName(collection);
  return context.fail(
    `operand ${position} must be ${type} of strings but got ${type} containing ${typeName(element)}`,
  );
}

/** The strings of an array or set, in Rego's order; undefined where one is none. */
export function textsOf(
  context: BuiltinContext,
  position: number,
  collection: Value,
): readonly string[] | undefined {
  const { budget } = context;
  let items: readonly Value[];
  if (isArray(collection)) items = collection;
  else if (isSet(collection)) items = collection.sorted(budget);
  else return wrongType(context, position, collection, "set", "array");
  budget.spend(items.length);
  for (const item of items) {
    if (typeof item !== "string") return wrongElement(context, position, collection, item);
  }
  return items as readonly string[];
}

const WHOLE = /^-?\d+(?:\.0+)?$/;
const INTEGER_LETTERS_MAX = 19;
const INTEGER_END = 2n ** 63n;

/**
 * A number that OPA takes as an integer: `3` and `3.0` are, `3e0` and what has no 64 bits are not. Beyond
 * 2^53 the nearest number, which is enough for what is only compared with lengths.
 */
function integerOf(value: Value): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value) < Number(INTEGER_END) ? value : undefined;
  }
  if (!(value instanceof Decimal) || !WHOLE.test(value.text)) return undefined;
  const { text } = value;
  const letters = text.startsWith("-") ? text.length - 1 : text.length;
  if (letters > INTEGER_LETTERS_MAX) return undefined;
  const exact = BigInt(text.replace(/\..*$/, ""));
  return exact >= -INTEGER_END && exact < INTEGER_END ? Number(exact) : undefined;
}

/** An argument that must be an integer; undefined after the builtin has failed. */
export function integerOperand(
  context: BuiltinContext,
  position: number,
  value: Value,
): number | undefined {
  if (typeof value !== "number" && !(value instanceof Decimal)) {
    return wrongType(context, position, value, "number");
  }
  return (
    integerOf(value) ??
    context.fail(`operand ${position} must be integer number but got floating-point number`)
  );
}

/** A builtin that takes one string. */
export function ofText(answer: (budget: Budget, text: string) => Value): BuiltinFunction {
  return (context, text: Value) => {
    if (typeof text !== "string") return wrongType(context, 1, text, "string");
    chargeText(context.budget, text);
    return answer(context.budget, text);
  };
}

/** A builtin that takes two strings. */
export function ofTwoTexts(
  answer: (budget: Budget, text: string, other: string) => Value,
): BuiltinFunction {
  return (context, text: Value, other: Value) => {
    if (typeof text !== "string") return wrongType(context, 1, text, "string");
    if (typeof other !== "string") return wrongType(context, 2, other, "string");
    chargeText(context.budget, text);
    chargeText(context.budget, other);
    return answer(context.budget, text, other);
  };
}
