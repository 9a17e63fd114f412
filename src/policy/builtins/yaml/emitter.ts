/**
 * Writes YAML line by line, as Go's library lays it out: two columns for each level, lines of any length.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { BREAK, PRINTABLE, type StyledScalar } from "./scalar-style.ts";

export const INDENT = 2;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\u001b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u2028": "\\L",
  "\u2029": "\\P",
};
/** An escape takes ten characters at most. */
const GROWTH_MAX = 10;

export class Emitter {
  readonly #budget: Budget;
  readonly #parts: string[] = [];
  #column = 0;
  /** The last that was written separates what follows. */
  #isSpaced = true;
  /** Nothing but indentation and indicators stand in this line. */
  #isIndentation = true;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** The document, ended by a line break. */
  text(): string {
    this.indent(0);
    return this.#parts.join("");
  }

  /** To `column`, in a new line if this one has something already. */
  indent(column: number): void {
    const isBeyond = this.#column > column || (this.#column === column && !this.#isSpaced);
    if (!this.#isIndentation || isBeyond) this.#break("\n");
    this.#budget.allocate(column);
    if (this.#column < column) this.#put(" ".repeat(column - this.#column));
    this.#isSpaced = true;
  }

  /** `-` and its like, after which a nested collection may begin in the same line. */
  indicator(text: "-" | "?" | ":"): void {
    this.#separate();
    this.#put(text);
  }

  /** The colon after a key that stands in its line. */
  colon(): void {
    this.#put(":");
    this.#isIndentation = false;
  }

  /** `[]`, `{}` and what is no string. */
  bare(text: string): void {
    this.#separate();
    this.#budget.allocate(text.length);
    this.#put(text);
    this.#isIndentation = false;
  }

  /** `column`: of the lines after the first. */
  scalar(scalar: StyledScalar, column: number): void {
    switch (scalar.style) {
      case "plain":
        this.bare(scalar.text);
        break;
      case "single":
        this.#single(scalar.text, column);
        break;
      case "double":
        this.#double(scalar.text);
        break;
      default:
        this.#literal(scalar.text, column);
    }
  }

  #separate(): void {
    if (!this.#isSpaced) this.#put(" ");
    this.#isSpaced = false;
  }

  #put(text: string): void {
    this.#parts.push(text);
    this.#column += text.length;
  }

  #break(mark: string): void {
    this.#parts.push(mark);
    this.#column = 0;
    this.#isIndentation = true;
  }

  #single(text: string, column: number): void {
    this.#separate();
    this.#put("'");
    this.#isIndentation = false;
    this.#lines(text.replaceAll("'", "''"), column, false);
    this.#put("'");
    this.#isSpaced = false;
    this.#isIndentation = false;
  }

  #double(text: string): void {
    this.#budget.allocate(text.length * GROWTH_MAX);
    // The library takes every character for a byte order mark where the first one is.
    const hasMark = text.startsWith("\ufeff");
    let quoted = "";
    for (const point of text) quoted += hasMark ? escaped(point) : quotedPoint(point);
    this.bare(`"${quoted}"`);
  }

  #literal(text: string, column: number): void {
    this.#separate();
    const hint = /^[ \n\r\u2028\u2029]/.test(text) ? String(INDENT) : "";
    this.#put(`|${hint}${chomping(text)}`);
    this.#break("\n");
    this.#isSpaced = true;
    this.#lines(text, column, true);
  }

  /** Each line that is not empty begins at `column`. */
  #lines(text: string, column: number, isFirstIndented: boolean): void {
    this.#budget.spend(text.length / 4);
    this.#budget.allocate(text.length);
    let isAfterBreak = isFirstIndented;
    for (const piece of text.split(/([\n\r\u2028\u2029])/)) {
      if (piece === "") continue;
      if (BREAK.test(piece)) {
        this.#break(piece);
        isAfterBreak = true;
        continue;
      }
      if (isAfterBreak) this.indent(column);
      this.#put(piece);
      this.#isIndentation = false;
      isAfterBreak = false;
    }
  }
}

/** What becomes of the breaks at the end: one is usual. */
function chomping(text: string): "" | "-" | "+" {
  const isBreak = (unit: string | undefined) => unit !== undefined && BREAK.test(unit);
  if (!isBreak(text.at(-1))) return "-";
  return text.length === 1 || isBreak(text.at(-2)) ? "+" : "";
}

function quotedPoint(point: string): string {
  const isShown =
    point.length === 1 &&
    PRINTABLE.test(point) &&
    !BREAK.test(point) &&
    point !== '"' &&
    point !== "\\";
  return isShown ? point : escaped(point);
}

function escaped(point: string): string {
  const short = SHORT_ESCAPES[point];
  if (short !== undefined) return short;
  const hex = (point.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
