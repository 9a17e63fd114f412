/**
 * What the code of all functions of one policy shares: its names, constants and the positions that
 * explanations speak of. Everything a plan brings in (strings, numbers, builtins) goes into tables that
 * the code reads by index; nothing of it is ever written as code.
 *
 * @module
 */
import type { Plan, PlanFunction, Position, Statement } from "../ir.ts";
import { numberFromText } from "../values/decimal.ts";
import type { Value } from "../values/value.ts";
import { constantFunctions } from "./constant-functions.ts";

/** A statement an explanation can point at. */
export interface Place {
  /** Rule or entrypoint in which it stands. */
  readonly owner: string;
  /** Body of the rule, from 0; -1 for statements that the planner adds around bodies. */
  readonly body: number;
  readonly statement: Statement;
  /** Nothing but the body's result comes after it: reaching it means that the body is true. */
  readonly isEnd: boolean;
  /**
   * Undefined: the body is not true for this element, or at all, when the statement is undefined. Else
   * the place of the `not`, `every` or comprehension that it stands in.
   */
  readonly aside: Position | undefined;
}

export class ModuleContext {
  readonly plan: Plan;
  /** Adds calls of the hooks that `explain` listens to. */
  readonly isExplained: boolean;
  readonly strings: string[] = [];
  readonly constants: Value[] = [];
  readonly builtins: string[] = [];
  readonly places: Place[] = [];
  readonly constantFunctions: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, PlanFunction>;
  readonly #constantNames = new Map<Value, string>();
  readonly #stringNames = new Map<string, string>();
  readonly #builtinNames = new Map<string, string>();
  readonly #functionNames: ReadonlyMap<string, string>;
  readonly #withoutResult: ReadonlySet<string>;

  constructor(plan: Plan, isPure: (builtin: string) => boolean, isExplained: boolean) {
    this.plan = plan;
    this.isExplained = isExplained;
    this.constantFunctions = constantFunctions(plan, isPure);
    this.#withoutResult = new Set(
      plan.builtins.filter(({ hasResult }) => !hasResult).map(({ name }) => name),
    );
    this.functions = new Map(plan.functions.map((one) => [one.name, one]));
    this.#functionNames = new Map(plan.functions.map(({ name }, index) => [name, `f${index}`]));
  }

  /** Name of the function's code; undefined for builtins. */
  functionName(callee: string): string | undefined {
    return this.#functionNames.get(callee);
  }

  stringName(text: string): string {
    return named(this.#stringNames, this.strings, text, "s");
  }

  builtinName(callee: string): string {
    return named(this.#builtinNames, this.builtins, callee, "h");
  }

  constantName(value: Value): string {
    if (typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)) {
      return value < 0 ? `(${value})` : String(value);
    }
    if (typeof value === "string") return this.stringName(value);
    if (value === null || typeof value === "boolean") return String(value);
    let name = this.#constantNames.get(value);
    if (name === undefined) {
      name = `k${this.constants.push(value) - 1}`;
      this.#constantNames.set(value, name);
    }
    return name;
  }

  numberName(text: string): string {
    return this.constantName(numberFromText(text));
  }

  hasResult(builtin: string): boolean {
    return !this.#withoutResult.has(builtin);
  }

  addPlace(place: Place): number {
    return this.places.push(place) - 1;
  }
}

function named(names: Map<string, string>, list: string[], text: string, prefix: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `${prefix}${list.push(text) - 1}`;
    names.set(text, name);
  }
  return name;
}
