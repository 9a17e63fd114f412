/** Random Rego expressions over what a scope holds. */
import type { Random } from "../fuzz/random.ts";
import { callOf } from "./generate-call.ts";
import { MEMBERS, NUMBERS, TEXTS } from "./generate-document.ts";
import {
  chance,
  hidden,
  type Kind,
  type Names,
  type RuleReference,
  type Scope,
  type Term,
} from "./scope.ts";

const DEPTH_MAX = 4;
const ODD_REFERENCES = ['["__proto__"]', '["é"]', '["x y"]', '[""]', "[0]", "[1]", '["0"]'];
const LITERAL_NUMBERS = NUMBERS.filter((text) => !text.includes("E"));

/** Writes the body of a comprehension and binds its variables in `scope`. */
export type WriteBody = (scope: Scope) => string;

export class ExpressionWriter {
  readonly random: Random;
  readonly names: Names;
  readonly #writeBody: WriteBody;

  constructor(random: Random, names: Names, writeBody: WriteBody) {
    this.random = random;
    this.names = names;
    this.#writeBody = writeBody;
  }

  /** Anything. */
  term(scope: Scope): Term {
    const { random } = this;
    if (scope.depth >= DEPTH_MAX) return this.#leaf(scope);
    switch (random.below(20)) {
      case 0:
        return { text: `[${this.#items(scope)}]`, kind: "array" };
      case 1:
        return { text: this.#object(scope), kind: "object" };
      case 2:
        return this.#set(scope);
      case 3:
        return this.#comprehension(scope);
      case 4:
      case 5:
        return { text: this.#arithmetic(scope), kind: "number" };
      case 6:
      case 7:
      case 8:
        return callOf(this, scope.inner());
      case 9:
        return this.#functionCall(scope);
      default:
        return this.#leaf(scope);
    }
  }

  /** Of a type that a place of `kind` takes. */
  fitting(scope: Scope, kind: Kind): string {
    if (kind === "any") return this.term(scope).text;
    if (chance(this.random, 55)) {
      const known = scope.variables.filter((one) => one.kind === kind);
      if (known.length > 0 && chance(this.random, 50)) return this.random.pick(known).text;
      return this.#literal(scope, kind);
    }
    // The compiler would take what a variable is used for as its type.
    const text = this.opaque(scope);
    return /^\w+$/.test(text) ? hidden({ text, kind }) : text;
  }

  /** Something of which the compiler knows nothing, most often a reference. */
  opaque(scope: Scope): string {
    if (chance(this.random, 15)) return hidden(this.term(scope.inner()));
    return this.reference(scope);
  }

  /** A path into input, data, a variable or a rule. */
  reference(scope: Scope): string {
    const roots = scope.variables.filter(({ kind }) => kind === "any");
    const rules = scope.around.rules.filter(({ kind }) => kind === "any");
    const choice = this.random.below(12);
    if (choice < 3 && roots.length > 0) return this.random.pick(roots).text + this.#steps(scope, 1);
    if (choice < 6 && rules.length > 0) {
      const rule = this.random.pick(rules);
      return rule.form === "value"
        ? rule.path + this.#steps(scope, 1)
        : this.#memberOf(scope, rule);
    }
    if (choice === 6 && scope.around.packages.length > 0) {
      const place = this.random.pick(scope.around.packages);
      return `${place}[${hidden(this.#leaf(scope))}]${this.#steps(scope, 2)}`;
    }
    if (choice === 7 && scope.around.readsBase) {
      return `data.base${this.#path(scope)}`;
    }
    if (choice === 8) return `data.doc${this.#path(scope)}`;
    return chance(this.random, 3)
      ? hidden({ text: "input", kind: "object" })
      : `input${this.#path(scope)}`;
  }

  /** Something to iterate over. */
  collection(scope: Scope): string {
    const { random } = this;
    const choice = random.below(10);
    if (choice < 4) return `input.${random.pick(["list", "numbers", "texts", "map"])}`;
    if (choice < 5) return `data.doc.${random.pick(["list", "numbers", "texts", "map"])}`;
    const rules = scope.around.rules.filter(({ form, kind }) => form !== "value" && kind === "any");
    if (choice < 8 && rules.length > 0) return random.pick(rules).path;
    if (choice === 8) return this.#literal(scope, random.pick(["array", "object", "set"]));
    return this.reference(scope);
  }

  #memberOf(scope: Scope, rule: RuleReference): string {
    const key = () => hidden(this.#leaf(scope));
    const found = `${rule.path}[${key()}]`;
    if (rule.form === "nested") return `${found}[${key()}]`;
    return rule.form === "set" ? found : found + this.#steps(scope, 1);
  }

  /** From a document whose own members may be known to the compiler. */
  #path(scope: Scope): string {
    return `.${this.random.pick(MEMBERS)}${this.#steps(scope, 2)}`;
  }

  #steps(scope: Scope, most: number): string {
    let text = "";
    for (let left = this.random.below(most + 1); left > 0; left--) text += this.#step(scope);
    return text;
  }

