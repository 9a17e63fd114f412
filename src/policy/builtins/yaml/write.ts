/**
 * Values as YAML text. OPA writes them as JSON, has its YAML library read that, and write what it read: so
 * numbers are read as YAML reads them, and what the library does not read is not written.
 *
 * @module
 */
import { sortedKeys } from "../../plan/values/compare.ts";
import { Decimal, jsonNumber, numberText } from "../../plan/values/decimal.ts";
import { htmlSafe, memberName } from "../../plan/values/json.ts";
import { lookUp } from "../../plan/values/object.ts";
import { RegoSet } from "../../plan/values/rego-set.ts";
import {
  isArray,
  isNumber,
  isObject,
  type ObjectValue,
  type Value,
} from "../../plan/values/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { Emitter, INDENT } from "./emitter.ts";
import { orderedNames } from "./key-order.ts";
import { plainInteger, plainScalar } from "./plain-scalar.ts";
import { type StyledScalar, styled } from "./scalar-style.ts";

/** The library takes no name in JSON whose colon is farther away. */
const NAME_POINTS_MAX = 1024;
/** Bytes of a name that may stand in a line with its value. */
const SIMPLE_BYTES_MAX = 128;
/** Characters that the library does not read, or reads as a line break. */
const NOT_READ = /[\x7f-\x9f\ufffe\uffff]/;
const EXPONENT_MIN = -4;
const EXPONENT_MAX = 6;

/** What OPA does not write, or may write otherwise. */
export class NotWritten extends Error {}

/** @throws {NotWritten} */
export function yamlText(context: BuiltinContext, value: Value): string {
  const emitter = new Emitter(context.budget);
  new Writer(context, emitter).value(value, 0, 0, false);
  return emitter.text();
}

class Writer {
  readonly #context: BuiltinContext;
  readonly #emitter: Emitter;

  constructor(context: BuiltinContext, emitter: Emitter) {
    this.#context = context;
    this.#emitter = emitter;
  }

  /** `column`: of a collection's members. */
  value(value: Value, column: number, depth: number, isNested = true): void {
    const { budget } = this.#context;
    budget.descend(depth);
    budget.spend(4);
    if (typeof value === "string") {
      const scalar = styled(this.#context, readText(value));
      this.#emitter.scalar(scalar, isNested ? column : INDENT);
    } else if (isNumber(value)) this.#number(value);
    else if (value instanceof RegoSet) this.#array(value.sorted(budget), column, depth);
    else if (isArray(value)) this.#array(value, column, depth);
    else if (isObject(value)) this.#object(value, column, depth);
    else this.#emitter.bare(String(value));
  }

  #number(value: number | Decimal): void {
    const text = value instanceof Decimal ? jsonText(value) : numberText(value);
    const integer = plainInteger(text);
    if (integer !== undefined) this.#emitter.bare(numberText(integer));
    // A number that is none to the library is text.
    else this.#emitter.bare(plainScalar(text) === text ? text : floatText(Number(text)));
  }

  #array(items: readonly Value[], column: number, depth: number): void {
    if (items.length === 0) this.#emitter.bare("[]");
    for (const item of items) {
      this.#emitter.indent(column);
      this.#emitter.indicator("-");
      this.value(item, column + INDENT, depth + 1);
    }
  }

  #object(object: ObjectValue, column: number, depth: number): void {
    const { budget } = this.#context;
    const members = new Map<string, Value>();
    for (const key of sortedKeys(object, budget)) {
      budget.create(1);
      members.set(readName(memberName(key, budget)), lookUp(object, key, budget) as Value);
    }
    if (members.size === 0) this.#emitter.bare("{}");
    const names = orderedNames([...members.keys()], budget);
    if (names === undefined) throw new NotWritten();
    for (const name of names) {
      this.#emitter.indent(column);
      this.#name(styled(this.#context, name), column);
      this.value(members.get(name) as Value, column + INDENT, depth + 1);
    }
  }

  #name(scalar: StyledScalar, column: number): void {
    if (!scalar.isMultiline && Buffer.byteLength(scalar.text) <= SIMPLE_BYTES_MAX) {
      this.#emitter.scalar(scalar, column);
      this.#emitter.colon();
      return;
    }
    this.#emitter.indicator("?");
    this.#emitter.scalar(scalar, column + INDENT);
    this.#emitter.indent(column);
    this.#emitter.indicator(":");
  }
}

function jsonText(value: Decimal): string {
  try {
    return jsonNumber(value);
  } catch {
    throw new NotWritten();
  }
}

/** As the library has it after JSON. @throws {NotWritten} */
function readText(text: string): string {
  if (NOT_READ.test(text)) throw new NotWritten();
  return text.toWellFormed();
}

function readName(name: string): string {
  const text = readText(name);
  const json = htmlSafe(JSON.stringify(text)).replace(/[\u2028\u2029]/g, "\\u2028");
  if (json.length > NAME_POINTS_MAX && [...json].length > NAME_POINTS_MAX) throw new NotWritten();
  return text;
}

/** The shortest text that reads back as the same number, with an exponent from six digits on. */
function floatText(value: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= EXPONENT_MIN && power < EXPONENT_MAX) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
