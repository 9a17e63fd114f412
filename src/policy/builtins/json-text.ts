/**
 * Values as JSON text and back, written as Go's encoder writes it.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { sortedKeys } from "../plan/values/compare.ts";
import { htmlSafe, jsonText, parseJson } from "../plan/values/json.ts";
import { lookUp } from "../plan/values/object.ts";
import { isObject, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { chargeBytes, textOperand, wrongType } from "./operands.ts";

/** What Go's decoder takes at most; a deeper document is no JSON to it. */
const NESTING_MAX = 10_000;

export function marshalled(value: Value, budget: Budget): string {
  const text = jsonText(value, budget);
  chargeBytes(budget, text.length);
  return htmlSafe(text);
}

interface Extent {
  /** Deepest nesting of arrays and objects. */
  readonly depth: number;
  /** Values and names, or a few more. */
  readonly count: number;
  /** No number that JavaScript may write otherwise, and no escape that could be half a character. */
  readonly isPlain: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const SMALL_E = 0x65;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Below 2^53 whatever the digits are. */
const DIGITS_MAX = 15;

/** How large the document is that `text` would be, without building it. */
function extentOf(text: string): Extent {
  let depth = 0;
  let deepest = 0;
  let count = 1;
  let isPlain = !text.includes("\\");
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    switch (unit) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case COMMA:
      case COLON:
        count++;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        count++;
        depth++;
        deepest = Math.max(deepest, depth);
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--;
        break;
      default:
        if (unit > DIGIT_9 || unit < MINUS) break;
        isPlain &&= isPlainNumber(text, index);
        index = endOfDigits(text, index) - 1;
    }
  }
  return { depth: deepest, count, isPlain };
}

/** An integer, not `-0`, that a double holds. */
function isPlainNumber(text: string, start: number): boolean {
  const isNegative = text.charCodeAt(start) === MINUS;
  const first = isNegative ? start + 1 : start;
  const end = endOfDigits(text, start);
  if (end === first || end - first > DIGITS_MAX) return false;
  if (isNegative && text.charCodeAt(first) === DIGIT_0) return false;
  const next = text.charCodeAt(end);
  return next !== POINT && next !== SMALL_E && next !== CAPITAL_E;
}

/** Past the character at `start` and the digits after it. */
function endOfDigits(text: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const unit = text.charCodeAt(end);
    // Past the end it is not a number.
    if (!(unit >= DIGIT_0 && unit <= DIGIT_9)) return end;
    end++;
  }
}

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  for (;;) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE || index >= text.length) return index;
    index += unit === BACKSLASH ? 2 : 1;
  }
}

/** The document; undefined where the text is no JSON. Its size is charged before it is made. */
export function unmarshalled(text: string, budget: Budget): Value | undefined {
  budget.spend(text.length >> 2);
  const { depth, count, isPlain } = extentOf(text);
  if (depth > NESTING_MAX) return undefined;
  budget.descend(depth);
  budget.create(count);
  try {
    const wellFormed = text.toWellFormed();
    return isPlain ? (JSON.parse(wellFormed) as Value) : parseJson(wellFormed);
  } catch {
    return undefined;
  }
}

function isValid(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return extentOf(text).depth <= NESTING_MAX;
}

interface Layout {
  readonly prefix: string;
  readonly indent: string;
}

/** Undefined, after a failure is told, for options that OPA does not take; null for compact text. */
function layoutOf(context: BuiltinContext, options?: Value): Layout | null | undefined {
  if (!isObject(options)) {
    return wrongType(context, 2, options, "object");
  }
  let layout: Layout = { prefix: "", indent: "\t" };
  let isPretty: boolean | undefined;
  let isLaidOut = false;
  for (const key of sortedKeys(options, context.budget)) {
    const option = lookUp(options, key, context.budget);
    if (key === "pretty" && typeof option === "boolean") isPretty = option;
    else if ((key === "prefix" || key === "indent") && typeof option === "string") {
      layout = { ...layout, [key]: option };
      isLaidOut = true;
    } else return context.fail("operand 2 object contained a key or value that is not known");
  }
  return (isPretty ?? isLaidOut) ? layout : null;
}

/** Compact JSON with a line for each element and member. */
function laidOut(text: string, { prefix, indent }: Layout, budget: Budget): string {
  budget.spend(text.length);
  budget.allocate(text.length);
  const parts: string[] = [prefix];
  let depth = 0;
  let start = 0;
  const cut = (end: number, isLineEnd: boolean) => {
    parts.push(text.slice(start, end));
    start = end;
    if (!isLineEnd) return;
    budget.allocate(1 + prefix.length + depth * indent.length);
    parts.push("\n", prefix, indent.repeat(depth));
  };
  for (let index = 0; index < text.length; index++) {
    switch (text[index]) {
      case '"':
        index = endOfString(text, index);
        break;
      case ":":
        cut(index + 1, false);
        parts.push(" ");
        break;
      case ",":
        cut(index + 1, true);
        break;
      case "[":
      case "{":
        depth++;
        if (!isEmptyAt(text, index)) cut(index + 1, true);
        break;
      case "]":
      case "}":
        depth--;
        if (!isEmptyAt(text, index - 1)) cut(index, true);
    }
  }
  return parts.join("") + text.slice(start);
}

/** Whether an array or object without members begins at `index`. */
function isEmptyAt(text: string, index: number): boolean {
  const pair = text.slice(index, index + 2);
  return pair === "[]" || pair === "{}";
}

export const JSON_TEXT: BuiltinTable = {
  "json.marshal": (context, value) =>
    value === undefined ? undefined : marshalled(value, context.budget),
  "json.marshal_with_options": (context, value, options) => {
    const layout = layoutOf(context, options);
    if (layout === undefined || value === undefined) return undefined;
    const text = marshalled(value, context.budget);
    return layout === null ? text : laidOut(text, layout, context.budget);
  },
  "json.unmarshal": (context, value) => {
    const text = textOperand(context, 1, value);
    if (text === undefined) return undefined;
    const document = unmarshalled(text, context.budget);
    return document === undefined ? context.fail("invalid JSON") : document;
  },
  "json.is_valid": (context, value) => {
    if (typeof value !== "string") return false;
    chargeBytes(context.budget, value.length);
    context.budget.spend(value.length >> 2);
    return isValid(value.toWellFormed());
  },
};
