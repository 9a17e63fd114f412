/**
 * The JSON of a plan, member by member: everything is there and of its type, or the plan is refused with
 * the place it happened at.
 *
 * @module
 */
import { PlanError, type Position } from "./ir.ts";
import { parseJson } from "./values/json.ts";
import { isArray, isObject, type Value } from "./values/value.ts";

const TEXT_LENGTH_MAX = 8 * 1_048_576;
/** A statement in a block is five levels deeper than the block. */
const JSON_DEPTH_MAX = 1_200;
const QUOTED_LENGTH_MAX = 100;
const [QUOTE, BACKSLASH, BRACE, BRACKET, BRACE_END, BRACKET_END] = [
  0x22, 0x5c, 0x7b, 0x5b, 0x7d, 0x5d,
];

export function refuse(where: string, what: string): never {
  throw new PlanError(`${where}: ${what}`);
}

/** For messages. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, QUOTED_LENGTH_MAX));
}

/** `file:row:col` */
export function atOf({ file, row, col }: Position, files: readonly string[]): string {
  return `${files[file] ?? ""}:${row}:${col}`;
}

/** @throws {PlanError} */
export function parsePlanText(text: string): Value {
  if (text.length > TEXT_LENGTH_MAX) refuse("plan", "larger than 8 MiB");
  if (jsonDepth(text) > JSON_DEPTH_MAX) refuse("plan", "nested too deeply");
  try {
    return parseJson(text);
  } catch {
    return refuse("plan", "not JSON");
  }
}

/** Known before the text is parsed, because parsing needs stack for every level. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) isInString = !isInString;
    else if (isInString) at += unit === BACKSLASH ? 1 : 0;
    else if (unit === BRACE || unit === BRACKET) deepest = Math.max(deepest, ++depth);
    else if (unit === BRACE_END || unit === BRACKET_END) depth -= 1;
  }
  return deepest;
}

export class PlanObject {
  readonly where: string;
  readonly #members: Readonly<Record<string, Value>>;

  /** @throws {PlanError} unless `value` is an object with all `required` members and no unknown one. */
  constructor(
    value: Value | undefined,
    where: string,
    required: readonly string[],
    optional: readonly string[] = [],
  ) {
    this.where = where;
    if (value === undefined || !isObject(value)) refuse(where, "not an object");
    const members = value as Readonly<Record<string, Value>>;
    for (const name of Object.keys(members)) {
      if (!required.includes(name) && !optional.includes(name)) {
        refuse(where, `unknown member ${quoted(name)}`);
      }
    }
    for (const name of required) {
      if (!Object.hasOwn(members, name)) refuse(where, `no member ${quoted(name)}`);
    }
    this.#members = members;
  }

  value(name: string): Value | undefined {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  /** A whole number from 0 to `max`. */
  index(name: string, max: number): number {
    return indexOf(this.value(name), max, this.where, name);
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== "string") refuse(this.where, `${name}: not a string`);
    return value;
  }

  /** OPA writes an empty list as null. */
  list(name: string): readonly Value[] {
    const value = this.value(name);
    if (value === undefined || value === null) return [];
    if (!isArray(value)) refuse(this.where, `${name}: not an array`);
    return value;
  }
}

export function indexOf(
  value: Value | undefined,
  max: number,
  where: string,
  name: string,
): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    refuse(where, `${name}: not an integer`);
  }
  if (value < 0 || value > max) refuse(where, `${name}: ${value} is out of range`);
  return value;
}
