/**
 * `==` between operands: JavaScript's own where one of them equals nothing but itself.
 *
 * @module
 */
import type { Operand } from "../ir.ts";
import type { CodeBlock } from "./code-block.ts";

export function equality(code: CodeBlock, a: Operand, b: Operand): string {
  return isSimple(code, a) ? `${code.read(a)} === ${code.read(b)}` : sameAs(code, code.read(a), b);
}

/** Expression that says whether `text` is `operand`. */
export function sameAs(code: CodeBlock, text: string, operand: Operand): string {
  const other = code.read(operand);
  return isSimple(code, operand)
    ? `${text} === ${other}`
    : `${text} === ${other} || equal(${text}, ${other}, B)`;
}

/** Constants that equal nothing but themselves. A number may be written differently. */
function isSimple(code: CodeBlock, operand: Operand): boolean {
  const constant = code.constant(operand);
  return constant === null || typeof constant === "string" || typeof constant === "boolean";
}
