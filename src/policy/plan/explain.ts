/**
 * Why an answer is what it is: which rules were evaluated and to what, where each of their bodies that
 * did not hold ended, and which parts of input and data were read. Bounded in entries, reads and elements,
 * whatever the policy does.
 *
 * @module
 */
import type { Place } from "./compile/module-context.ts";
import type { ExplainHooks } from "./explain-hooks.ts";
import type { Plan, Position } from "./ir.ts";
import { countsForRow, isSamePosition, positionText, rowText, ruleName } from "./positions.ts";
import { ReadPaths } from "./read-paths.ts";
import type { Value } from "./values/value.ts";

export interface BodyExplanation {
  /** `file.rego:12:1` of the body's head. */
  readonly position: string;
  readonly holds: boolean;
  /** Not tried: an earlier body of the chain held, or it is the default and was not needed. */
  readonly isSkipped: boolean;
  /** The expression that got furthest before it failed; undefined when the body holds or was skipped. */
  readonly failedAt: string | undefined;
  /** Of an `every`: the expression in it that an element failed. */
  readonly failedInside: string | undefined;
  /** What the builtin called there says, where it gave an error. */
  readonly failedBecause: string | undefined;
  /** The first ones that it put into the rule's set or object. */
  readonly elements: readonly ElementExplanation[];
  /** How many it put there. */
  readonly elementCount: number;
}

export interface ElementExplanation {
  readonly key: Value;
  /** Of an object's member. */
  readonly value: Value | undefined;
}

export interface RuleExplanation {
  /** `data.mcp.gateway.allow` */
  readonly rule: string;
  readonly position: string;
  /** How many rules were being evaluated around it. */
  readonly depth: number;
  /** Of a function. */
  readonly args: readonly (Value | undefined)[];
  /** Evaluations that this entry stands for; what it says is of the last one. */
  readonly calls: number;
  /** Undefined = no body holds and there is no default. */
  readonly value: Value | undefined;
  readonly bodies: readonly BodyExplanation[];
}

export interface Explanation {
  /** In the order in which they were begun: a rule comes before those it depends on. */
  readonly rules: readonly RuleExplanation[];
  /** Evaluations beyond the bound, which `rules` does not tell. */
  readonly rulesLeftOut: number;
  /** `input.user.role`, `data.teams`: what was looked up, whether it was there or not. */
  readonly reads: readonly string[];
  /** More was read than `reads` tells. */
  readonly readsLeftOut: boolean;
  /** `file.rego:12` of every row that was evaluated; of a rule's head when its body held. */
  readonly rows: readonly string[];
}

/** An evaluation that was explained ended without an answer; `cause` is what `evaluate` throws. */
export class ExplainedFailure extends Error {
  override readonly name = "ExplainedFailure";
  /** As far as it came. */
  readonly explanation: Explanation;
  /** `data.mcp.gateway.allow (file.rego:12:1)`; undefined before the first rule. */
  readonly stoppedIn: string | undefined;

  constructor(explainer: Explainer, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.explanation = explainer.explanation();
    this.stoppedIn = explainer.stoppedIn();
  }
}

const ENTRIES_MAX = 1_000;
/** Of one rule; the last entry stands for the calls from then on. */
const ENTRIES_OF_RULE_MAX = 10;
const ELEMENTS_MAX = 20;
const MESSAGE_CHARACTERS_MAX = 200;

interface Failure {
  readonly index: number;
  readonly at: Position;
  readonly because?: string | undefined;
}

interface Body {
  readonly head: Position;
  holds: boolean;
  isSkipped: boolean;
  /** The furthest, in the order in which the code runs. */
  failure: Failure | undefined;
  failedInside: Position | undefined;
  /** The furthest ones inside a `not`, `every` or comprehension, by its place. */
  readonly asides: Map<string, Failure>;
  readonly elements: ElementExplanation[];
  elementCount: number;
}

interface Entry {
  readonly name: string;
  depth: number;
  args: readonly (Value | undefined)[];
  calls: number;
  value: Value | undefined;
  bodies: Map<number, Body>;
}

export interface ExplainerParts {
  readonly plan: Plan;
  readonly places: readonly Place[];
  readonly input: Value | undefined;
  readonly data: Value;
  /** Message of the builtin that failed last, once; empty when none did. */
  readonly takeFailure: () => string;
}

export class Explainer implements ExplainHooks {
  readonly #plan: Plan;
  readonly #places: readonly Place[];
  readonly #reads: ReadPaths;
  readonly #takeFailure: ExplainerParts["takeFailure"];
  readonly #rows = new Set<string>();
  readonly #entries: Entry[] = [];
  readonly #entriesOf = new Map<string, Entry[]>();
  /** Being evaluated; an entry that is not kept stands here too. */
  readonly #stack: Entry[] = [];
  #leftOut = 0;
  #last: Place | undefined;

  constructor({ plan, places, input, data, takeFailure }: ExplainerParts) {
    this.#plan = plan;
    this.#places = places;
    this.#reads = new ReadPaths(input, data);
    this.#takeFailure = takeFailure;
  }

