/**
 * Random Rego modules: rules of every form over each other, in packages of which one shares its path with
 * base documents. A rule uses only what is written before it, so none is recursive.
 */
import type { Random } from "../fuzz/random.ts";
import { StatementWriter } from "./generate-statement.ts";
import {
  chance,
  hidden,
  Names,
  type RuleForm,
  Scope,
  type Surroundings,
  type Term,
} from "./scope.ts";

export interface GeneratedModules {
  readonly modules: Readonly<Record<string, string>>;
  readonly entrypoints: readonly string[];
  /** Documents that hold every rule's value: a conflict anywhere shows there. */
  readonly packages: readonly string[];
}

const PACKAGES = ["base", "lib", "t"] as const;
const RULES_MAX = 5;
/** Variables of assignments, `some` and `every`, which no two statements of a module share. */
const DECLARED = /\b[ekvx]\d+\b/g;

export function generateModules(random: Random): GeneratedModules {
  const around: Surroundings = { rules: [], functions: [], packages: [], readsBase: false };
  const modules: Record<string, string> = {};
  const names = new Names();
  const used = PACKAGES.filter((name) => name === "t" || chance(random, 70));
  for (const name of used) {
    around.readsBase = name !== "base";
    const writer = new RuleWriter(random, names, `data.${name}`, around);
    const length = 2 + random.below(RULES_MAX);
    const rules = Array.from({ length }, () => withoutUnused(writer.write()));
    modules[`${name}.rego`] = `package ${name}\n\n${rules.join("\n\n")}\n`;
    // OPA plans such reads wrongly where the package holds functions.
    const prefix = `data.${name}.`;
    const hasFunctions = around.functions.some(({ path }) => path.startsWith(prefix));
    if (!hasFunctions) around.packages.push(`data.${name}`);
  }
  const entrypoints = around.rules.map(({ path }) => path.slice(5).replaceAll(".", "/"));
  return { modules, entrypoints, packages: used };
}

