/**
 * Text between quotes, as Go writes it.
 *
 * @module
 */
import { NOT_PRINTABLE } from "../../plan/values/printable.ts";

const SHORT: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};
const NOT_BETWEEN_BACKQUOTES = /(?![\t\u0080-\u009f])\p{Cc}|[`\ufeff]/u;

export function isPrintable(point: number): boolean {
  if (point >= 0xd800 && point <= 0xdfff) return false;
  return !NOT_PRINTABLE.test(String.fromCodePoint(point));
}

export function quotedText(text: string, asciiOnly: boolean): string {
  let quoted = '"';
  for (const point of text) quoted += escaped(point.codePointAt(0) as number, '"', asciiOnly);
  return `${quoted}"`;
}

export function quotedPoint(point: number, asciiOnly: boolean): string {
  return `'${escaped(point, "'", asciiOnly)}'`;
}

/** Between backquotes, where nothing is escaped; undefined where the text can't stand there. */
export function rawText(text: string): string | undefined {
  return NOT_BETWEEN_BACKQUOTES.test(text) ? undefined : `\`${text}\``;
}

function escaped(point: number, quote: string, asciiOnly: boolean): string {
  const text = String.fromCodePoint(point);
  if (text === quote || text === "\\") return `\\${text}`;
  if ((point < 0x80 || !asciiOnly) && isPrintable(point)) return text;
  const short = SHORT[point];
  if (short !== undefined) return short;
  const hex = point.toString(16);
  if (point < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
