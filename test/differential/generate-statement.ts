/** Random statements of rule bodies; variables they bind are added to the scope. */
import type { Random } from "../fuzz/random.ts";
import { ExpressionWriter } from "./generate-expression.ts";
import { chance, hidden, type Names, type Scope, type Term } from "./scope.ts";

const COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "=="];
const STATEMENTS_MAX = 3;
const DEPTH_MAX = 3;

export class StatementWriter {
  readonly expressions: ExpressionWriter;
  readonly #random: Random;
  readonly #names: Names;

  constructor(random: Random, names: Names) {
    this.#random = random;
    this.#names = names;
    this.expressions = new ExpressionWriter(random, names, (scope) => this.body(scope, "; "));
  }

  body(scope: Scope, separator = "\n\t"): string {
    const length = 1 + this.#random.below(STATEMENTS_MAX);
    return Array.from({ length }, () => this.statement(scope)).join(separator);
  }

  statement(scope: Scope): string {
    const { expressions } = this;
    switch (this.#random.below(20)) {
      case 0:
      case 1:
      case 2:
        return this.#assignment(scope);
      case 3:
      case 4:
      case 5:
        return this.#iteration(scope);
      case 6:
        return this.#index(scope);
      case 7:
        return this.#pattern(scope);
      case 8:
        return scope.depth < DEPTH_MAX ? this.#every(scope) : this.#comparison(scope);
      case 9:
        return `not ${this.#withModifiers(this.#condition(scope.closed()), scope)}`;
      case 10:
        return this.#walk(scope);
      case 11:
        return this.#withModifiers(this.#condition(scope), scope);
      case 12:
        return this.#assignment(scope, true);
      case 13:
        return `${hidden(expressions.term(scope))} in ${expressions.collection(scope)}`;
      case 14:
        return this.#member(scope);
      default:
        return this.#comparison(scope);
    }
  }

