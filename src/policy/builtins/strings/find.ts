/**
 * Builtins that look for a text in another one.
 *
 * @module
 */
import type { Value } from "../../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "../builtin.ts";
import { chargeText, ofTwoTexts, wrongType } from "../operands.ts";
import { codePointCount, isOneUnitEach, pointsBefore } from "./code-points.ts";
import { everyIndex, firstIndex, separateIndexes } from "./text-search.ts";

const EMPTY_SEARCH = "empty search character";

function indexOf(context: BuiltinContext, text: Value, wanted: Value): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  if (typeof wanted !== "string") return wrongType(context, 2, wanted, "string");
  if (wanted === "") return context.fail(EMPTY_SEARCH);
  chargeText(context.budget, text);
  chargeText(context.budget, wanted);
  const index = firstIndex(text, wanted);
  return index <= 0 || isOneUnitEach(text) ? index : pointsBefore(text, 0, index);
}

function indexOfEvery(context: BuiltinContext, text: Value, wanted: Value): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  if (typeof wanted !== "string") return wrongType(context, 2, wanted, "string");
  if (wanted === "") return context.fail(EMPTY_SEARCH);
  const { budget } = context;
  chargeText(budget, text);
  chargeText(budget, wanted);
  const units = everyIndex(text, wanted, budget);
  budget.create(1 + units.length);
  if (isOneUnitEach(text)) return units;
  let last = 0;
  let points = 0;
  return units.map((index) => {
    points += pointsBefore(text, last, index);
    last = index;
    return points;
  });
}

export const FIND: BuiltinTable = {
  contains: ofTwoTexts((_budget, text, wanted) => firstIndex(text, wanted) >= 0),
  startswith: (context, text: Value, prefix: Value) => {
    if (typeof text !== "string") return wrongType(context, 1, text, "string");
    if (typeof prefix !== "string") return wrongType(context, 2, prefix, "string");
    chargeText(context.budget, prefix);
    return text.startsWith(prefix);
  },
  endswith: (context, text: Value, suffix: Value) => {
    if (typeof text !== "string") return wrongType(context, 1, text, "string");
    if (typeof suffix !== "string") return wrongType(context, 2, suffix, "string");
    chargeText(context.budget, suffix);
    return text.endsWith(suffix);
  },
  indexof: indexOf,
  indexof_n: indexOfEvery,
  "strings.count": ofTwoTexts((budget, text, wanted) =>
    wanted === "" ? codePointCount(text) + 1 : separateIndexes(text, wanted, budget).length,
  ),
};
