/**
 * The pattern of `regex.template_match`: text, with patterns between two delimiters.
 *
 * @module
 */
import type { BuiltinContext } from "../builtin.ts";
import { chargeText } from "../operands.ts";
import { type Pattern, patternOf } from "./pattern.ts";

const SPECIAL = /[\\.+*?()|[\]{}^$]/g;

/** Undefined after the builtin has failed. */
export function templatePattern(
  context: BuiltinContext,
  template: string,
  open: string,
  close: string,
): Pattern | undefined {
  chargeText(context.budget, template);
  context.budget.spend(template.length / 4);
  const indexes = delimited(template, open, close);
  if (indexes === undefined) return context.fail("unbalanced braces in the template");
  let pattern = "^";
  let end = 0;
  for (const [start, past] of indexes) {
    const inner = template.slice(start + 1, past - 1);
    pattern += `${quoted(template.slice(end, start))}(${inner})`;
    end = past;
    if (patternOf(context, `^${inner}$`) === undefined) return undefined;
  }
  return patternOf(context, `${pattern}${quoted(template.slice(end))}$`);
}

/** Start and end of every outermost pair, delimiters included; undefined when they do not pair. */
function delimited(
  template: string,
  open: string,
  close: string,
): readonly (readonly [number, number])[] | undefined {
  const found: [number, number][] = [];
  let level = 0;
  let start = 0;
  for (let index = 0; index < template.length; index++) {
    const unit = template[index];
    if (unit === open) {
      level++;
      if (level === 1) start = index;
    } else if (unit === close) {
      level--;
      if (level === 0) found.push([start, index + 1]);
      else if (level < 0) return undefined;
    }
  }
  return level === 0 ? found : undefined;
}

function quoted(text: string): string {
  return text.replace(SPECIAL, "\\$&");
}
