/**
 * How Go's YAML library writes a string: plain where nobody could take it for anything else, as a block
 * where it has line breaks, between quotes otherwise.
 *
 * @module
 */
import type { BuiltinContext } from "../builtin.ts";
import { layoutNamed } from "../time/layout.ts";
import { parseTime } from "../time/parse.ts";
import { plainScalar } from "./plain-scalar.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal";

export interface StyledScalar {
  readonly text: string;
  readonly style: ScalarStyle;
  /** More than one line to the library, which counts more characters as line breaks than `\n`. */
  readonly isMultiline: boolean;
}

export const BREAK = /[\n\r\u2028\u2029]/u;
/** Written as they are between double quotes; code points above U+FFFF are not. */
export const PRINTABLE = /[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const NOT_PRINTABLE = /[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const EDGE_BLANK = /^[ \n\r\u2028\u2029]|[ \n\r\u2028\u2029]$/;
const BREAK_SPACE = /[\n\r\u2028\u2029] /;
const SPACE_BREAK = / [\n\r\u2028\u2029]/;
/** What begins something else than a plain scalar, or ends one. */
const INDICATOR =
  /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \t]|$))|:(?:[ \t]|$)|[ \t\n\r\u2028\u2029\0]#/;

/** Words that are booleans to YAML 1.1 alone. */
const OLD_BOOLEAN = /^(?:[yYnN]|yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const YEAR = /^[0-9]{4}-/;
const TIMESTAMPS = [
  "2006-1-2T15:4:5.999999999Z07:00",
  "2006-1-2t15:4:5.999999999Z07:00",
  "2006-1-2 15:4:5.999999999",
  "2006-1-2",
].map(layoutNamed);

export function styled(context: BuiltinContext, text: string): StyledScalar {
  // Every expression reads the text once, and all in linear time.
  context.budget.spend(1 + text.length / 2);
  const isMultiline = BREAK.test(text);
  const style = text.includes("\n")
    ? blockStyle(text)
    : isText(context, text)
      ? plainStyle(text, isMultiline)
      : "double";
  return { text, style, isMultiline };
}

/** Whether a reader takes the plain text for a string. */
function isText(context: BuiltinContext, text: string): boolean {
  if (plainScalar(text) !== text || OLD_BOOLEAN.test(text) || BASE_60.test(text)) return false;
  if (!YEAR.test(text)) return true;
  const silent: BuiltinContext = { ...context, budget: context.budget, fail: () => undefined };
  return TIMESTAMPS.every((layout) => parseTime(silent, layout, text) === undefined);
}

function blockStyle(text: string): ScalarStyle {
  const isBlock = !text.endsWith(" ") && !SPACE_BREAK.test(text) && !NOT_PRINTABLE.test(text);
  return isBlock ? "literal" : "double";
}

function plainStyle(text: string, isMultiline: boolean): ScalarStyle {
  const isQuotable =
    !BREAK_SPACE.test(text) &&
    !SPACE_BREAK.test(text) &&
    !text.includes("\t") &&
    !NOT_PRINTABLE.test(text);
  if (!isQuotable) return "double";
  return isMultiline || EDGE_BLANK.test(text) || INDICATOR.test(text) ? "single" : "plain";
}
