/**
 * Which numbers OPA takes as integers, for indices and counts.
 *
 * @module
 */
import { Decimal } from "./decimal.ts";
import type { Value } from "./value.ts";

const WHOLE = /^[+-]?\d*(?:\.0*)?$/;
const SIGN = /^[+-]/;
const LETTERS_MAX = 19;
const INTEGER_END = 2n ** 63n;

/**
 * An integer of 64 bits: `3` and `3.0` are, `3e0` is not. Beyond 2^53 it is the nearest number, which is
 * enough for what is compared with lengths.
 */
export function integerFrom(value: Value): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value) < Number(INTEGER_END) ? value : undefined;
  }
  return value instanceof Decimal ? integerFromText(value.text) : undefined;
}

/** The same for text, which needs no digit before the point, or after it. */
export function integerFromText(text: string): number | undefined {
  const letters = SIGN.test(text) ? text.length - 1 : text.length;
  if (letters === 0 || letters > LETTERS_MAX || !WHOLE.test(text)) return undefined;
  const magnitude = BigInt(text.replace(SIGN, "").replace(/\..*$/, ""));
  const exact = text.startsWith("-") ? -magnitude : magnitude;
  return exact >= -INTEGER_END && exact < INTEGER_END ? Number(exact) : undefined;
}
