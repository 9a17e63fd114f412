/**
 * Why an answer is what it is: which rules were evaluated and to what, where each of their bodies that
 * did not hold ended, and which parts of input and data were read.
 *
 * @module
 */
import type { Place } from "./compile/module-context.ts";
import type { ExplainHooks } from "./explain-hooks.ts";
import type { Plan, Position, Statement } from "./ir.ts";
import { positionText, ruleName } from "./positions.ts";
import { isObject, type Value } from "./values/value.ts";

export interface BodyExplanation {
  /** `file.rego:12:1` of the body's head. */
  readonly position: string;
  readonly holds: boolean;
  /** The expression that got furthest before it failed; undefined when the body holds. */
  readonly failedAt: string | undefined;
}

export interface RuleExplanation {
  /** `data.mcp.gateway.allow` */
  readonly rule: string;
  readonly position: string;
  /** Undefined = no body holds and there is no default. Of a function: of its last call. */
  readonly value: Value | undefined;
  readonly bodies: readonly BodyExplanation[];
}

export interface Explanation {
  /** In the order in which they came to their result. */
  readonly rules: readonly RuleExplanation[];
  /** `input.user.role`, `data.teams`: what was looked up, whether it was there or not. */
  readonly reads: readonly string[];
  /** `file.rego:12` of every row that was reached. */
  readonly rows: readonly string[];
}

const READS_MAX = 10_000;

interface Body {
  head: Position;
  holds: boolean;
  failedAt: Position | undefined;
}

export class Explainer implements ExplainHooks {
  readonly #plan: Plan;
  readonly #places: readonly Place[];
  readonly #paths = new Map<unknown, string>();
  readonly #reads = new Set<string>();
  readonly #rows = new Set<string>();
  readonly #values = new Map<string, Value | undefined>();
  readonly #bodies = new Map<string, Map<number, Body>>();

  constructor(plan: Plan, places: readonly Place[], input: Value | undefined, data: Value) {
    this.#plan = plan;
    this.#places = places;
    if (input !== undefined) this.#paths.set(input, "input");
    this.#paths.set(data, "data");
  }

  left(index: number, value: Value | undefined): void {
    const name = this.#plan.functions[index]?.name ?? "";
    // The order of the last call counts, as its value does.
    this.#values.delete(name);
    this.#values.set(name, value);
  }

  reached(index: number): void {
    const place = this.#places[index] as Place;
    const { at } = place.statement;
    if (at.row > 0) this.#rows.add(`${this.#plan.files[at.file]}:${at.row}`);
    const body = this.#bodyOf(place);
    if (body !== undefined && place.isEnd) body.holds = true;
  }

  failed(index: number): void {
    const place = this.#places[index] as Place;
    const body = this.#bodyOf(place);
    if (body === undefined || !place.isDecisive) return;
    const { at } = place.statement;
    if (body.failedAt === undefined || isAfter(at, body.failedAt)) body.failedAt = at;
  }

  read(source: Value | undefined, key: Value, value: Value | undefined): void {
    const from = this.#paths.get(source);
    if (from === undefined || this.#reads.size >= READS_MAX) return;
    const path = from + (typeof key === "string" && NAME.test(key) ? `.${key}` : `[${text(key)}]`);
    this.#reads.add(path);
    if (Array.isArray(value) || isObject(value)) this.#paths.set(value, path);
  }

  explanation(): Explanation {
    const rules = [...this.#values].map(([name, value]) => this.#ruleOf(name, value));
    return { rules, reads: [...this.#reads].sort(), rows: [...this.#rows].sort() };
  }

  #ruleOf(name: string, value: Value | undefined): RuleExplanation {
    const bodies = [...(this.#bodies.get(name)?.values() ?? [])];
    const [first] = bodies;
    return {
      rule: ruleName(name),
      position: first === undefined ? "" : positionText(this.#plan, first.head),
      value,
      bodies: bodies.map(({ head, holds, failedAt }) => ({
        position: positionText(this.#plan, head),
        holds,
        failedAt: holds || failedAt === undefined ? undefined : positionText(this.#plan, failedAt),
      })),
    };
  }

  #bodyOf({ owner, body, statement }: Place): Body | undefined {
    if (body < 0) return undefined;
    let bodies = this.#bodies.get(owner);
    if (bodies === undefined) {
      bodies = new Map();
      this.#bodies.set(owner, bodies);
    }
    let found = bodies.get(body);
    if (found === undefined) {
      found = { head: statement.at, holds: false, failedAt: undefined };
      bodies.set(body, found);
    }
    return found;
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEY_CHARACTERS_MAX = 100;

function text(key: Value): string {
  const shown = typeof key === "string" || typeof key === "number" ? key : "…";
  return JSON.stringify(shown).slice(0, KEY_CHARACTERS_MAX);
}

function isAfter(a: Statement["at"], b: Statement["at"]): boolean {
  return a.row > b.row || (a.row === b.row && a.col > b.col);
}
