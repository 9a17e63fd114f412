/**
 * Text in quotes as Go's errors about times have it: bytes that are not printable ASCII in hexadecimal.
 *
 * @module
 */
const ESCAPED = /["\\]|[^ -\u007f]/gu;

export function goQuoted(text: string): string {
  return `"${text.replace(ESCAPED, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
    .join("");
}
