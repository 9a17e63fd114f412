/**
 * Integers: of 64 bits as Go's `fmt` writes them, and larger ones as its `big.Int` does, which differs.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { type Field, padded } from "./field.ts";
import { isPrintable, quotedPoint } from "./quote.ts";

const BASES: Readonly<Record<string, number>> = {
  v: 10,
  d: 10,
  b: 2,
  o: 8,
  O: 8,
  x: 16,
  X: 16,
};
const CODE_POINT_MAX = 0x10ffff;
const REPLACEMENT = 0xfffd;

/** Undefined for a verb that is none of an integer's. */
export function integerText(
  value: bigint,
  verb: string,
  field: Field,
  budget: Budget,
): string | undefined {
  const base = BASES[verb];
  if (base !== undefined) return inBase(value, base, verb, field, budget);
  if (verb === "c") return padded(String.fromCodePoint(pointOf(value)), field, budget);
  if (verb === "q") return padded(quotedPoint(pointOf(value), field.plus), field, budget);
  return verb === "U" ? unicode(value, field, budget) : undefined;
}

function pointOf(value: bigint): number {
  if (value < 0n || value > BigInt(CODE_POINT_MAX)) return REPLACEMENT;
  const point = Number(value);
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
}

function inBase(value: bigint, base: number, verb: string, field: Field, budget: Budget): string {
  const { precision, width } = field;
  if (precision === 0 && value === 0n) return padded("", field, budget, false);
  const isSigned = value < 0n || field.plus || field.space;
  let least = precision ?? 0;
  if (precision === undefined && field.zero && !field.minus && width !== undefined) {
    least = isSigned ? width - 1 : width;
  }
  budget.allocate(least);
  let digits = digitsOf(value, base, verb).padStart(least, "0");
  if (field.sharp && !(base === 8 && digits.startsWith("0"))) digits = prefixOf(verb) + digits;
  if (verb === "O") digits = `0o${digits}`;
  return padded(signOf(value, field.plus, field.space) + digits, field, budget, false);
}

function digitsOf(value: bigint, base: number, verb: string): string {
  const digits = (value < 0n ? -value : value).toString(base);
  return verb === "X" ? digits.toUpperCase() : digits;
}

function prefixOf(verb: string): string {
  const prefixes: Readonly<Record<string, string>> = { b: "0b", o: "0", O: "0", x: "0x", X: "0X" };
  return prefixes[verb] ?? "";
}

function signOf(value: bigint, plus: boolean, space: boolean): string {
  if (value < 0n) return "-";
  return plus ? "+" : space ? " " : "";
}

function unicode(value: bigint, field: Field, budget: Budget): string {
  const unsigned = BigInt.asUintN(64, value);
  const least = Math.max(field.precision ?? 0, 4);
  budget.allocate(least);
  let text = `U+${unsigned.toString(16).toUpperCase().padStart(least, "0")}`;
  if (field.sharp && unsigned <= BigInt(CODE_POINT_MAX)) {
    const point = Number(unsigned);
    if (isPrintable(point)) text += ` '${String.fromCodePoint(point)}'`;
  }
  return padded(text, field, budget, false);
}

/** An integer that needs more than 64 bits. */
export function largeIntegerText(
  value: bigint,
  verb: string,
  field: Field,
  budget: Budget,
): string {
  const base = verb === "s" ? 10 : BASES[verb];
  if (base === undefined) return `%!${verb}(big.Int=${value})`;
  const sign = signOf(value, field.plus || field.plusValue, field.space);
  const isPrefixed = (field.sharp || field.sharpValue) && verb !== "O";
  const prefix = verb === "O" ? "0o" : isPrefixed ? prefixOf(verb) : "";
  const { width = 0, precision } = field;
  budget.allocate(Math.max(width, precision ?? 0));
  let digits = digitsOf(value, base, verb);
  if (precision !== undefined) digits = digits.padStart(precision, "0");
  else if (field.zero && !field.minus) {
    digits = digits.padStart(width - sign.length - prefix.length, "0");
  }
  return padded(sign + prefix + digits, field, budget, false);
}
