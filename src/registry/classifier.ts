/**
 * Sensitivity of a tool from the words it is described with. Pure.
 *
 * @module
 */
import type { Sensitivity } from "../domain/sensitivity.ts";

/** From the worst level down: the first with a hit wins. `_` in a keyword also stands for a space. */
const KEYWORDS: readonly (readonly [Sensitivity, string])[] = [
  [
    "critical",
    "payment transaction credit_card password secret key token credential auth permission access_control encrypt decrypt",
  ],
  ["high", "delete drop exec execute admin root sudo kill destroy remove purge truncate"],
  ["medium", "write update modify change edit create insert save upload put post patch"],
  ["low", "read get list fetch view show display query search find retrieve"],
];

const NO_HIT: Sensitivity = "medium";

/** A keyword counts between characters that are no letters, or at an end. */
const PATTERNS = KEYWORDS.map(([level, words]) => {
  const choice = words.replaceAll(" ", "|").replaceAll("_", "[_ ]");
  return { level, pattern: new RegExp(`(?<!\\p{L})(?:${choice})(?!\\p{L})`, "u") };
});

export interface ToolText {
  readonly name: string;
  readonly description?: string;
  readonly parameterNames?: readonly string[];
}

export function classify({ name, description = "", parameterNames = [] }: ToolText): Sensitivity {
  // A line break keeps two texts from forming one keyword.
  const text = [name, description, ...parameterNames].join("\n").toLowerCase();
  return PATTERNS.find(({ pattern }) => pattern.test(text))?.level ?? NO_HIT;
}
