/**
 * The members of one statement of a plan, with every index resolved.
 *
 * @module
 */
import type { Local, Operand, Position } from "./ir.ts";
import { indexOf, PlanObject, quoted, refuse } from "./plan-json.ts";
import { Decimal, numberText } from "./values/decimal.ts";
import type { Value } from "./values/value.ts";

export const LOCAL_MAX = 65_535;
const ROW_MAX = 2 ** 31 - 1;
const POSITION = ["file", "row", "col"];
const POSITION_END = ["end_row", "end_col"];
const INTEGER = /^-?\d+$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Of a statement, without its position. */
export interface MemberNames {
  readonly members: readonly string[];
  readonly optional?: readonly string[];
}

export class StatementFields extends PlanObject {
  readonly #strings: readonly string[];

  constructor(
    value: Value | undefined,
    where: string,
    { members, optional = [] }: MemberNames,
    strings: readonly string[],
  ) {
    super(value, where, [...members, ...POSITION], [...optional, ...POSITION_END]);
    for (const name of POSITION_END) if (this.value(name) !== undefined) this.index(name, ROW_MAX);
    this.#strings = strings;
  }

  local(name: string): Local {
    return this.index(name, LOCAL_MAX);
  }

  locals(name: string): readonly Local[] {
    return localsOf(this, name);
  }

  string(name: string): string {
    return this.#stringAt(this.value(name), name);
  }

  strings(name: string): readonly string[] {
    return this.list(name).map((value) => this.#stringAt(value, name));
  }

  operand(name: string): Operand {
    return this.#operandFrom(this.value(name), name);
  }

  operands(name: string): readonly Operand[] {
    return this.list(name).map((value) => this.#operandFrom(value, name));
  }

  /** A whole number that JavaScript holds exactly. */
  integer(name: string): number {
    const value = this.value(name);
    if (!Number.isSafeInteger(value)) refuse(this.where, `${name}: not an exact integer`);
    return value as number;
  }

  /** The text of a whole number of 64 bits. */
  integerText(name: string): string {
    const value = this.value(name);
    const isNumber = typeof value === "number" || value instanceof Decimal;
    const text = isNumber ? numberText(value) : "";
    if (!INTEGER.test(text)) refuse(this.where, `${name}: not an integer`);
    const integer = BigInt(text);
    if (integer !== BigInt.asIntN(64, integer)) refuse(this.where, `${name}: not of 64 bits`);
    return String(integer);
  }

  /** The text of a number that is held as a string. */
  numberText(name: string): string {
    const text = this.string(name);
    if (!NUMBER.test(text)) refuse(this.where, `${name}: ${quoted(text)} is not a number`);
    return text;
  }

  #stringAt(value: Value | undefined, name: string): string {
    const index = indexOf(value, this.#strings.length - 1, this.where, name);
    return this.#strings[index] as string;
  }

  #operandFrom(value: Value | undefined, name: string): Operand {
    const operand = new PlanObject(value, `${this.where}: ${name}`, ["type", "value"]);
    const type = operand.text("type");
    const held = operand.value("value");
    switch (type) {
      case "local":
        return { kind: "local", local: operand.index("value", LOCAL_MAX) };
      case "string_index":
        return { kind: "string", text: this.#stringAt(held, name) };
      case "bool":
        if (typeof held !== "boolean") refuse(operand.where, "not a boolean");
        return { kind: "boolean", value: held };
      default:
        return refuse(operand.where, `unknown type of operand ${quoted(type)}`);
    }
  }
}

export function localsOf(object: PlanObject, name: string): readonly Local[] {
  return object.list(name).map((value) => indexOf(value, LOCAL_MAX, object.where, name));
}

/** Read first, so that whatever else is wrong can be told with it. */
export function positionOf(
  value: Value | undefined,
  where: string,
  files: readonly string[],
): Position {
  const known = value === null || typeof value !== "object" ? [] : Object.keys(value);
  const fields = new PlanObject(value, where, POSITION, known);
  const row = fields.index("row", ROW_MAX);
  // Statements without a position name file 0 even where no file is listed.
  const file = fields.index("file", row === 0 ? Math.max(0, files.length - 1) : files.length - 1);
  return { file, row, col: fields.index("col", ROW_MAX) };
}
