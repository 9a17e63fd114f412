/**
 * The text behind the value of a header that repeats something of a body.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";

const BEFORE = "=?base64?";
const AFTER = "?=";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PLAIN = /^[ -~]*$/;

/**
 * Plain, or in Base64 between `=?base64?` and `?=`, which is decoded in one way or not at all.
 *
 * @throws {DenyError} `mcp.header_encoding`
 */
export function mirroredText(value: string): string {
  const trimmed = trimmedSpace(value);
  if (trimmed.startsWith(BEFORE) && trimmed.endsWith(AFTER)) {
    const encoded = trimmed.slice(BEFORE.length, -AFTER.length);
    if (trimmed.length < BEFORE.length + AFTER.length || !BASE64.test(encoded)) throw refused();
    return decoded(encoded);
  }
  if (!PLAIN.test(trimmed)) throw refused();
  return trimmed;
}

function decoded(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  // Other last characters would stand for the same bytes.
  if (bytes.toString("base64") !== encoded) throw refused();
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw refused();
  return text;
}

/** White space around a header's value is no part of it (RFC 9110); `trim` would take more. */
function trimmedSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value.charCodeAt(start))) start++;
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function refused(): DenyError {
  return new DenyError("mcp.header_encoding", "a header that repeats the body can not be decoded");
}
