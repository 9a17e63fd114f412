/**
 * Values for people to read: as Rego writes them, cut where they get long, without what looks like a
 * credential.
 *
 * @module
 */
import { CRITICAL_NAMES, foldedName } from "../policy/filter-parameters.ts";
import { Budget, DEFAULT_LIMITS } from "../policy/plan/values/budget.ts";
import { sortedKeys } from "../policy/plan/values/compare.ts";
import { Decimal, numberText } from "../policy/plan/values/decimal.ts";
import { lookUp } from "../policy/plan/values/object.ts";
import {
  isArray,
  isObject,
  isSet,
  type ObjectValue,
  type Value,
} from "../policy/plan/values/value.ts";

const HIDDEN = "(hidden)";
const DEPTH_MAX = 16;
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  ...CRITICAL_NAMES,
  ...["authorization", "cookie", "access_token", "refresh_token", "id_token", "client_secret"],
]);
const CREDENTIAL = /eyJ[\w-]{8,}\.[\w-]+|\b(?:bearer|basic)\s+\S{8,}|-----BEGIN/i;

/** `undefined` for none; at most about `charactersMax`. */
export function briefText(value: Value | undefined, charactersMax: number): string {
  if (value === undefined) return "undefined";
  const text = new Text(charactersMax);
  try {
    write(value, text, 0);
  } catch (thrown) {
    if (!(thrown instanceof Full)) throw thrown;
  }
  return text.cut();
}

/** One line, cut. */
export function briefLine(line: string, charactersMax: number): string {
  const text = new Text(charactersMax);
  text.tryAdd(line.trim().replaceAll(/\s+/g, " "));
  return text.cut();
}

class Full extends Error {}

class Text {
  readonly #charactersMax: number;
  readonly #budget = new Budget({ ...DEFAULT_LIMITS, stepsMax: Number.MAX_SAFE_INTEGER });
  #text = "";
  #isFull = false;

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  get budget(): Budget {
    return this.#budget;
  }

  tryAdd(part: string): void {
    const room = this.#charactersMax - this.#text.length;
    this.#isFull = part.length > room;
    this.#text += part.slice(0, room);
  }

  /** @throws {Full} */
  add(part: string): void {
    this.tryAdd(part);
    if (this.#isFull) throw new Full();
  }

  cut(): string {
    return this.#isFull ? `${this.#text.toWellFormed()}…` : this.#text;
  }
}

function write(value: Value, text: Text, depth: number): void {
  if (typeof value === "string") text.add(CREDENTIAL.test(value) ? HIDDEN : JSON.stringify(value));
  else if (typeof value === "number" || value instanceof Decimal) text.add(numberText(value));
  else if (value === null || typeof value === "boolean") text.add(String(value));
  else if (depth > DEPTH_MAX) text.add("…");
  else if (isArray(value)) writeAll(value, ["[", "]"], text, depth);
  else if (isSet(value)) writeSet(value.sorted(text.budget), text, depth);
  else if (isObject(value)) writeObject(value, text, depth);
}

function writeObject(object: ObjectValue, text: Text, depth: number): void {
  text.add("{");
  for (const [index, key] of sortedKeys(object, text.budget).entries()) {
    if (index > 0) text.add(", ");
    write(key, text, depth + 1);
    text.add(": ");
    const isCredential = typeof key === "string" && CREDENTIAL_NAMES.has(foldedName(key));
    if (isCredential) text.add(HIDDEN);
    else write(lookUp(object, key, text.budget) as Value, text, depth + 1);
  }
  text.add("}");
}

function writeSet(elements: readonly Value[], text: Text, depth: number): void {
  if (elements.length === 0) text.add("set()");
  else writeAll(elements, ["{", "}"], text, depth);
}

function writeAll(
  values: readonly Value[],
  [open, close]: readonly [string, string],
  text: Text,
  depth: number,
): void {
  text.add(open);
  for (const [index, value] of values.entries()) {
    if (index > 0) text.add(", ");
    write(value, text, depth + 1);
  }
  text.add(close);
}
