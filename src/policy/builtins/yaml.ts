/**
 * YAML text as values and back. The parser is not OPA's: forms that both read differently, or may do so, are
 * undefined rather than read.
 *
 * @module
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import { type Budget, BudgetExceeded } from "../plan/values/budget.ts";
import { numberText } from "../plan/values/decimal.ts";
import { keysOf, lookUp } from "../plan/values/object.ts";
import { RegoObject } from "../plan/values/rego-object.ts";
import { isObject, type Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { textOperand } from "./operands.ts";
import { plainInteger, plainScalar, type YamlScalar } from "./yaml/plain-scalar.ts";
import { NotWritten, yamlText } from "./yaml/write.ts";

/** The parser takes microseconds for each token: no text longer than some thousand characters is read. */
const CHARACTER_STEPS = 100;
/**
 * Tags, directives, explicit keys, document ends, a colon at the end of a flow entry, escaped surrogates,
 * tabs, line breaks that are none in YAML 1.2, and characters that Go's library does not take.
 */
const UNSURE =
  /(?:^|[\s[{,:-])[!?%]|(?:^|\n)\.\.\.|:[\]},]|\\u[dD][89a-fA-F]|(?!\n|\r\n)\p{Cc}|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;
const FLOW = /[[{]/;
/** What may be a fraction: Go writes it with 32 bits where it names a member, so it is not read there. */
const LIKE_NUMBER = /^[-+.\d]/;

type Failure = "invalid" | "unsure";

class Unread extends Error {
  override readonly name = "Unread";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

/** Of the first document; the others must be well-formed too. */
function read(text: string, budget: Budget): { readonly value: Value } | Failure {
  budget.spend(text.length * CHARACTER_STEPS);
  if (UNSURE.test(text)) return "unsure";
  try {
    const documents = parseAllDocuments(text, {
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    if (!Array.isArray(documents)) return { value: null };
    if (documents.some(({ errors }) => errors.length > 0)) {
      return FLOW.test(text) ? "unsure" : "invalid";
    }
    if (documents.some(({ warnings }) => warnings.length > 0)) return "unsure";
    const [first] = documents as readonly Document.Parsed[];
    return {
      value: first === undefined ? null : new Reader(first, budget).value(first.contents, 0),
    };
  } catch (error) {
    if (error instanceof BudgetExceeded) throw error;
    return error instanceof Unread ? error.failure : "unsure";
  }
}

class Reader {
  /** What each alias stands for: found once, since the library looks through the document each time. */
  readonly #targets = new Map<unknown, Node>();
  readonly #budget: Budget;
  /** Anchors that are being read: one that holds itself is no document. */
  readonly #open = new Set<unknown>();

  constructor(document: Document.Parsed, budget: Budget) {
    this.#budget = budget;
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        const target = isAlias(node) ? anchors.get(node.source) : undefined;
        if (target !== undefined) this.#targets.set(node, target);
        if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  value(node: unknown, depth: number): Value {
    this.#budget.descend(depth);
    this.#budget.spend(1);
    this.#budget.create(1);
    if (node === null) return null;
    if (isAlias(node)) return this.#aliased(this.#targets.get(node), depth);
    if (isScalar(node)) return scalarValue(node);
    if (isMap(node)) return this.#object(node, depth);
    if (!isSeq(node)) throw new Unread("unsure");
    return node.items.map((item) => this.value(item, depth + 1));
  }

  #aliased(node: Node | undefined, depth: number): Value {
    if (node === undefined || this.#open.has(node)) throw new Unread("invalid");
    this.#open.add(node);
    const value = this.value(node, depth + 1);
    this.#open.delete(node);
    return value;
  }

  #object(map: YAMLMap, depth: number): Value {
    const object = new RegoObject();
    const merged: unknown[] = [];
    const members = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) merged.push(...(isSeq(value) ? value.items : [value]));
      else members.set(this.#name(key), value);
    }
    // Of merged objects the first one counts, and the object's own members before all.
    for (const source of merged.reverse()) this.#merge(object, source, depth);
    for (const [name, value] of members) {
      object.set(name, this.value(value, depth + 1), this.#budget);
    }
    return object;
  }

  #merge(object: RegoObject, source: unknown, depth: number): void {
    const value = this.value(source, depth + 1);
    if (!isObject(value)) throw new Unread("invalid");
    for (const key of keysOf(value)) {
      object.set(key, lookUp(value, key, this.#budget) as Value, this.#budget);
    }
  }

  #name(key: unknown): string {
    const scalar = isAlias(key) ? this.#targets.get(key) : key;
    if (!isScalar(scalar)) throw new Unread("unsure");
    const text = String(scalar.value);
    if (scalar.type === "PLAIN" && LIKE_NUMBER.test(text)) {
      const integer = plainInteger(text);
      if (integer !== undefined) return numberText(integer);
      if (plainScalar(text) === text) return text;
      throw new Unread("unsure");
    }
    const value = scalarValue(scalar);
    if (value === null) throw new Unread("invalid");
    return String(value);
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function scalarValue(scalar: Scalar): YamlScalar {
  const { value, type } = scalar;
  if (typeof value !== "string") throw new Unread("unsure");
  const read = type === "PLAIN" ? plainScalar(value) : value;
  if (read === undefined) throw new Unread("invalid");
  return read;
}

function readOrFail(context: BuiltinContext, text: string): { readonly value: Value } | undefined {
  const found = read(text, context.budget);
  if (typeof found === "object") return found;
  return context.fail(found === "invalid" ? "yaml: invalid document" : "yaml: form not supported");
}

function marshal(context: BuiltinContext, value: Value): Value | undefined {
  try {
    return yamlText(context, value);
  } catch (error) {
    if (error instanceof NotWritten) return context.fail("yaml: value not supported");
    throw error;
  }
}

export const YAML: BuiltinTable = {
  "yaml.marshal": marshal,
  "yaml.unmarshal": (context, value) => {
    const text = textOperand(context, 1, value);
    return text === undefined ? undefined : readOrFail(context, text)?.value;
  },
  "yaml.is_valid": (context, value) => {
    if (typeof value !== "string") return false;
    const found = read(value, context.budget);
    if (found === "unsure") return context.fail("yaml: form not supported");
    return found !== "invalid";
  },
};