  #condition(scope: Scope): string {
    switch (this.#random.below(4)) {
      case 0:
        return this.expressions.opaque(scope);
      case 1:
        return `${hidden(this.expressions.term(scope))} in ${this.expressions.collection(scope)}`;
      default:
        return this.#comparison(scope);
    }
  }

  #comparison(scope: Scope): string {
    const [a, b] = [this.expressions.term(scope), this.expressions.term(scope)];
    const operator = this.#random.pick(COMPARISONS);
    const fits = a.kind === "any" || b.kind === "any";
    return `${a.text} ${operator} ${fits ? b.text : hidden(b)}`;
  }

  #assignment(scope: Scope, modified = false): string {
    const value = this.expressions.term(scope);
    const name = this.#names.next("v");
    const text = `${name} := ${value.text}`;
    const whole = modified ? this.#withModifiers(text, scope) : text;
    scope.bind(name, value.kind);
    return whole;
  }

  #iteration(scope: Scope): string {
    const over = this.expressions.collection(scope);
    const value = this.#names.next("x");
    const key = this.#names.next("k");
    const keyed = chance(this.#random, 40);
    const known = !/^(input|data\.doc)\./.test(over);
    const text = keyed ? `some ${key}, ${value} in ${over}` : `some ${value} in ${over}`;
    for (const name of keyed ? [key, value] : [value]) this.#declare(scope, name, known);
    return text;
  }

  /** A variable whose type the compiler may know is bound again, hidden, by whoever uses it. */
  #declare(scope: Scope, name: string, known: boolean): void {
    scope.bind(known ? `object.get({}, "", ${name})` : name, "any");
  }

  #index(scope: Scope): string {
    const index = this.#names.next("i");
    const name = this.#names.next("v");
    const over = this.expressions.reference(scope);
    scope.bind(index, "any");
    scope.bind(name, "any");
    return `some ${index}; ${name} := ${over}[${index}]`.replace("; ", "\n\t");
  }

  #member(scope: Scope): string {
    const rules = scope.around.rules.filter(({ form, kind }) => form !== "value" && kind === "any");
    if (rules.length === 0) return this.#comparison(scope);
    const name = this.#names.next("m");
    const { path } = this.#random.pick(rules);
    this.#declare(scope, name, true);
    return `some ${name}\n\t${path}[${name}]`;
  }

  #walk(scope: Scope): string {
    const path = this.#names.next("p");
    const value = this.#names.next("w");
    const text = `walk(${this.expressions.reference(scope)}, [${path}, ${value}])`;
    scope.bind(`object.get({}, "", ${path})`, "any");
    scope.bind(value, "any");
    return text;
  }

  #pattern(scope: Scope): string {
    const source = this.expressions.opaque(scope);
    const text = this.#patternOf(scope, 0);
    return chance(this.#random, 50) ? `${text} = ${source}` : `${source} = ${text}`;
  }

  #patternOf(scope: Scope, depth: number): string {
    const part = (): string => {
      const choice = this.#random.below(depth > 1 ? 4 : 6);
      if (choice > 3) return this.#patternOf(scope, depth + 1);
      if (choice === 0) return "_";
      if (choice === 1) return this.expressions.fitting(scope, "number");
      const name = this.#names.next("u");
      scope.bind(name, "any");
      return name;
    };
    const length = 1 + this.#random.below(2);
    if (chance(this.#random, 50)) return `[${Array.from({ length }, part).join(", ")}]`;
    const keys = this.#random.pick([["a"], ["k"], ["a", "b"], ["__proto__"], ["n", "s"]]);
    return `{${keys.map((key) => `"${key}": ${part()}`).join(", ")}}`;
  }

  #every(scope: Scope): string {
    const over = this.expressions.collection(scope);
    const inner = scope.inner();
    const value = this.#names.next("e");
    const key = this.#names.next("k");
    const keyed = chance(this.#random, 40);
    const known = !/^(input|data\.doc)\./.test(over);
    for (const name of keyed ? [key, value] : [value]) this.#declare(inner, name, known);
    const body = this.body(inner, "; ").replaceAll("\n\t", "; ");
    return `every ${keyed ? `${key}, ${value}` : value} in ${over} { ${body} }`;
  }

  #withModifiers(text: string, scope: Scope): string {
    let modified = text;
    if (scope.depth > 1) return text;
    for (let left = chance(this.#random, 25) ? 2 : 1; left > 0; left--) {
      modified += ` with ${this.#replacement(scope)}`;
    }
    return modified;
  }

  #replacement(scope: Scope): string {
    const value = () => hidden(this.expressions.term(scope.closed(3)));
    const { rules, functions } = scope.around;
    const plain = rules.filter(({ form }) => form === "value");
    switch (this.#random.below(8)) {
      case 0:
      case 1:
        return `input as ${value()}`;
      case 2:
      case 3:
        return `input.${this.#random.pick(["a", "n", "map.a", "list", "a.b.c"])} as ${value()}`;
      case 4:
        return `data.doc.${this.#random.pick(["a", "n", "map.a", "list"])} as ${value()}`;
      case 5:
        if (!scope.around.readsBase) return `input.a as ${value()}`;
        return `data.base.${this.#random.pick(["a", "n", "b.c"])} as ${value()}`;
      case 6:
        if (plain.length > 0) return `${this.#random.pick(plain).path} as ${value()}`;
        return `input as ${value()}`;
      default: {
        const replaced = functions.filter(({ kind }) => kind === "any");
        if (replaced.length === 0) return `input.a as ${value()}`;
        const target = this.#random.pick(replaced);
        const others = replaced.filter(({ arity }) => arity === target.arity);
        const by = chance(this.#random, 60) ? this.#random.pick(others).path : value();
        return `${target.path} as ${by}`;
      }
    }
  }

  /** A value for a rule's head; hidden where members of it are asked for elsewhere. */
  head(scope: Scope): Term {
    const value = this.expressions.term(scope.closed());
    if (value.kind === "any" || chance(this.#random, 15)) return value;
    return { text: hidden(value), kind: "any" };
  }
}