  #step(scope: Scope): string {
    const choice = this.random.below(20);
    if (choice < 14) return `.${this.random.pick(MEMBERS)}`;
    if (choice < 16) return this.random.pick(ODD_REFERENCES);
    if (choice === 16 && scope.wildcards) return "[_]";
    const bound = scope.variables;
    return bound.length === 0 ? "[0]" : `[${hidden(this.random.pick(bound))}]`;
  }

  #leaf(scope: Scope): Term {
    const { random } = this;
    const choice = random.below(10);
    if (choice < 3 && scope.variables.length > 0) return random.pick(scope.variables);
    if (choice < 5) {
      const kind = random.pick(["null", "boolean", "number", "string"] as const);
      return { text: this.#literal(scope, kind), kind };
    }
    const known = scope.around.rules.filter(({ kind }) => kind === "known");
    if (choice === 5 && known.length > 0) {
      return { text: hidden({ text: random.pick(known).path, kind: "array" }), kind: "any" };
    }
    return { text: this.reference(scope), kind: "any" };
  }

  #literal(scope: Scope, kind: Kind): string {
    const { random } = this;
    switch (kind) {
      case "null":
        return "null";
      case "boolean":
        return random.pick(["true", "false"]);
      case "number":
        return random.pick(LITERAL_NUMBERS);
      case "string":
        return JSON.stringify(random.pick(TEXTS));
      case "array":
        return `[${this.#items(scope)}]`;
      case "object":
        return this.#object(scope);
      default:
        return this.#set(scope).text;
    }
  }

  #items(scope: Scope): string {
    const inner = scope.inner();
    const length = this.random.below(4);
    return Array.from({ length }, () => this.term(inner).text).join(", ");
  }

  #object(scope: Scope): string {
    const inner = scope.inner();
    const members = Array.from({ length: this.random.below(4) }, () => {
      const named = chance(this.random, 75);
      const key = named
        ? JSON.stringify(this.random.pick([...MEMBERS, "__proto__", "é"]))
        : hidden(this.term(inner));
      return `${key}: ${this.term(inner).text}`;
    });
    return `{${members.join(", ")}}`;
  }

  #set(scope: Scope): Term {
    const items = this.#items(scope);
    return { text: items === "" ? "set()" : `{${items}}`, kind: "set" };
  }

  #arithmetic(scope: Scope): string {
    const inner = scope.inner();
    const operator = this.random.pick(["+", "-", "*", "/", "%", "+", "-"]);
    const [a, b] = [this.fitting(inner, "number"), this.fitting(inner, "number")];
    return `(${a} ${operator} ${b})`;
  }

  #comprehension(scope: Scope): Term {
    const inner = scope.inner();
    const body = this.#writeBody(inner);
    const head = () => this.#leaf(inner.closed()).text;
    switch (this.random.below(3)) {
      case 0:
        return { text: `[${head()} | ${body}]`, kind: "array" };
      case 1:
        return { text: `{${head()} | ${body}}`, kind: "set" };
      default:
        return { text: `{${head()}: ${head()} | ${body}}`, kind: "object" };
    }
  }

  #functionCall(scope: Scope): Term {
    const { functions } = scope.around;
    if (functions.length === 0) return this.#leaf(scope);
    const { path, arity, kind } = this.random.pick(functions);
    const inner = scope.inner();
    const args = Array.from({ length: arity }, () => hidden(this.term(inner)));
    const call = { text: `${path}(${args.join(", ")})`, kind: "array" } as const;
    return { text: kind === "any" ? call.text : hidden(call), kind: "any" };
  }
}
