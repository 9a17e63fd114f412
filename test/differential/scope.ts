/**
 * What an expression may use where it stands. OPA's compiler knows types, so each text is told with what
 * the compiler knows of it: `any` may be used everywhere, a known type only where it fits.
 */
import type { Random } from "../fuzz/random.ts";

export type Kind = "any" | "null" | "boolean" | "number" | "string" | "array" | "object" | "set";

export interface Term {
  readonly text: string;
  readonly kind: Kind;
}

/** `nested`: members of members. */
export type RuleForm = "value" | "members" | "nested" | "set";

export interface RuleReference {
  /** `data.t.r1` */
  readonly path: string;
  readonly form: RuleForm;
  /** `any` where the compiler knows nothing of the values, or of the members' values. */
  readonly kind: Kind | "known";
}

export interface FunctionReference {
  readonly path: string;
  readonly arity: number;
  readonly kind: Kind | "known";
}

/** Rules and functions that may be used without recursion: those written before. */
export interface Surroundings {
  readonly rules: RuleReference[];
  readonly functions: FunctionReference[];
  /** Packages that are complete: only they may be read by names that are not known beforehand. */
  readonly packages: string[];
  /** False in rules of the package that shares its path with base documents. */
  readsBase: boolean;
}

export class Scope {
  readonly variables: Term[];
  readonly around: Surroundings;
  readonly depth: number;
  /** False where a wildcard would have to be bound elsewhere: in heads and under `not`. */
  readonly wildcards: boolean;

  constructor(around: Surroundings, variables: readonly Term[] = [], depth = 0, wildcards = true) {
    this.around = around;
    this.variables = [...variables];
    this.depth = depth;
    this.wildcards = wildcards;
  }

  /** What is bound inside does not come out. */
  inner(): Scope {
    return new Scope(this.around, this.variables, this.depth + 1, this.wildcards);
  }

  /** For a term that binds nothing and is not deep. */
  closed(depth = 1): Scope {
    return new Scope(this.around, this.variables, this.depth + depth, false);
  }

  bind(text: string, kind: Kind): void {
    this.variables.push({ text, kind });
  }
}

export function chance(random: Random, percent: number): boolean {
  return random.below(100) < percent;
}

/** The same value, of which the compiler knows nothing. */
export function hidden({ text, kind }: Term): string {
  return kind === "any" ? text : `object.get({}, "", ${text})`;
}

/** New names for one module. */
export class Names {
  #count = 0;

  next(letter: string): string {
    this.#count++;
    return `${letter}${this.#count}`;
  }
}
