/**
 * The globs of `regex.globs_match`, read into tokens: characters, `.` for any one, sets such as `[a-z]`,
 * each perhaps with `*` or `+`.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";

type Repeat = "" | "+" | "*";

export interface Token {
  /** Ranges of code points, sorted and apart; undefined for any character. */
  readonly ranges: readonly (readonly [number, number])[] | undefined;
  /** A set of one character is not the character: only equal tokens of one kind are merged. */
  readonly kind: "character" | "any" | "set";
  readonly repeat: Repeat;
}

interface Rune {
  readonly text: string;
  readonly escaped: boolean;
}

/** Undefined for text that is no glob. */
export function globTokens(text: string, budget: Budget): readonly Token[] | undefined {
  budget.spend(1 + text.length);
  const runes = readRunes(text);
  if (runes === undefined) return undefined;
  const tokens: Token[] = [];
  let index = 0;
  while (index < runes.length) {
    const read = readToken(runes, index);
    if (read === undefined) return undefined;
    index = read.end;
    const next = runes[index];
    const repeat: Repeat =
      next !== undefined && !next.escaped && (next.text === "+" || next.text === "*")
        ? next.text
        : "";
    if (repeat !== "") index++;
    append(tokens, { ...read.token, repeat });
  }
  return tokens;
}

function readRunes(text: string): readonly Rune[] | undefined {
  const runes: Rune[] = [];
  let escaped = false;
  for (const point of text) {
    if (!escaped && point === "\\") {
      escaped = true;
      continue;
    }
    runes.push({ text: point, escaped });
    escaped = false;
  }
  return escaped ? undefined : runes;
}

type Bare = Omit<Token, "repeat">;

interface Read {
  readonly token: Bare;
  readonly end: number;
}

function readToken(runes: readonly Rune[], index: number): Read | undefined {
  const { text, escaped } = runes[index] as Rune;
  const end = index + 1;
  if (!escaped) {
    if (text === ".") return { token: { kind: "any", ranges: undefined }, end };
    if (text === "[") return readSet(runes, end);
    if (text === "]" || text === "+" || text === "*") return undefined;
  }
  const point = pointOf(text);
  return { token: { kind: "character", ranges: [[point, point]] }, end };
}

function readSet(runes: readonly Rune[], first: number): Read | undefined {
  const ranges: [number, number][] = [];
  let previous: number | undefined;
  for (let index = first; index < runes.length; index++) {
    const { text, escaped } = runes[index] as Rune;
    if (!escaped && text === "]") {
      return { token: { kind: "set", ranges: apart(ranges) }, end: index + 1 };
    }
    if (escaped || text !== "-") {
      previous = pointOf(text);
      ranges.push([previous, previous]);
      continue;
    }
    const upper = upperBound(runes, ++index, previous);
    if (upper === undefined) return undefined;
    ranges.push(upper);
    previous = undefined;
  }
  return undefined;
}

function upperBound(
  runes: readonly Rune[],
  index: number,
  low: number | undefined,
): [number, number] | undefined {
  const upper = runes[index];
  if (low === undefined || upper === undefined || index === runes.length - 1) return undefined;
  if (!upper.escaped && (upper.text === "]" || upper.text === "-")) return undefined;
  const high = pointOf(upper.text);
  return high < low ? undefined : [low, high];
}

function pointOf(text: string): number {
  return text.codePointAt(0) as number;
}

function apart(ranges: [number, number][]): readonly (readonly [number, number])[] {
  ranges.sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

/** Two equal tokens that both repeat are one. */
function append(tokens: Token[], token: Token): void {
  const last = tokens.at(-1);
  if (last === undefined || last.repeat === "" || token.repeat === "" || !isSame(last, token)) {
    tokens.push(token);
    return;
  }
  const repeat = last.repeat === "+" || token.repeat === "+" ? "+" : "*";
  tokens[tokens.length - 1] = { ...last, repeat };
}

function isSame(a: Token, b: Token): boolean {
  if (a.kind !== b.kind || a.ranges?.length !== b.ranges?.length) return false;
  return (a.ranges ?? []).every(([low, high], index) => {
    const other = b.ranges?.[index];
    return other?.[0] === low && other[1] === high;
  });
}
