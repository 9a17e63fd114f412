/**
 * `strings.any_prefix_match` and `strings.any_suffix_match`: whether any of many texts begins or ends
 * with any of many others.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import type { Value } from "../../plan/values/value.ts";
import type { BuiltinContext, BuiltinFunction, BuiltinTable } from "../builtin.ts";
import { textsOf, wrongType } from "../operands.ts";

const FEW = 8;
const UNITS_PER_STEP = 16;

type Turn = (text: string) => string;

function anyAffixMatch(
  matches: (text: string, affix: string) => boolean,
  /** Makes a prefix of what is looked for. */
  turn: Turn,
): BuiltinFunction {
  return (context, search: Value, base: Value) => {
    const texts = operand(context, 1, search);
    if (texts === undefined) return undefined;
    const affixes = operand(context, 2, base);
    if (affixes === undefined) return undefined;
    const { budget } = context;
    if (texts.length > FEW && affixes.length > FEW) {
      return anyPrefix(turned(texts, turn, budget), turned(affixes, turn, budget), budget);
    }
    budget.spend(texts.length * affixes.length);
    for (const affix of affixes) {
      budget.spend((texts.length * affix.length) / UNITS_PER_STEP);
      if (texts.some((text) => matches(text, affix))) return true;
    }
    return false;
  };
}

function operand(
  context: BuiltinContext,
  position: number,
  value: Value,
): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) {
    return wrongType(context, position, value, "string", "set", "array");
  }
  return textsOf(context, position, value);
}

function turned(texts: readonly string[], turn: Turn, budget: Budget): string[] {
  let length = 0;
  for (const text of texts) length += text.length;
  budget.spend(length / UNITS_PER_STEP);
  budget.allocate(length);
  return texts.map(turn);
}

/** Sorted, the texts with a prefix follow the place of the prefix itself. */
function anyPrefix(texts: string[], prefixes: readonly string[], budget: Budget): boolean {
  const rounds = Math.ceil(Math.log2(texts.length + 1));
  const longest = texts.reduce((length, text) => Math.max(length, text.length), 0);
  budget.spend(texts.length * rounds * (1 + longest / UNITS_PER_STEP));
  texts.sort();
  for (const prefix of prefixes) {
    budget.spend(rounds * (1 + prefix.length / UNITS_PER_STEP));
    let low = 0;
    let high = texts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((texts[middle] as string) < prefix) low = middle + 1;
      else high = middle;
    }
    if (texts[low]?.startsWith(prefix)) return true;
  }
  return false;
}

/** By UTF-16 units: only compared, never shown. */
function backwards(text: string): string {
  let turnedText = "";
  for (let index = text.length - 1; index >= 0; index--) turnedText += text.charAt(index);
  return turnedText;
}

export const AFFIX: BuiltinTable = {
  "strings.any_prefix_match": anyAffixMatch(
    (text, prefix) => text.startsWith(prefix),
    (text) => text,
  ),
  "strings.any_suffix_match": anyAffixMatch((text, suffix) => text.endsWith(suffix), backwards),
};
