/**
 * What a plain YAML scalar means to Go's YAML library: YAML 1.2's words, but integers and octal numbers
 * of YAML 1.1 and `_` between digits. Dates stay text.
 *
 * @module
 */
import { numberFromText } from "../../plan/values/decimal.ts";
import type { RegoNumber } from "../../plan/values/value.ts";

const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);
/** Numbers that JSON cannot hold, which makes the whole document a failure. */
const NO_JSON = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const FLOAT_OF_POINT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;
/** More digits than 64 bits have in any base, which are not worth reading. */
const TOO_LONG = /[1-9a-fA-F][0-9a-fA-F]{64}/;
const INT_MIN = -(2n ** 63n);
const UINT_MAX = 2n ** 64n - 1n;

export type YamlScalar = null | boolean | RegoNumber | string;

/** Undefined for what is no JSON value. */
export function plainScalar(text: string): YamlScalar | undefined {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (NO_JSON.test(text)) return undefined;
  if (text.startsWith(".")) return FLOAT_OF_POINT.test(text) ? (float(text) ?? text) : text;
  if (!/^[-+0-9]/.test(text)) return text;
  const digits = text.replaceAll("_", "");
  return plainInteger(text) ?? (FLOAT.test(digits) ? float(digits) : undefined) ?? text;
}

/** Undefined for what is no integer of 64 bits. */
export function plainInteger(text: string): RegoNumber | undefined {
  if (!/^[-+0-9]/.test(text)) return undefined;
  const found = INTEGER.exec(text.replaceAll("_", ""));
  if (found === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = found;
  const digits = hex ?? binary ?? octal ?? decimal ?? "";
  if (TOO_LONG.test(digits)) return undefined;
  const base =
    hex !== undefined ? "0x" : binary !== undefined ? "0b" : octal !== undefined ? "0o" : "";
  const magnitude = BigInt(base + digits);
  const value = sign === "-" ? -magnitude : magnitude;
  // A sign before a number that only fits without one makes it a float.
  if (value < INT_MIN || value > (sign === "" ? UINT_MAX : -INT_MIN - 1n)) return undefined;
  return numberFromText(value.toString());
}

function float(text: string): RegoNumber | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return numberFromText(Object.is(value, -0) ? "-0" : String(value));
}
