/**
 * Strings, as Go's `fmt` writes them.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { type Field, padded, truncated } from "./field.ts";
import { quotedText, rawText } from "./quote.ts";

/** Undefined for a verb that is none of a string's. */
export function stringText(
  text: string,
  verb: string,
  field: Field,
  budget: Budget,
): string | undefined {
  budget.spend(1 + text.length / 4);
  budget.allocate(text.length);
  switch (verb) {
    case "v":
      return field.sharpValue ? quote(text, field, budget) : plain(text, field, budget);
    case "s":
      return plain(text, field, budget);
    case "q":
      return quote(text, field, budget);
    case "x":
    case "X":
      return hexadecimal(text, verb, field, budget);
    default:
      return undefined;
  }
}

export function plain(text: string, field: Field, budget: Budget): string {
  return padded(truncated(text, field), field, budget);
}

function quote(text: string, field: Field, budget: Budget): string {
  const shown = truncated(text, field);
  budget.allocate(4 * shown.length);
  const raw = field.sharp ? rawText(shown) : undefined;
  return padded(raw ?? quotedText(shown, field.plus), field, budget);
}

/** Byte by byte. */
function hexadecimal(text: string, verb: "x" | "X", field: Field, budget: Budget): string {
  budget.allocate(12 * text.length);
  const bytes = new TextEncoder().encode(text).subarray(0, field.precision);
  const prefix = field.sharp ? `0${verb}` : "";
  const digits = Array.from(bytes, (byte) => {
    const hex = byte.toString(16).padStart(2, "0");
    return verb === "X" ? hex.toUpperCase() : hex;
  });
  if (digits.length === 0) return padded("", field, budget);
  const joined = digits.join(field.space ? ` ${prefix}` : "");
  return padded(prefix + joined, field, budget);
}
