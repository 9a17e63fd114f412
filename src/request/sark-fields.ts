/**
 * Fields of SARK's documents, one by one: what they may hold, and that two spellings of one thing
 * agree. Every fault is `model.invalid`.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { SERVER_NAME_BYTES_MAX, UNTRUSTED_BYTES_MAX } from "../domain/limits.ts";
import type { Sensitivity } from "../domain/sensitivity.ts";
import type { JsonNode } from "../json/json-node.ts";
import { isName, isReadable, requireNoNul } from "./identifier.ts";
import { SENSITIVITY_LABELS, SENSITIVITY_WORDS } from "./sark-variants.ts";

export function modelInvalid(field: string, message: string): DenyError {
  return new DenyError("model.invalid", `${field} ${message}`);
}

/** Undefined when absent or null. */
export function optionalText(document: JsonNode | undefined, field: string): string | undefined {
  const node = document?.member(field);
  if (node === undefined || node.kind === "null") return undefined;
  const { text } = node;
  if (text === undefined) throw modelInvalid(field, "is not a string");
  return text;
}

/** Undefined when absent; null is not an object. */
export function optionalObject(document: JsonNode, field: string): JsonNode | undefined {
  const node = document.member(field);
  if (node === undefined || node.kind === "object") return node;
  throw modelInvalid(field, "is not an object");
}

export function requirePresent<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw modelInvalid(field, "is required");
  return value;
}

/** One thing in two spellings: either may be there, both only when they are equal. */
export function sameOrOne<Value>(
  a: Value | undefined,
  b: Value | undefined,
  field: string,
): Value | undefined {
  if (a !== undefined && b !== undefined && a !== b) {
    throw modelInvalid(field, "is given twice and differs");
  }
  return a ?? b;
}

/** Tool or agent. */
export function nameField(text: string | undefined, field: string): string | undefined {
  if (text === undefined) return undefined;
  requireNoNul(text);
  if (!isName(text)) throw modelInvalid(field, "is not a name");
  return text;
}

/** Servers carry names that people chose, so only length and invisible characters are bounded. */
export function serverField(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  requireNoNul(text);
  boundedText(text, SERVER_NAME_BYTES_MAX, "server_name");
  if (!isReadable(text)) throw modelInvalid("server_name", "is not a name");
  return text;
}

export function boundedText(text: string, bytesMax: number, field: string): string {
  if (Buffer.byteLength(text) > bytesMax) throw modelInvalid(field, "is too long");
  return text;
}

export function sensitivityField(text: string | undefined): Sensitivity | undefined {
  if (text === undefined) return undefined;
  const level = SENSITIVITY_WORDS.get(text) ?? SENSITIVITY_LABELS.get(text.toLowerCase());
  return requireKnown(level, "sensitivity_level");
}

export function requireKnown<Value>(value: Value | undefined, field: string): Value {
  if (value === undefined) throw modelInvalid(field, "is none of the known words");
  return value;
}

/** Free objects of the caller: never more than policy input can carry. */
export function boundedClaim(document: JsonNode, field: string): JsonNode | undefined {
  const node = optionalObject(document, field);
  if (node !== undefined && node.bytes.length > UNTRUSTED_BYTES_MAX) {
    throw modelInvalid(field, "is too long");
  }
  return node;
}
