/**
 * A value as Rego source, the way OPA prints terms: `{"a": [1, true]}`, `{1, 2}`, `set()`.
 *
 * @module
 */
import type { Budget } from "./budget.ts";
import { sortedKeys } from "./compare.ts";
import { Decimal, numberText } from "./decimal.ts";
import { lookUp } from "./object.ts";
import { QUOTED_ESCAPED } from "./printable.ts";
import { RegoSet } from "./rego-set.ts";
import { isByte } from "./text-bytes.ts";
import { isArray, isObject, type Value } from "./value.ts";

export function termText(value: Value, budget: Budget): string {
  return write(value, budget, 0);
}

function write(value: Value, budget: Budget, depth: number): string {
  budget.descend(depth);
  budget.spend(1);
  if (typeof value === "string") return quoted(value, budget);
  if (typeof value === "number" || value instanceof Decimal) return numberText(value);
  const next = (item: Value) => write(item, budget, depth + 1);
  if (isArray(value)) return `[${value.map(next).join(", ")}]`;
  if (value instanceof RegoSet) {
    return value.size === 0 ? "set()" : `{${value.sorted(budget).map(next).join(", ")}}`;
  }
  if (!isObject(value)) return String(value);
  const members = sortedKeys(value, budget).map(
    (key) => `${next(key)}: ${next(lookUp(value, key, budget) as Value)}`,
  );
  return `{${members.join(", ")}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\u000b": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** Go's `strconv.Quote`. */
export function quoted(text: string, budget: Budget): string {
  budget.allocate(text.length);
  return `"${text.replace(QUOTED_ESCAPED, escaped)}"`;
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  const hex = (isByte(point) ? point & 0xff : point).toString(16);
  if (isByte(point)) return `\\x${hex}`;
  if (point < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
