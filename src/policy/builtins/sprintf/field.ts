/**
 * How one value of a format is written: its flags, width and precision.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";
import { codePointCount, unitIndex } from "../strings/code-points.ts";

export interface Field {
  sharp: boolean;
  zero: boolean;
  plus: boolean;
  minus: boolean;
  space: boolean;
  /** `%#v` and `%+v`, which are no `#` and `+` for what is written then. */
  sharpValue: boolean;
  plusValue: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function plainField(): Field {
  return {
    sharp: false,
    zero: false,
    plus: false,
    minus: false,
    space: false,
    sharpValue: false,
    plusValue: false,
    width: undefined,
    precision: undefined,
  };
}

/** `zero`: whether the flag `0` counts for this value. */
export function padded(text: string, field: Field, budget: Budget, zero = field.zero): string {
  const missing = (field.width ?? 0) - codePointCount(text);
  if (missing <= 0) return text;
  budget.allocate(missing);
  if (field.minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}

export function truncated(text: string, field: Field): string {
  return field.precision === undefined ? text : text.slice(0, unitIndex(text, 0, field.precision));
}
