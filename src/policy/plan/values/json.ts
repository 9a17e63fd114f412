/**
 * JSON in and out, with every number as it is written and members in Rego's order.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { compareText, sortedKeys } from "./compare.ts";
import { Decimal, jsonNumber, numberFromText, numberText } from "./decimal.ts";
import { keysOf, lookUp } from "./object.ts";
import { RegoSet } from "./rego-set.ts";
import { isArray, isObject, type ObjectValue, type RegoNumber, type Value } from "./value.ts";

/** Present since JavaScript engines give revivers the source text; the library's types lag behind. */
interface Source {
  readonly source?: string;
}
type Reviver = (this: unknown, name: string, value: unknown, source: Source) => unknown;
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/** An escape that may be half of a surrogate pair; OPA reads a lone half as U+FFFD. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * The document that `text` holds, numbers exact. As in OPA, a number out of range is an error.
 *
 * @throws {SyntaxError}
 */
export function parseJson(text: string): Value {
  const revive: Reviver = SURROGATE_ESCAPE.test(text) ? wellFormed : exact;
  return parse(text, revive) as Value;
}

const exact: Reviver = (_name, value, { source }) =>
  typeof value === "number" && source !== undefined ? readNumber(source) : value;

function readNumber(text: string): RegoNumber {
  try {
    return numberFromText(text);
  } catch {
    throw new SyntaxError("number out of range");
  }
}

const wellFormed: Reviver = function (name, value, source) {
  if (typeof value === "string") return value.toWellFormed();
  if (!isObject(value as Value)) return exact.call(this, name, value, source);
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, member]) => [key.toWellFormed(), member]));
};

/**
 * Compact JSON as OPA writes it: sets as sorted arrays, members sorted, other keys as their JSON.
 *
 * @throws {RangeError} where OPA's encoder fails: for a number that is not written as in JSON.
 */
export function jsonText(value: Value, budget: Budget): string {
  return write(value, budget, 0);
}

function write(value: Value, budget: Budget, depth: number): string {
  budget.descend(depth);
  budget.spend(1);
  if (typeof value === "string") return writeString(value, budget);
  if (typeof value === "number") return numberText(value);
  if (value instanceof Decimal) return jsonNumber(value);
  if (value instanceof RegoSet) return writeArray(value.sorted(budget), budget, depth);
  if (isArray(value)) return writeArray(value, budget, depth);
  if (!isObject(value)) return String(value);
  const members = new Map<string, Value>();
  for (const key of sortedKeys(value, budget)) {
    members.set(named(key, budget, depth + 1), lookUp(value, key, budget) as Value);
  }
  const names = [...members.keys()].sort(compareText);
  const texts = names.map(
    (name) =>
      `${writeString(name, budget)}:${write(members.get(name) as Value, budget, depth + 1)}`,
  );
  return `{${texts.join(",")}}`;
}

/** The name of the member that JSON has for a key of any type; of keys with one name the last counts. */
export function memberName(key: Value, budget: Budget): string {
  return named(key, budget, 0);
}

function named(key: Value, budget: Budget, depth: number): string {
  return typeof key === "string" ? key : htmlSafe(write(key, budget, depth));
}

const HTML_CHARACTERS = /[<>&]/g;
const HTML_ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
};

/** JSON with `<`, `>` and `&`, which stand inside of strings only, as escapes. */
export function htmlSafe(json: string): string {
  return json.replace(HTML_CHARACTERS, (one) => HTML_ESCAPES[one] ?? one);
}

function writeArray(items: readonly Value[], budget: Budget, depth: number): string {
  return `[${items.map((item) => write(item, budget, depth + 1)).join(",")}]`;
}

/** One escape at a time, so that the second half of `\\\\` begins none. */
const ESCAPE = /\\(?:u[dD][89a-fA-F]..|.)/g;
/** How a byte that is no text is written. */
const NO_TEXT = "\\ufffd";

/** Control characters other than the five short escapes are `\u00xx`; U+2028 and U+2029 are escaped. */
function writeString(text: string, budget: Budget): string {
  budget.allocate(text.length);
  const json = JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return text.isWellFormed()
    ? json
    : json.replace(ESCAPE, (one) => (one.length < 6 ? one : NO_TEXT));
}

/** A copy made of plain arrays and objects only, as a caller of OPA is given it. */
export function toPlain(value: Value, budget: Budget): unknown {
  return plain(value, budget, 0);
}

function plain(value: Value, budget: Budget, depth: number): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  budget.descend(depth);
  budget.spend(1);
  if (value instanceof Decimal) return Number(jsonNumber(value));
  if (value instanceof RegoSet) value = value.sorted(budget);
  if (isArray(value)) {
    budget.create(value.length);
    return value.map((item) => plain(item, budget, depth + 1));
  }
  return plainObject(value as ObjectValue, budget, depth);
}

function plainObject(object: ObjectValue, budget: Budget, depth: number): unknown {
  const copy: Record<string, unknown> = {};
  // Keys that are no text may get one name, and then the order says which one counts.
  const keys = hasOnlyNames(object) ? keysOf(object) : sortedKeys(object, budget);
  for (const key of keys) {
    budget.create(1);
    const name = named(key, budget, depth + 1).toWellFormed();
    const item = plain(lookUp(object, key, budget) as Value, budget, depth + 1);
    if (name === "__proto__") Object.defineProperty(copy, name, { ...OWN, value: item });
    else copy[name] = item;
  }
  return copy;
}

const OWN = { enumerable: true, writable: true, configurable: true };

function hasOnlyNames(object: ObjectValue): boolean {
  for (const key of keysOf(object)) if (typeof key !== "string") return false;
  return true;
}
