/**
 * OPA's builtins on strings, but for `sprintf` and those that use patterns.
 *
 * @module
 */
import { isArray, isSet, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { ofText, textsOf, wrongType } from "./operands.ts";
import { AFFIX } from "./strings/affix.ts";
import { CUT } from "./strings/cut.ts";
import { FIND } from "./strings/find.ts";
import { lowerCase, upperCase } from "./strings/letter-case.ts";
import { REPLACE } from "./strings/replace.ts";

function concat(context: BuiltinContext, delimiter: Value, collection: Value): Value | undefined {
  if (typeof delimiter !== "string") return wrongType(context, 1, delimiter, "string");
  if (!isArray(collection) && !isSet(collection)) {
    return wrongType(context, 2, collection, "set", "array");
  }
  const texts = textsOf(context, 2, collection);
  if (texts === undefined) return undefined;
  let length = delimiter.length * Math.max(texts.length - 1, 0);
  for (const text of texts) length += text.length;
  context.budget.allocate(length);
  return texts.join(delimiter);
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}

export const STRINGS: BuiltinTable = {
  ...FIND,
  ...AFFIX,
  ...CUT,
  ...REPLACE,
  concat,
  lower: ofText((budget, text) => {
    budget.allocate(text.length);
    return lowerCase(text);
  }),
  upper: ofText((budget, text) => {
    budget.allocate(text.length);
    return upperCase(text);
  }),
  "strings.reverse": ofText((budget, text) => {
    budget.spend(text.length / 2);
    budget.allocate(text.length);
    return reversed(text);
  }),
};