  entered(index: number, args: readonly (Value | undefined)[]): void {
    const entry = this.#entryFor(this.#plan.functions[index]?.name ?? "");
    entry.depth = this.#stack.length;
    entry.args = args;
    entry.calls += 1;
    entry.value = undefined;
    entry.bodies = new Map();
    this.#stack.push(entry);
  }

  left(value: Value | undefined): void {
    const entry = this.#stack.pop();
    if (entry !== undefined) entry.value = value;
  }

  reached(index: number): void {
    const place = this.#places[index] as Place;
    this.#last = place;
    if (countsForRow(place)) this.#rows.add(rowText(this.#plan, place.statement.at));
    const body = this.#bodyOf(place);
    if (body === undefined) return;
    if (place.isEnd) body.holds = true;
    // A body can end here although no statement fails: without elements, or by a jump.
    const { at, type } = place.statement;
    const isLeaving = type === "Scan" || type === "Block";
    if (isLeaving && place.aside === undefined) noteFailure(body, { index, at });
  }

  failed(index: number): void {
    const place = this.#places[index] as Place;
    // Taken wherever it stands, so that it is not told of what fails next.
    const because = this.#takeFailure().slice(0, MESSAGE_CHARACTERS_MAX) || undefined;
    const body = this.#bodyOf(place);
    if (body === undefined) return;
    const { at, type } = place.statement;
    if (place.aside !== undefined) {
      const key = keyOf(place.aside);
      if (index >= (body.asides.get(key)?.index ?? 0)) body.asides.set(key, { index, at });
    } else if (type === "IsUndefined" && isSamePosition(at, body.head)) {
      body.isSkipped = true;
    } else if (noteFailure(body, { index, at, because })) {
      body.failedInside = type === "IsUndefined" ? body.asides.get(keyOf(at))?.at : undefined;
    }
  }

  put(index: number, key: Value, value?: Value): void {
    const body = this.#bodyOf(this.#places[index] as Place);
    if (body === undefined) return;
    body.elementCount += 1;
    if (body.elements.length < ELEMENTS_MAX) body.elements.push({ key, value });
  }

  read(source: Value | undefined, key: Value, value: Value | undefined): void {
    this.#reads.add(source, key, value);
  }

  explanation(): Explanation {
    return {
      rules: this.#entries.map((entry) => this.#told(entry)),
      rulesLeftOut: this.#leftOut,
      reads: this.#reads.sorted(),
      readsLeftOut: this.#reads.isFull,
      rows: [...this.#rows].sort(),
    };
  }

  stoppedIn(): string | undefined {
    const name = this.#stack.at(-1)?.name;
    if (name === undefined) return undefined;
    const at = this.#last === undefined ? "" : ` (${this.#text(this.#last.statement.at)})`;
    return `${ruleName(name)}${at}`;
  }

  #entryFor(name: string): Entry {
    const same = this.#entriesOf.get(name) ?? [];
    const last = same.at(-1);
    if (last !== undefined && same.length === ENTRIES_OF_RULE_MAX) return last;
    const entry = { name, depth: 0, args: [], calls: 0, value: undefined, bodies: new Map() };
    if (this.#entries.length >= ENTRIES_MAX) {
      this.#leftOut += 1;
      return entry;
    }
    this.#entries.push(entry);
    this.#entriesOf.set(name, [...same, entry]);
    return entry;
  }

  #told({ name, depth, args, calls, value, bodies }: Entry): RuleExplanation {
    const all = [...bodies.values()];
    const [first] = all;
    return {
      rule: ruleName(name),
      position: first === undefined ? "" : this.#text(first.head),
      depth,
      args,
      calls,
      value,
      bodies: all.map((body) => this.#toldBody(body)),
    };
  }

  #toldBody(body: Body): BodyExplanation {
    const { head, holds, isSkipped, failure, failedInside, elements, elementCount } = body;
    const isFailed = !holds && !isSkipped;
    return {
      position: this.#text(head),
      holds,
      isSkipped: isSkipped && !holds,
      failedAt: isFailed && failure !== undefined ? this.#text(failure.at) : undefined,
      failedInside: isFailed && failedInside !== undefined ? this.#text(failedInside) : undefined,
      failedBecause: isFailed ? failure?.because : undefined,
      elements,
      elementCount,
    };
  }

  #text(at: Position): string {
    return positionText(this.#plan, at);
  }

  #bodyOf({ body: number, statement }: Place): Body | undefined {
    const entry = this.#stack.at(-1);
    if (number < 0 || entry === undefined) return undefined;
    let body = entry.bodies.get(number);
    if (body === undefined) {
      body = {
        head: statement.at,
        holds: false,
        isSkipped: false,
        failure: undefined,
        failedInside: undefined,
        asides: new Map(),
        elements: [],
        elementCount: 0,
      };
      entry.bodies.set(number, body);
    }
    return body;
  }
}

function keyOf({ row, col }: Position): string {
  return `${row}:${col}`;
}

/** Places are numbered in the order of the code. True when it is the furthest. */
function noteFailure(body: Body, failure: Failure): boolean {
  if (failure.index < (body.failure?.index ?? 0)) return false;
  body.failure = failure;
  return true;
}