/** OPA refuses what is declared and not used. */
function withoutUnused(rule: string): string {
  const counts = new Map<string, number>();
  for (const [name] of rule.matchAll(DECLARED)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return rule.replaceAll(DECLARED, (name) => (counts.get(name) === 1 ? "_" : name));
}

class RuleWriter {
  readonly #random: Random;
  readonly #names: Names;
  readonly #place: string;
  readonly #around: Surroundings;
  readonly #statements: StatementWriter;

  constructor(random: Random, names: Names, place: string, around: Surroundings) {
    this.#random = random;
    this.#names = names;
    this.#place = place;
    this.#around = around;
    this.#statements = new StatementWriter(random, names);
  }

  write(): string {
    switch (this.#random.below(10)) {
      case 0:
      case 1:
        return this.#function();
      case 2:
        return this.#partialSet();
      case 3:
      case 4:
        return this.#partialObject();
      case 5:
        return this.#nested();
      case 6:
        return this.#chain();
      default:
        return this.#complete();
    }
  }

  #scope(): Scope {
    return new Scope(this.#around);
  }

  /** `head` is asked once the body has bound its variables. */
  #clause(head: (scope: Scope) => string, scope: Scope = this.#scope()): string {
    const body = this.#statements.body(scope);
    return `${head(scope)} if {\n\t${body}\n}`;
  }

  #clauses(most: number, clause: () => string): string {
    return Array.from({ length: 1 + this.#random.below(most) }, clause).join("\n\n");
  }

  #value(scope: Scope, kinds: Set<string>): string {
    const value: Term = this.#statements.head(scope);
    kinds.add(value.kind);
    return value.text;
  }

  #addRule(name: string, form: RuleForm, kinds: ReadonlySet<string>): void {
    const isAny = kinds.size === 1 && kinds.has("any");
    const kind = isAny ? "any" : "known";
    this.#around.rules.push({ path: `${this.#place}.${name}`, form, kind });
  }

  #complete(): string {
    const name = this.#names.next("r");
    const kinds = new Set<string>();
    const isTrue = chance(this.#random, 20);
    const lines = this.#clauses(2, () =>
      this.#clause((scope) => (isTrue ? name : `${name} := ${this.#value(scope, kinds)}`)),
    );
    const hasDefault = chance(this.#random, 30);
    if (isTrue || hasDefault) kinds.add("known");
    const start = hasDefault ? `default ${name} := ${this.#ground()}\n\n` : "";
    this.#addRule(name, "value", kinds);
    return start + lines;
  }

  #ground(): string {
    return this.#random.pick(["false", "null", "0", '"none"', "[]", '{"a": 1.50}', "{1, 2}"]);
  }

  #chain(): string {
    const name = this.#names.next("r");
    const kinds = new Set<string>();
    const first = this.#clause((scope) => `${name} := ${this.#value(scope, kinds)}`);
    const rest = this.#clauses(2, () =>
      this.#clause((scope) => `else := ${this.#value(scope, kinds)}`),
    );
    const last = chance(this.#random, 40) ? " else := false" : "";
    if (last !== "") kinds.add("known");
    this.#addRule(name, "value", kinds);
    return `${first} ${rest.replaceAll("\n\n", " ")}${last}`;
  }

  #partialSet(): string {
    const name = this.#names.next("s");
    const kinds = new Set<string>();
    const lines = this.#clauses(2, () =>
      this.#clause((scope) => `${name} contains ${this.#value(scope, kinds)}`),
    );
    this.#addRule(name, "set", kinds);
    return lines;
  }

  #partialObject(): string {
    const name = this.#names.next("o");
    const kinds = new Set<string>();
    const lines = this.#clauses(2, () =>
      this.#clause((scope) => `${name}[${this.#key(scope)}] := ${this.#value(scope, kinds)}`),
    );
    this.#addRule(name, "members", kinds);
    return lines;
  }

  /** Rules whose heads are longer references. */
  #nested(): string {
    const name = this.#names.next("n");
    const kinds = new Set<string>();
    const isSet = chance(this.#random, 30);
    const last = this.#random.pick([".b", ".b.c"]);
    const lines = this.#clauses(3, () =>
      this.#clause((scope) => {
        const first = chance(this.#random, 40) ? ".a" : `[${this.#key(scope)}]`;
        const second = this.#random.pick([last, `[${this.#key(scope)}]`]);
        const value = this.#value(scope, kinds);
        return isSet ? `${name}${first} contains ${value}` : `${name}${first}${second} := ${value}`;
      }),
    );
    this.#addRule(name, "nested", kinds);
    return lines;
  }

  #key(scope: Scope): string {
    const { expressions } = this.#statements;
    if (chance(this.#random, 25)) return JSON.stringify(this.#random.pick(["a", "b", "k"]));
    return hidden(expressions.term(scope.closed(3)));
  }

  #function(): string {
    const name = this.#names.next("f");
    const arity = 1 + this.#random.below(2);
    const kinds = new Set<string>();
    const lines = this.#clauses(3, () => {
      const scope = this.#scope();
      const parameters = Array.from({ length: arity }, () => this.#parameter(scope));
      return this.#clause(
        (inner) => `${name}(${parameters.join(", ")}) := ${this.#value(inner, kinds)}`,
        scope,
      );
    });
    const unused = Array.from({ length: arity }, () => "_").join(", ");
    const hasDefault = chance(this.#random, 20);
    if (hasDefault) kinds.add("known");
    const start = hasDefault ? `default ${name}(${unused}) := ${this.#ground()}\n\n` : "";
    const kind = kinds.size === 1 && kinds.has("any") ? "any" : "known";
    this.#around.functions.push({ path: `${this.#place}.${name}`, arity, kind });
    return start + lines;
  }

  #parameter(scope: Scope): string {
    const bound = () => {
      const name = this.#names.next("a");
      scope.bind(name, "any");
      return name;
    };
    switch (this.#random.below(8)) {
      case 0:
        return `[${bound()}, ${bound()}]`;
      case 1:
        return `{"a": ${bound()}}`;
      case 2:
        return this.#random.pick(["1", '"a"', "null", "true", "1.50", "[]"]);
      case 3:
        return "_";
      default:
        return bound();
    }
  }
}
