/**
 * The arguments of a format, as OPA hands them to Go: numbers by how they are written, everything else
 * that is no string as the text of its term.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { numberText } from "../../plan/values/decimal.ts";
import { termText } from "../../plan/values/term-text.ts";
import { isNumber, type Value } from "../../plan/values/value.ts";

export type Argument =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "float64"; readonly value: number }
  | { readonly type: "int64" | "*big.Int"; readonly value: bigint };

export function argumentOf(value: Value, budget: Budget): Argument {
  if (typeof value === "string") return { type: "string", value };
  if (!isNumber(value)) return { type: "string", value: termText(value, budget) };
  const text = numberText(value);
  budget.spend(1 + text.length);
  if (/[.eE]/.test(text)) {
    const float = Number(text);
    return Number.isFinite(float)
      ? { type: "float64", value: float }
      : { type: "string", value: text };
  }
  const integer = BigInt(text);
  const type = BigInt.asIntN(64, integer) === integer ? "int64" : "*big.Int";
  return { type, value: integer };
}
