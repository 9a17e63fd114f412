/**
 * Go's regular expressions on re2js: compiled once, found again by their text, and charged for what they
 * read.
 *
 * @module
 */
import { RE2JS, RE2JSException } from "re2js";
import type { Budget } from "../../plan/values/budget.ts";
import { BoundedCache } from "../bounded-cache.ts";
import type { BuiltinContext } from "../builtin.ts";
import { chargeText } from "../operands.ts";
import { firstCharacters } from "./first-characters.ts";
import { MeteredText, type ReadingCosts } from "./metered-text.ts";
import { estimatedSize } from "./program-size.ts";
import { translated } from "./syntax.ts";

const PATTERNS_MAX = 256;
const PATTERN_UNITS_MAX = 4096;
const INSTRUCTIONS_MAX = 5000;
const COMPILE_STEPS_MIN = 300;
const STEPS_PER_INSTRUCTION = 32;
/** What the search costs, per character, that finds where a match begins and ends. */
const SLOW_STEPS = 3;
/** Of the table that a pattern builds while it matches. */
const TABLE_BYTES_MAX = 256 * 1024;

/** Where re2js keeps a bit for every instruction at every position instead of running them all. */
const VISITED_BITS_MAX = 262_144;
const VISITED_INSTRUCTIONS_MAX = 500;
const BITS_PER_STEP = 8192;

const NATIVE_CHARACTERS_PER_STEP = 32;

const UNANCHORED = 0;
const ANCHORED = 2;

/** Start and end of the match and of every group; -1 where a group has none. */
export type Groups = readonly number[];

export class Pattern {
  readonly #re2: ReturnType<RE2JS["re2"]>;
  readonly #first: RegExp | undefined;
  readonly #instructions: number;
  readonly groupCount: number;
  readonly groupsByName: ReadonlyMap<string, readonly number[]>;

  /** @throws {RE2JSException} for text that is no pattern. */
  constructor(text: string) {
    const { pattern, groupsByName } = translated(text);
    const compiled = RE2JS.compile(pattern);
    this.#re2 = compiled.re2();
    this.#first = firstCharacters(this.#re2.prog);
    this.#instructions = compiled.programSize();
    this.groupCount = compiled.groupCount();
    this.groupsByName = groupsByName;
    const { dfa } = this.#re2;
    dfa.stateBudget = TABLE_BYTES_MAX;
    dfa.memBudget = TABLE_BYTES_MAX;
  }

  /** Somewhere in the text. */
  isIn(text: string, budget: Budget): boolean {
    return this.#answers(text, UNANCHORED, budget);
  }

  /** The text from its beginning to its end. */
  isAllOf(text: string, budget: Budget): boolean {
    return this.#answers(text, ANCHORED, budget);
  }

  #answers(text: string, anchor: number, budget: Budget): boolean {
    budget.spend(4);
    const from = anchor === UNANCHORED ? this.#beginning(text, budget) : 0;
    if (from < 0) return false;
    const input = new MeteredText(text, budget, {
      fast: 0.25,
      fastMax: text.length + 2,
      slow: this.#slowCost(text),
    });
    // Where the library takes an engine that reads a text once, its table of states is still faster.
    const answer = this.#re2.onepass === null ? null : this.#re2.dfa.match(input, from, anchor);
    return answer ?? this.#re2.executeEngine(input, from, anchor, 0) !== null;
  }

  /** No match begins before it; below zero where there is none. */
  #beginning(text: string, budget: Budget): number {
    // A byte that is no text counts as another character than it is.
    if (this.#first === undefined || !text.isWellFormed()) return 0;
    budget.spend(text.length / NATIVE_CHARACTERS_PER_STEP);
    return text.search(this.#first);
  }

  #slowCost(text: string): number {
    const bits = text.length * this.#instructions;
    const remembers = bits <= VISITED_BITS_MAX && this.#instructions <= VISITED_INSTRUCTIONS_MAX;
    return remembers ? SLOW_STEPS : Math.max(SLOW_STEPS, this.#instructions);
  }

  /**
   * Matches from left to right as Go finds them: an empty one never directly after another match. Below
   * zero, `countMax` is no limit.
   */
  all(text: string, countMax: number, withGroups: boolean, budget: Budget): readonly Groups[] {
    const found: Groups[] = [];
    const slots = withGroups ? 2 * (this.groupCount + 1) : 2;
    const cost = this.#slowCost(text);
    const costs: ReadingCosts = { fast: cost, fastMax: 0, slow: cost };
    const input = new MeteredText(text, budget, costs);
    const setUp =
      4 + slots / 4 + Math.min(text.length * this.#instructions, VISITED_BITS_MAX) / BITS_PER_STEP;
    let position = 0;
    let lastEnd = -1;
    while ((countMax < 0 || found.length < countMax) && position <= text.length) {
      budget.spend(setUp);
      const groups: Groups | null = this.#re2.executeEngine(input, position, UNANCHORED, slots);
      if (groups === null || groups.length === 0) break;
      const [start = 0, end = 0] = groups;
      if (end !== position || start !== lastEnd) found.push(groups);
      position = end === position ? nextPosition(text, end) : end;
      lastEnd = end;
    }
    return found;
  }
}

function nextPosition(text: string, position: number): number {
  return position + ((text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1);
}

const patterns = new BoundedCache<Pattern | string>(PATTERNS_MAX);

/** The pattern, or why there is none. */
function find(text: string, budget: Budget): Pattern | string {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  chargeText(budget, text);
  if (text.length > PATTERN_UNITS_MAX) budget.stop("steps");
  const size = estimatedSize(text);
  if (size > INSTRUCTIONS_MAX) budget.stop("steps");
  budget.spend(COMPILE_STEPS_MIN + STEPS_PER_INSTRUCTION * size);
  const made = compiled(text);
  patterns.put(text, made);
  return made;
}

function compiled(text: string): Pattern | string {
  try {
    return new Pattern(text);
  } catch (error) {
    if (error instanceof RE2JSException) return error.message;
    throw error;
  }
}

/** Undefined after the builtin has failed. @throws {BudgetExceeded} for a pattern that is too large. */
export function patternOf(context: BuiltinContext, text: string): Pattern | undefined {
  const found = find(text, context.budget);
  return typeof found === "string" ? context.fail(found) : found;
}

export function isPattern(text: string, budget: Budget): boolean {
  return typeof find(text, budget) !== "string";
}
