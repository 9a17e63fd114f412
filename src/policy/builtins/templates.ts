/**
 * What string interpolation (`$"…{x}…"`) is compiled to. Every part is a string or another scalar, or a
 * set of the one value that the part has; an empty set is a part that is undefined.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { termText } from "../plan/values/term-text.ts";
import { isArray, isObject, isSet, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { wrongType } from "./operands.ts";

const UNDEFINED = "<undefined>";

function templateString(context: BuiltinContext, parts: Value): Value | undefined {
  if (!isArray(parts)) return wrongType(context, 1, parts, "array");
  const { budget } = context;
  budget.spend(parts.length);
  let text = "";
  for (const part of parts) {
    const value = isSet(part) ? onlyElement(part.values(), part.size) : part;
    if (value === MANY) return context.fail("template-strings must not produce multiple outputs");
    if (!isSet(part) && isComposite(part)) return context.fail("illegal argument type");
    const piece = value === undefined ? UNDEFINED : pieceOf(value, budget);
    budget.allocate(piece.length);
    text += piece;
  }
  return text;
}

const MANY = Symbol("many");

function onlyElement(values: Iterable<Value>, size: number): Value | typeof MANY | undefined {
  if (size > 1) return MANY;
  for (const value of values) return value;
  return undefined;
}

function isComposite(value: Value): boolean {
  return isArray(value) || isObject(value);
}

function pieceOf(value: Value, budget: Budget): string {
  return typeof value === "string" ? value : termText(value, budget);
}

export const TEMPLATES: BuiltinTable = { "internal.template_string": templateString };
