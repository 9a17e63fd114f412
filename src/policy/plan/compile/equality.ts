/**
 * `==` between operands: JavaScript's own where one of them equals nothing but itself and is short.
 *
 * @module
 */
import type { Operand } from "../ir.ts";
import type { CodeBlock } from "./code-block.ts";

/** Characters that are compared for nothing; of longer texts `equal` charges the budget. */
const CHARACTERS_FREE_MAX = 255;

export function equality(code: CodeBlock, a: Operand, b: Operand): string {
  return isSimple(code, a) ? `${code.read(a)} === ${code.read(b)}` : sameAs(code, code.read(a), b);
}

/** Expression that says whether `text` is `operand`. */
export function sameAs(code: CodeBlock, text: string, operand: Operand): string {
  const other = code.read(operand);
  if (isSimple(code, operand)) return `${text} === ${other}`;
  // Nothing but numbers equals a number, and mostly it is the same one.
  const isNumber = typeof code.constant(operand) === "number";
  return isNumber
    ? `${text} === ${other} || equal(${text}, ${other}, B)`
    : `equal(${text}, ${other}, B)`;
}

/** Constants that equal nothing but themselves. A number may be written differently. */
function isSimple(code: CodeBlock, operand: Operand): boolean {
  const constant = code.constant(operand);
  if (typeof constant === "string") return constant.length <= CHARACTERS_FREE_MAX;
  return constant === null || typeof constant === "boolean";
}
