/**
 * OPA's builtins on regular expressions: Go's syntax, in linear time.
 *
 * @module
 */
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { chargeText, integerOperand, wrongType } from "./operands.ts";
import { expanded, groupText, partsOf } from "./regex/expand.ts";
import { globTokens } from "./regex/glob-tokens.ts";
import { intersect } from "./regex/globs-intersect.ts";
import { type Groups, isPattern, type Pattern, patternOf } from "./regex/pattern.ts";
import { templatePattern } from "./regex/template.ts";

function match(context: BuiltinContext, pattern: Value, text: Value): Value | undefined {
  if (typeof pattern !== "string") return wrongType(context, 1, pattern, "string");
  if (typeof text !== "string") return wrongType(context, 2, text, "string");
  return patternOf(context, pattern)?.isIn(text, context.budget);
}

function templateMatch(
  context: BuiltinContext,
  template: Value,
  text: Value,
  open: Value,
  close: Value,
): Value | undefined {
  if (typeof template !== "string") return wrongType(context, 1, template, "string");
  if (typeof text !== "string") return wrongType(context, 2, text, "string");
  if (typeof open !== "string") return wrongType(context, 3, open, "string");
  if (typeof close !== "string") return wrongType(context, 4, close, "string");
  if (!isOneByte(open)) return context.fail("start delimiter has to be exactly one character long");
  if (!isOneByte(close)) return context.fail("end delimiter has to be exactly one character long");
  return templatePattern(context, template, open, close)?.isIn(text, context.budget);
}

function isOneByte(text: string): boolean {
  return text.length === 1 && text.charCodeAt(0) < 0x80;
}

function split(context: BuiltinContext, pattern: Value, text: Value): Value | undefined {
  if (typeof pattern !== "string") return wrongType(context, 1, pattern, "string");
  if (typeof text !== "string") return wrongType(context, 2, text, "string");
  const compiled = patternOf(context, pattern);
  if (compiled === undefined) return undefined;
  const { budget } = context;
  if (text === "" && pattern !== "") return [""];
  const found = compiled.all(text, -1, false, budget);
  budget.create(2 + found.length);
  budget.allocate(text.length);
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  for (const [from = 0, to = 0] of found) {
    end = from;
    if (to !== 0) parts.push(text.slice(start, end));
    start = to;
  }
  if (end !== text.length) parts.push(text.slice(start));
  return parts;
}

/** Takes a pattern, a text and a number of matches. */
function finder(
  withGroups: boolean,
  answer: (text: string, groups: Groups, pattern: Pattern, context: BuiltinContext) => Value,
) {
  return (context: BuiltinContext, pattern: Value, text: Value, count: Value) => {
    if (typeof pattern !== "string") return wrongType(context, 1, pattern, "string");
    if (typeof text !== "string") return wrongType(context, 2, text, "string");
    const countMax = integerOperand(context, 3, count);
    if (countMax === undefined) return undefined;
    const compiled = patternOf(context, pattern);
    if (compiled === undefined) return undefined;
    const found = compiled.all(text, countMax, withGroups, context.budget);
    context.budget.create(1 + found.length);
    return found.map((groups) => answer(text, groups, compiled, context));
  };
}

function wholeMatch(text: string, groups: Groups, _pattern: Pattern, context: BuiltinContext) {
  const whole = groupText(text, groups, 0);
  context.budget.allocate(whole.length);
  return whole;
}

function everyGroup(text: string, groups: Groups, pattern: Pattern, context: BuiltinContext) {
  context.budget.create(2 + pattern.groupCount);
  const texts: string[] = [];
  for (let group = 0; group <= pattern.groupCount; group++) {
    const one = groupText(text, groups, group);
    context.budget.allocate(one.length);
    texts.push(one);
  }
  return texts;
}

function replace(
  context: BuiltinContext,
  text: Value,
  pattern: Value,
  template: Value,
): Value | undefined {
  if (typeof text !== "string") return wrongType(context, 1, text, "string");
  if (typeof pattern !== "string") return wrongType(context, 2, pattern, "string");
  if (typeof template !== "string") return wrongType(context, 3, template, "string");
  const compiled = patternOf(context, pattern);
  if (compiled === undefined) return undefined;
  const { budget } = context;
  chargeText(budget, template);
  const found = compiled.all(text, -1, true, budget);
  if (found.length === 0) return text;
  const parts = partsOf(template, compiled, budget);
  budget.allocate(text.length);
  let result = "";
  let start = 0;
  for (const groups of found) {
    result += text.slice(start, groups[0]) + expanded(parts, text, groups, budget);
    start = groups[1] ?? 0;
  }
  return result + text.slice(start);
}

function globsMatch(context: BuiltinContext, a: Value, b: Value): Value | undefined {
  if (typeof a !== "string") return wrongType(context, 1, a, "string");
  if (typeof b !== "string") return wrongType(context, 2, b, "string");
  const { budget } = context;
  const first = globTokens(a, budget);
  const second = globTokens(b, budget);
  if (first === undefined || second === undefined) {
    return context.fail("the input provided is invalid");
  }
  return intersect(first, second, budget);
}

export const REGEX: BuiltinTable = {
  "regex.match": match,
  "regex.is_valid": (context, pattern: Value) =>
    typeof pattern === "string" && isPattern(pattern, context.budget),
  "regex.split": split,
  "regex.find_n": finder(false, wholeMatch),
  "regex.find_all_string_submatch_n": finder(true, everyGroup),
  "regex.replace": replace,
  "regex.template_match": templateMatch,
  "regex.globs_match": globsMatch,
};
