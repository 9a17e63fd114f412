/**
 * Text of generated code, line by line and bounded.
 *
 * @module
 */
import { PlanError } from "../ir.ts";

/** Characters of one policy's code; what is larger belongs into data. */
export const SOURCE_CHARACTERS_MAX = 1_048_576;

export class SourceWriter {
  readonly #lines: string[] = [];
  #indent = "";
  #characters = 0;

  line(text: string): void {
    this.#characters += this.#indent.length + text.length + 1;
    if (this.#characters > SOURCE_CHARACTERS_MAX) {
      throw new PlanError(`the policy compiles to more than ${SOURCE_CHARACTERS_MAX} characters`);
    }
    this.#lines.push(this.#indent + text);
  }

  /** `head {` … `}` around what `body` writes. */
  braces(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.#indent += " ";
    body();
    this.#indent = this.#indent.slice(1);
    this.line("}");
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}
