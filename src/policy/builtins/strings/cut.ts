/**
 * Builtins that take pieces of a text: `split`, `substring` and the trims.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import type { Value } from "../../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "../builtin.ts";
import { chargeText, integerOperand, ofText, ofTwoTexts, wrongType } from "../operands.ts";
import { codePointCount, isLowSurrogate, isOneUnitEach, unitIndex } from "./code-points.ts";
import { separateIndexes } from "./text-search.ts";

const NATIVE_UNITS_MAX = 250;

function pieces(budget: Budget, text: string, delimiter: string): readonly string[] {
  const points = delimiter === "";
  const count = points ? codePointCount(text) : separateIndexes(text, delimiter, budget).length + 1;
  budget.spend(count);
  budget.create(1 + count);
  budget.allocate(text.length);
  if (points) return [...text];
  if (delimiter.length <= NATIVE_UNITS_MAX) return text.split(delimiter);
  let start = 0;
  const parts = separateIndexes(text, delimiter, budget).map((index) => {
    const part = text.slice(start, index);
    start = index + delimiter.length;
    return part;
  });
  return [...parts, text.slice(start)];
}

function splitSome(
  context: BuiltinContext,
  text: Value,
  delimiter: Value,
  count: Value,
): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  if (typeof delimiter !== "string") return wrongType(context, 2, delimiter, "string");
  const wanted = integerOperand(context, 3, count);
  if (wanted === undefined) return undefined;
  chargeText(context.budget, text);
  chargeText(context.budget, delimiter);
  const parts = pieces(context.budget, text, delimiter);
  return wanted >= 0 ? parts.slice(0, wanted) : parts.slice(Math.max(parts.length + wanted, 0));
}

function substring(
  context: BuiltinContext,
  text: Value,
  offset: Value,
  length: Value,
): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  const start = integerOperand(context, 2, offset);
  if (start === undefined) return undefined;
  const count = integerOperand(context, 3, length);
  if (count === undefined) return undefined;
  if (start < 0) return context.fail("negative offset");
  chargeText(context.budget, text);
  if (isOneUnitEach(text)) return count < 0 ? text.slice(start) : text.slice(start, start + count);
  context.budget.spend(text.length);
  const from = unitIndex(text, 0, start);
  return count < 0 ? text.slice(from) : text.slice(from, unitIndex(text, from, count));
}

type Holds = (point: string) => boolean;

function without(text: string, holds: Holds, left: boolean, right: boolean): string {
  let start = 0;
  let end = text.length;
  while (left && start < end) {
    const point = String.fromCodePoint(text.codePointAt(start) as number);
    if (!holds(point)) break;
    start += point.length;
  }
  while (right && end > start) {
    const units = isLowSurrogate(text.charCodeAt(end - 1)) ? 2 : 1;
    if (!holds(text.slice(end - units, end))) break;
    end -= units;
  }
  return text.slice(start, end);
}

const trimmed = (left: boolean, right: boolean) =>
  ofTwoTexts((budget, text, cut) => {
    budget.spend((text.length + cut.length) / 4);
    const points = new Set(cut);
    return without(text, (point) => points.has(point), left, right);
  });

/** Go's `unicode.IsSpace`: without the byte order mark, with the next line control. */
const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

export const CUT: BuiltinTable = {
  split: ofTwoTexts(pieces),
  "strings.split_n": splitSome,
  substring,
  trim: trimmed(true, true),
  trim_left: trimmed(true, false),
  trim_right: trimmed(false, true),
  trim_prefix: ofTwoTexts((_budget, text, prefix) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  trim_suffix: ofTwoTexts((_budget, text, suffix) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  trim_space: ofText((budget, text) => {
    budget.spend(text.length / 4);
    return without(text, (point) => SPACE.test(point), true, true);
  }),
};
