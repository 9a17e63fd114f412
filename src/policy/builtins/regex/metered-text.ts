/**
 * The text that a pattern is matched against, as re2js reads it, with every character that is read charged
 * to the budget. So a search ends where its budget does, whichever way the library searches.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";

const END_OF_TEXT = -8;
const NEWLINE = 10;

/** Where in the text a position is, as bits. */
const BEGIN_LINE = 0x01;
const END_LINE = 0x02;
const BEGIN_TEXT = 0x04;
const END_TEXT = 0x08;
const WORD_BOUNDARY = 0x10;
const NO_WORD_BOUNDARY = 0x20;

interface Prefixed {
  readonly prefix: string;
}

interface Literal {
  readonly str: string;
}

interface Literals {
  automaton16(): { searchUTF16(text: string, from: number, to: number): boolean };
}

/** What reading one character costs: first of the fast search, and then of what it falls back to. */
export interface ReadingCosts {
  readonly fast: number;
  /** Characters after which the fast search has been given up. */
  readonly fastMax: number;
  readonly slow: number;
}

export class MeteredText {
  readonly #text: string;
  readonly #budget: Budget;
  readonly #slow: number;
  #cost: number;
  #left: number;

  constructor(text: string, budget: Budget, costs: ReadingCosts) {
    this.#text = text;
    this.#budget = budget;
    this.#cost = costs.fast;
    this.#left = costs.fastMax;
    this.#slow = costs.slow;
  }

  canCheckPrefix(): boolean {
    return true;
  }

  endPos(): number {
    return this.#text.length;
  }

  prefixLength({ prefix }: Prefixed): number {
    return prefix.length;
  }

  hasString({ str }: Literal, from: number): boolean {
    return this.#text.includes(str, from);
  }

  hasAnyString(literals: Literals, from: number): boolean {
    return literals.automaton16().searchUTF16(this.#text, from, this.#text.length);
  }

  /** Distance from `from`, or -1. */
  index({ prefix }: Prefixed, from: number): number {
    const index = this.#text.indexOf(prefix, from);
    return index < 0 ? -1 : index - from;
  }

  /** The code point times 8, plus how many units it takes. */
  step(position: number): number {
    if (this.#left-- === 0) this.#cost = this.#slow;
    this.#budget.spend(this.#cost);
    const point = this.#text.codePointAt(position);
    if (point === undefined) return END_OF_TEXT;
    return point > 0xffff ? (point << 3) | 2 : (point << 3) | 1;
  }

  context(position: number): number {
    const text = this.#text;
    const before = position > 0 ? text.charCodeAt(position - 1) : -1;
    const after = position < text.length ? text.charCodeAt(position) : -1;
    let bits = 0;
    if (before < 0) bits |= BEGIN_TEXT | BEGIN_LINE;
    if (before === NEWLINE) bits |= BEGIN_LINE;
    if (after < 0) bits |= END_TEXT | END_LINE;
    if (after === NEWLINE) bits |= END_LINE;
    return bits | (isWord(before) === isWord(after) ? NO_WORD_BOUNDARY : WORD_BOUNDARY);
  }
}

function isWord(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f
  );
}
