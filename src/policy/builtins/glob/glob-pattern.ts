/**
 * Globs as OPA reads them: `*` and `?` stop at delimiters, `**` does not, `[a-z]`, `[!abc]` and `{a,b}` as
 * usual, `\` before a character takes it as it is. Each becomes a pattern that is matched in linear time.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { BoundedCache } from "../bounded-cache.ts";
import type { BuiltinContext } from "../builtin.ts";
import { type Pattern, patternOf } from "../regex/pattern.ts";
import { chargeText } from "../text-operands.ts";

const GLOBS_MAX = 256;
const DELIMITER_SETS_MAX = 16;

/** By delimiters, then by glob, so that no key is put together for a call. */
const caches = new BoundedCache<BoundedCache<Compiled>>(DELIMITER_SETS_MAX);

/** A glob without wildcards is the text it matches. */
type Compiled = Pattern | string;

/** Undefined after the builtin has failed. */
export function globOf(
  context: BuiltinContext,
  glob: string,
  delimiters: string,
): Compiled | undefined {
  let cache = caches.get(delimiters);
  const known = cache?.get(glob);
  if (known !== undefined) return known;
  if (cache === undefined) {
    cache = new BoundedCache(GLOBS_MAX / 4);
    caches.put(delimiters, cache);
  }
  chargeText(context.budget, glob);
  context.budget.spend(glob.length);
  const translated = new Translation(glob, delimiters).translated();
  if (translated === undefined) return context.fail("glob: syntax error");
  const compiled = translated.literal ?? patternOf(context, translated.pattern);
  if (compiled !== undefined) cache.put(glob, compiled);
  return compiled;
}

export function globMatches(compiled: Compiled, text: string, budget: Budget): boolean {
  return typeof compiled === "string" ? compiled === text : compiled.isAllOf(text, budget);
}

interface Translated {
  readonly pattern: string;
  readonly literal: string | undefined;
}

class Translation {
  readonly #points: readonly string[];
  readonly #one: string;
  #index = 0;
  #pattern = "";
  #literal: string | undefined = "";
  #depth = 0;

  constructor(glob: string, delimiters: string) {
    this.#points = [...glob];
    this.#one = delimiters === "" ? "." : `[^${[...delimiters].map(escaped).join("")}]`;
  }

  /** Undefined for text that is no glob. */
  translated(): Translated | undefined {
    for (;;) {
      const point = this.#points[this.#index++];
      if (point === undefined) break;
      if (!this.#read(point)) return undefined;
    }
    if (this.#depth > 0) return undefined;
    return { pattern: `(?s:${this.#pattern})`, literal: this.#literal };
  }

  #read(point: string): boolean {
    switch (point) {
      case "\\":
        return this.#text(this.#points[this.#index++]);
      case "?":
        return this.#wild(this.#one);
      case "*":
        if (this.#points[this.#index] !== "*") return this.#wild(`${this.#one}*`);
        this.#index++;
        return this.#wild(".*");
      case "[":
        return this.#class();
      case "{":
        this.#depth++;
        return this.#wild("(?:");
      case ",":
        return this.#depth > 0 ? this.#wild("|") : this.#text(point);
      case "}":
        if (this.#depth === 0) return this.#text(point);
        this.#depth--;
        return this.#wild(")");
      default:
        return this.#text(point);
    }
  }

  #text(point: string | undefined): boolean {
    if (point === undefined) return false;
    this.#pattern += escaped(point);
    if (this.#literal !== undefined) this.#literal += point;
    return true;
  }

  #wild(pattern: string): boolean {
    this.#pattern += pattern;
    this.#literal = undefined;
    return true;
  }

  /** One range, or characters; a range may begin with any character, even `]` and `\`. */
  #class(): boolean {
    const not = this.#points[this.#index] === "!";
    if (not) this.#index++;
    const inner = this.#points[this.#index + 1] === "-" ? this.#range() : this.#characters();
    if (inner === undefined || this.#points[this.#index++] !== "]") return false;
    return this.#wild(`[${not ? "^" : ""}${inner}]`);
  }

  #range(): string | undefined {
    const low = this.#points[this.#index];
    const high = this.#points[this.#index + 2];
    this.#index += 3;
    if (low === undefined || high === undefined) return undefined;
    const [from = 0, to = 0] = [low.codePointAt(0), high.codePointAt(0)];
    return to < from ? undefined : `${escaped(low)}-${escaped(high)}`;
  }

  #characters(): string | undefined {
    let inner = "";
    for (;;) {
      let point = this.#points[this.#index];
      if (point === "]") break;
      this.#index++;
      if (point === "\\") point = this.#points[this.#index++];
      if (point === undefined) return undefined;
      inner += escaped(point);
    }
    return inner === "" ? undefined : inner;
  }
}

/** By its number: nothing that means something in a pattern is left. */
function escaped(point: string): string {
  return /^[a-zA-Z0-9/]$/.test(point) ? point : `\\x{${(point.codePointAt(0) ?? 0).toString(16)}}`;
}
