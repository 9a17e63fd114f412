/** Rego values for tests, in as few letters as possible. */
import { Budget, DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { sortedKeys } from "../../src/policy/plan/values/compare.ts";
import { Decimal, numberFromText } from "../../src/policy/plan/values/decimal.ts";
import { lookUp } from "../../src/policy/plan/values/object.ts";
import { RegoObject } from "../../src/policy/plan/values/rego-object.ts";
import { RegoSet } from "../../src/policy/plan/values/rego-set.ts";
import {
  isArray,
  isObject,
  type RegoNumber,
  type Value,
} from "../../src/policy/plan/values/value.ts";

export function testBudget(): Budget {
  return new Budget(DEFAULT_LIMITS);
}

/** `num("1.50")`: a number exactly as it is written. */
export function num(text: string): RegoNumber {
  return numberFromText(text);
}

export function set(...values: readonly Value[]): RegoSet {
  const made = new RegoSet();
  for (const value of values) made.add(value, testBudget());
  return made;
}

/** `obj([1, "a"], ["b", 2])`: keys of any type. */
export function obj(...entries: readonly (readonly [Value, Value])[]): RegoObject {
  const made = new RegoObject();
  for (const [key, value] of entries) made.set(key, value, testBudget());
  return made;
}

/** A value as Rego source that OPA's parser takes: strings are written as in JSON. */
export function regoText(value: Value): string {
  if (value instanceof Decimal) return value.text;
  if (value instanceof RegoSet) {
    return value.size === 0 ? "set()" : `{${[...value.values()].map(regoText).join(", ")}}`;
  }
  if (isArray(value)) return `[${value.map(regoText).join(", ")}]`;
  if (typeof value === "string") return textLiteral(value);
  if (!isObject(value)) return JSON.stringify(value);
  const members = sortedKeys(value, testBudget()).map(
    (key) => `${regoText(key)}: ${regoText(lookUp(value, key, testBudget()) as Value)}`,
  );
  return `{${members.join(", ")}}`;
}

/** OPA's parser takes no byte order mark, not even in a string. */
function textLiteral(text: string): string {
  return JSON.stringify(text).replaceAll("\ufeff", "\\ufeff");
}
