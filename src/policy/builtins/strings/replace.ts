/**
 * `replace` and `strings.replace_n`: at every place the first of the texts, in their order, that stands
 * there is replaced, from left to right.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { sortedKeys } from "../../plan/values/compare.ts";
import { lookUp, sizeOf } from "../../plan/values/object.ts";
import { isObject, type Value } from "../../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "../builtin.ts";
import { chargeText, wrongType } from "../operands.ts";
import { separateIndexes } from "./text-search.ts";

function replace(
  context: BuiltinContext,
  text: Value,
  old: Value,
  replacement: Value,
): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  if (typeof old !== "string") return wrongType(context, 2, old, "string");
  if (typeof replacement !== "string") return wrongType(context, 3, replacement, "string");
  const { budget } = context;
  chargeText(budget, text);
  chargeText(budget, old);
  if (old === "") return replacedAll(text, new Map([["", replacement]]), budget);
  const indexes = separateIndexes(text, old, budget);
  if (indexes.length === 0) return text;
  budget.allocate(text.length + indexes.length * replacement.length);
  let result = "";
  let start = 0;
  for (const index of indexes) {
    result += text.slice(start, index) + replacement;
    start = index + old.length;
  }
  return result + text.slice(start);
}

function replaceMany(context: BuiltinContext, patterns: Value, text: Value): Value | undefined {
  if (!isObject(patterns)) return wrongType(context, 1, patterns, "object");
  if (typeof text !== "string") return wrongType(context, 2, text, "string");
  const { budget } = context;
  budget.spend(sizeOf(patterns, budget));
  const pairs = new Map<string, string>();
  for (const old of sortedKeys(patterns, budget)) {
    if (typeof old !== "string") {
      return context.fail("operand 1 non-string key found in pattern object");
    }
    const replacement = lookUp(patterns, old, budget);
    if (typeof replacement !== "string") {
      return context.fail("operand 1 non-string value found in pattern object");
    }
    chargeText(budget, old);
    pairs.set(old, replacement);
  }
  chargeText(budget, text);
  return replacedAll(text, pairs, budget);
}

/** One unit of one of the texts that are replaced; the texts branch where they differ. */
interface Branch {
  readonly next: Map<number, Branch>;
  /** What replaces the text that ends here. */
  replacement?: string;
}

/** Sorted: the first of two texts that begin alike is the shorter one, and wins. */
function treeOf(pairs: ReadonlyMap<string, string>, budget: Budget): Branch {
  const root: Branch = { next: new Map() };
  for (const [old, replacement] of pairs) {
    let branch = root;
    for (let index = 0; index < old.length && branch.replacement === undefined; index++) {
      const unit = old.charCodeAt(index);
      let next = branch.next.get(unit);
      if (next === undefined) {
        budget.spend(1);
        next = { next: new Map() };
        branch.next.set(unit, next);
      }
      branch = next;
    }
    if (old !== "") branch.replacement ??= replacement;
  }
  return root;
}

/**
 * The empty text stands at every place, but not twice in a row at the same one. It also stands between
 * the bytes of a code point, which OPA tears apart there; each of these bytes is U+FFFD here, as it is
 * for everyone who reads OPA's answer as JSON.
 */
function replacedAll(text: string, pairs: ReadonlyMap<string, string>, budget: Budget): string {
  const root = treeOf(pairs, budget);
  const inserted = pairs.get("");
  let result = "";
  let start = 0;
  const put = (until: number, replacement: string, past: number) => {
    budget.allocate(until - start + replacement.length);
    result += text.slice(start, until) + replacement;
    start = past;
  };
  let index = 0;
  let justInserted = false;
  while (index <= text.length) {
    if (inserted !== undefined && !justInserted) {
      put(index, inserted, index);
      justInserted = true;
      continue;
    }
    justInserted = false;
    const found = longestAt(text, index, root, budget);
    if (found !== undefined) {
      put(index, found.replacement, found.end);
      index = found.end;
    } else if (inserted !== undefined && text.charCodeAt(index) >= 0x80) {
      const end = index + ((text.codePointAt(index) as number) > 0xffff ? 2 : 1);
      put(index, torn(text.slice(index, end), inserted), end);
      index = end;
    } else index++;
  }
  return start === 0 && result === "" ? text : result + text.slice(start);
}

function longestAt(
  text: string,
  start: number,
  root: Branch,
  budget: Budget,
): { replacement: string; end: number } | undefined {
  let branch = root;
  let index = start;
  for (; index < text.length; index++) {
    const next = branch.next.get(text.charCodeAt(index));
    if (next === undefined) break;
    budget.spend(0.5);
    branch = next;
    if (branch.replacement !== undefined) {
      return { replacement: branch.replacement, end: index + 1 };
    }
  }
  budget.spend(0.25);
  return undefined;
}

function torn(point: string, inserted: string): string {
  const unit = point.charCodeAt(0);
  const bytes = point.length === 2 ? 4 : unit < 0x800 ? 2 : 3;
  return Array(bytes).fill("\ufffd").join(inserted);
}

export const REPLACE: BuiltinTable = {
  replace,
  "strings.replace_n": replaceMany,
};
