/**
 * OPA's builtins on globs.
 *
 * @module
 */
import { isArray, typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { globMatches, globOf } from "./glob/glob-pattern.ts";
import { chargeText, ofText, wrongType } from "./operands.ts";

const SPECIAL = /[*?\\[\]{}]/g;

function match(
  context: BuiltinContext,
  glob: Value,
  delimiters: Value,
  text: Value,
): Value | undefined {
  if (typeof glob !== "string") return wrongType(context, 1, glob, "string");
  const stops = delimitersOf(context, delimiters);
  if (stops === undefined) return undefined;
  if (typeof text !== "string") return wrongType(context, 3, text, "string");
  const compiled = globOf(context, glob, stops);
  if (compiled === undefined) return undefined;
  chargeText(context.budget, text);
  return globMatches(compiled, text, context.budget);
}

/** None for null, a dot for an empty array. */
function delimitersOf(context: BuiltinContext, value: Value): string | undefined {
  if (value === null) return "";
  if (!isArray(value)) return wrongType(context, 2, value, "array", "null");
  if (value.length === 0) return ".";
  context.budget.spend(value.length);
  let all = "";
  for (const one of value) {
    if (typeof one !== "string" || !isOnePoint(one)) {
      const wanted = typeof one === "string" ? "rune" : "string";
      return context.fail(
        `operand 2 must be array of ${wanted}s but got array containing ${typeName(one)}`,
      );
    }
    all += one;
  }
  return all;
}

function isOnePoint(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff);
}

export const GLOB: BuiltinTable = {
  "glob.match": match,
  "glob.quote_meta": ofText((budget, text) => {
    budget.allocate(2 * text.length);
    return text.replace(SPECIAL, "\\$&");
  }),
};
