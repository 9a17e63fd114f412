/**
 * Query strings of URLs: percent-encoding of bytes, a space as `+`.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { sortedKeys, sortValues } from "../plan/values/compare.ts";
import { memberName } from "../plan/values/json.ts";
import { lookUp } from "../plan/values/object.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import { RegoSet } from "../plan/values/rego-set.ts";
import { bytesOf, textOf } from "../plan/values/text-bytes.ts";
import { isArray, isObject, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { chargeBytes, textOperand, wrongType } from "./operands.ts";

const PARAMETERS_MAX = 10_000;
const RESERVED = /[^A-Za-z0-9\-_.~]/g;
const BROKEN_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const ESCAPE = /%../g;

/** A byte takes at most three characters. */
const GROWTH_MAX = 9;

function escaped(text: string, budget: Budget): string {
  chargeBytes(budget, text.length * GROWTH_MAX);
  return bytesOf(text)
    .toString("latin1")
    .replace(RESERVED, (byte) =>
      byte === " " ? "+" : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
}

/** Undefined where a `%` is not followed by two hexadecimal digits. */
function unescaped(text: string, budget: Budget): string | undefined {
  chargeBytes(budget, text.length * 3);
  if (BROKEN_ESCAPE.test(text)) return undefined;
  const bytes = bytesOf(text)
    .toString("latin1")
    .replaceAll("+", " ")
    .replace(ESCAPE, (triple) => String.fromCharCode(Number.parseInt(triple.slice(1), 16)));
  return textOf(Buffer.from(bytes, "latin1"));
}

const BAD_VALUES = "operand 1 values must be string, array[string], or set[string]";

function encodeObject(context: BuiltinContext, object?: Value): Value | undefined {
  if (!isObject(object)) {
    return wrongType(context, 1, object, "object");
  }
  const { budget } = context;
  const parameters = new Map<string, readonly Value[]>();
  for (const key of sortedKeys(object, budget)) {
    budget.create(1);
    const values = valuesOf(lookUp(object, key, budget) as Value, budget);
    if (values === undefined) return context.fail(BAD_VALUES);
    parameters.set(memberName(key, budget), values);
  }
  const parts: string[] = [];
  for (const name of sortValues(parameters.keys(), budget) as string[]) {
    for (const value of parameters.get(name) ?? []) {
      budget.create(1);
      parts.push(`${escaped(name, budget)}=${escaped(value as string, budget)}`);
    }
  }
  return parts.join("&");
}

function valuesOf(value: Value, budget: Budget): readonly Value[] | undefined {
  const values = value instanceof RegoSet ? value.sorted(budget) : value;
  if (typeof values === "string") return [values];
  if (!isArray(values)) return undefined;
  budget.spend(values.length);
  return values.every((one) => typeof one === "string") ? values : undefined;
}

function decodeObject(context: BuiltinContext, query?: Value): Value | undefined {
  const text = textOperand(context, 1, query);
  if (text === undefined) return undefined;
  const { budget } = context;
  const parts = text.split("&", PARAMETERS_MAX + 1);
  budget.create(parts.length);
  if (parts.length > PARAMETERS_MAX)
    return context.fail("number of URL query parameters exceeded limit");
  if (text.includes(";")) return context.fail("invalid semicolon separator in query");
  const parameters = new Map<string, string[]>();
  for (const part of parts) {
    if (part !== "" && !addParameter(parameters, part, budget)) {
      return context.fail("invalid URL escape");
    }
  }
  const object = new RegoObject();
  for (const [name, values] of parameters) object.set(name, values, budget);
  return object;
}

/** Whether `name=value` could be read. */
function addParameter(parameters: Map<string, string[]>, part: string, budget: Budget): boolean {
  const equals = part.indexOf("=");
  const name = unescaped(equals < 0 ? part : part.slice(0, equals), budget);
  const value = unescaped(equals < 0 ? "" : part.slice(equals + 1), budget);
  if (name === undefined || value === undefined) return false;
  const values = parameters.get(name);
  if (values === undefined) parameters.set(name, [value]);
  else values.push(value);
  return true;
}

export const URL_QUERY: BuiltinTable = {
  "urlquery.encode": (context, value) => {
    const text = textOperand(context, 1, value);
    return text === undefined ? undefined : escaped(text, context.budget);
  },
  "urlquery.decode": (context, value) => {
    const text = textOperand(context, 1, value);
    if (text === undefined) return undefined;
    return unescaped(text, context.budget) ?? context.fail("invalid URL escape");
  },
  "urlquery.encode_object": encodeObject,
  "urlquery.decode_object": decodeObject,
};
