/** Random calls of builtins, each argument of a type that the compiler accepts. */

import type { ExpressionWriter } from "./generate-expression.ts";
import { hidden, type Kind, type Scope, type Term } from "./scope.ts";

interface Signature {
  readonly name: string;
  readonly args: readonly Kind[];
  readonly result: Kind;
}

const SIGNATURES: readonly Signature[] = [
  ...signatures("number", ["abs", "ceil", "floor", "round"], ["number"]),
  ...signatures("number", ["to_number"], ["string"]),
  ...signatures("number", ["count"], ["any"]),
  ...signatures("number", ["bits.and", "bits.or", "bits.xor"], ["number", "number"]),
  ...signatures("number", ["indexof"], ["string", "string"]),
  ...signatures("number", ["sum", "product"], ["any"]),
  ...signatures("any", ["max", "min"], ["any"]),
  ...signatures("string", ["lower", "upper", "trim_space", "strings.reverse"], ["string"]),
  ...signatures("string", ["type_name", "json.marshal"], ["any"]),
  ...signatures("string", ["base64.encode", "hex.encode", "urlquery.encode"], ["string"]),
  ...signatures("string", ["crypto.sha256", "base64url.encode_no_pad"], ["string"]),
  ...signatures("string", ["concat"], ["string", "any"]),
  ...signatures("string", ["trim", "trim_left", "trim_right"], ["string", "string"]),
  ...signatures("string", ["trim_prefix", "trim_suffix"], ["string", "string"]),
  ...signatures("string", ["replace"], ["string", "string", "string"]),
  ...signatures("string", ["substring"], ["string", "number", "number"]),
  ...signatures("string", ["format_int"], ["number", "number"]),
  ...signatures("array", ["split"], ["string", "string"]),
  ...signatures("array", ["sort"], ["any"]),
  ...signatures("array", ["array.concat"], ["array", "array"]),
  ...signatures("array", ["array.reverse"], ["array"]),
  ...signatures("array", ["array.slice"], ["array", "number", "number"]),
  ...signatures("set", ["object.keys"], ["object"]),
  ...signatures("object", ["object.union"], ["object", "object"]),
  ...signatures("object", ["object.remove", "object.filter"], ["object", "any"]),
  ...signatures("any", ["object.get"], ["object", "any", "any"]),
  ...signatures("any", ["json.unmarshal"], ["string"]),
  ...signatures("boolean", ["startswith", "endswith", "contains"], ["string", "string"]),
  ...signatures("boolean", ["is_number", "is_string", "is_array", "is_object"], ["any"]),
  ...signatures("boolean", ["is_set", "is_null", "is_boolean"], ["any"]),
  ...signatures("boolean", ["object.subset"], ["any", "any"]),
  ...signatures("boolean", ["json.is_valid"], ["string"]),
];

function signatures(
  result: Kind,
  names: readonly string[],
  args: readonly Kind[],
): readonly Signature[] {
  return names.map((name) => ({ name, args, result }));
}

/** Their arguments are collections of any type: literals of a known type may not fit. */
const TAKES_ANYTHING = /^(type_name|json\.marshal|is_)/;

export function callOf(writer: ExpressionWriter, scope: Scope): Term {
  const { random } = writer;
  switch (random.below(8)) {
    case 0:
      return { text: setOperation(writer, scope), kind: "set" };
    case 1:
      return { text: `numbers.range(${range(writer, scope)})`, kind: "array" };
    case 2: {
      const verb = random.pick(["%v", "%s", "%d", "%v-%v", "<%5d|%x>", "%q", "%.2f"]);
      const count = verb.split("%").length - 1;
      const args = Array.from({ length: count }, () => writer.term(scope).text);
      return { text: `sprintf(${JSON.stringify(verb)}, [${args.join(", ")}])`, kind: "string" };
    }
    default: {
      const { name, args, result } = random.pick(SIGNATURES);
      const texts = args.map((kind) => argument(writer, scope, name, kind));
      return { text: `${name}(${texts.join(", ")})`, kind: result };
    }
  }
}

function argument(writer: ExpressionWriter, scope: Scope, name: string, kind: Kind): string {
  if (kind !== "any" || TAKES_ANYTHING.test(name)) return writer.fitting(scope, kind);
  if (writer.random.below(2) === 0) return hidden(writer.term(scope));
  return hidden({ text: writer.collection(scope), kind: "array" });
}

function setOperation(writer: ExpressionWriter, scope: Scope): string {
  const operator = writer.random.pick(["|", "&", "-"]);
  const side = () => {
    const text = writer.fitting(scope, "set");
    return text.startsWith("{") || text === "set()" ? text : `{x | x := ${text}[_]}`;
  };
  return `(${side()} ${operator} ${side()})`;
}

/** Small ones: a long range tests the budget, not the meaning. */
function range(writer: ExpressionWriter, scope: Scope): string {
  const { random } = writer;
  const ends = ["0", "1", "3", "-2", "5", `count(${writer.collection(scope)})`];
  return `${random.pick(ends)}, ${random.pick(ends)}`;
}
