/**
 * The demo's table, one row as soon as it is known.
 *
 * @module
 */
import type { CaseResult } from "./cases.ts";

const TITLE = 31;
const REASON = 66;
const TIME = 9;

/** Colour only where somebody looks at it and has not asked for none. */
const isColoured = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
const paint = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
const GREEN = 32;
const RED = 31;

export const TABLE_HEAD = [
  `${"case".padEnd(TITLE)} HTTP ${"decision or reason".padEnd(REASON)}${"total ms".padStart(TIME)}${"check ms".padStart(TIME)}`,
  "-".repeat(TITLE + REASON + 2 * TIME + 16),
].join("\n");

export function tableRow(result: CaseResult): string {
  const outcome =
    result.problems.length === 0
      ? paint(GREEN, "ok")
      : paint(RED, `unexpected: ${result.problems.join("; ")}`);
  return [
    `${result.title.padEnd(TITLE)} ${result.status.padEnd(4)}`,
    `${cut(result.reason).padEnd(REASON)}${time(result.totalMs, 1)}${time(result.checkMs, 3)} `,
    outcome,
  ].join(" ");
}

function cut(text: string): string {
  return text.length > REASON ? `${text.slice(0, REASON - 1)}…` : text;
}

function time(ms: number | undefined, digits: number): string {
  return (ms === undefined ? "-" : ms.toFixed(digits)).padStart(TIME);
}
