/**
 * What replaces a match: `$1`, `${1}`, `$name` and `${name}` are groups, `$$` is a dollar sign. A name is
 * as long as it can be, so `$1x` is the group `1x`; a group that does not exist is empty.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import type { Groups, Pattern } from "./pattern.ts";

/** Text, or indexes of groups: the first one that took part in the match. */
type Part = string | readonly number[];

const REFERENCE = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;
const GROUP_NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

export function partsOf(template: string, pattern: Pattern, budget: Budget): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const found of template.matchAll(REFERENCE)) {
    budget.spend(1);
    parts.push(template.slice(start, found.index));
    start = found.index + found[0].length;
    if (found[1] !== undefined) parts.push("$");
    else parts.push(groupsOf(found[2] ?? found[3] ?? "", pattern));
  }
  parts.push(template.slice(start));
  return parts;
}

function groupsOf(name: string, pattern: Pattern): readonly number[] {
  if (GROUP_NUMBER.test(name)) return [Number(name)];
  return pattern.groupsByName.get(name) ?? [];
}

export function expanded(
  parts: readonly Part[],
  text: string,
  groups: Groups,
  budget: Budget,
): string {
  let result = "";
  budget.spend(parts.length / 4);
  for (const part of parts) {
    const piece = typeof part === "string" ? part : firstText(text, groups, part);
    budget.allocate(piece.length);
    result += piece;
  }
  return result;
}

function firstText(text: string, groups: Groups, indexes: readonly number[]): string {
  const group = indexes.find((index) => (groups[2 * index] ?? -1) >= 0);
  return group === undefined ? "" : groupText(text, groups, group);
}

/** Empty where the group took no part in the match. */
export function groupText(text: string, groups: Groups, group: number): string {
  const start = groups[2 * group] ?? -1;
  return start < 0 ? "" : text.slice(start, groups[2 * group + 1]);
}
