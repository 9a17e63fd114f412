/**
 * Layouts as Go writes them: a text that shows how the reference time, 2006-01-02 15:04:05 -0700 MST,
 * would look. What is no part of that time stands for itself.
 *
 * @module
 */
import type { Budget } from "../../plan/values/budget.ts";

export interface LayoutElement {
  /** Text that stands before it. */
  readonly prefix: string;
  /** As the layout writes it; empty at the end of the layout. */
  readonly text: string;
}

const NAMED_LAYOUTS: ReadonlyMap<string, string> = new Map([
  ["ANSIC", "Mon Jan _2 15:04:05 2006"],
  ["UnixDate", "Mon Jan _2 15:04:05 MST 2006"],
  ["RubyDate", "Mon Jan 02 15:04:05 -0700 2006"],
  ["RFC822", "02 Jan 06 15:04 MST"],
  ["RFC822Z", "02 Jan 06 15:04 -0700"],
  ["RFC850", "Monday, 02-Jan-06 15:04:05 MST"],
  ["RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"],
  ["RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"],
  ["RFC3339", "2006-01-02T15:04:05Z07:00"],
  ["RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"],
]);

/** The longer of two that begin alike first. `_2006` is an underscore and a year. */
const ELEMENT = new RegExp(
  [
    "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST",
    "0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm",
    "[-Z]07(?:0000|:00:00|00|:00)?",
    "[.,](?:0+|9+)(?![0-9])",
  ].join("|"),
  "g",
);
const UNITS_PER_STEP = 2;
/** Go keeps the number of digits of a fraction in 12 bits. */
const FRACTION_MASK = 0xfff;

/** OPA's name for a layout, or a layout itself. */
export function layoutNamed(text: string): string {
  return NAMED_LAYOUTS.get(text) ?? text;
}

/** The last element has no text. */
export function elementsOf(budget: Budget, layout: string): readonly LayoutElement[] {
  budget.spend(1 + layout.length / UNITS_PER_STEP);
  const elements: LayoutElement[] = [];
  let at = 0;
  for (const { 0: text, index } of layout.matchAll(ELEMENT)) {
    elements.push({ prefix: layout.slice(at, index), text });
    at = index + text.length;
  }
  elements.push({ prefix: layout.slice(at), text: "" });
  return elements;
}

export function isFraction(element: string): boolean {
  return element.startsWith(".") || element.startsWith(",");
}

/** How many digits a fraction element asks for. */
export function fractionDigits(element: string): number {
  return (element.length - 1) & FRACTION_MASK;
}
