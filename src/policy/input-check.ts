/**
 * Bounds and form of an input document that is evaluated in place, without ever being written as JSON.
 * What is refused here would be refused by a parser of it: the caller's fault, not the engine's.
 *
 * @module
 */
import { POLICY_INPUT_BYTES_MAX } from "../domain/limits.ts";
import { PolicyFailure } from "./policy-failure.ts";

const DEPTH_MAX = 64;

/** @throws {PolicyFailure} of kind `input` */
export function checkInput(input: object): void {
  charge(input, 0, 0);
}

/** `used` with an estimate of the value's JSON bytes added; text counts by its UTF-16 units. */
function charge(value: unknown, before: number, depth: number): number {
  let used = before + 1;
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new PolicyFailure("input", "a string is not well-formed");
      used += value.length + 1;
      break;
    case "number":
      if (!Number.isFinite(value)) throw new PolicyFailure("input", "not expressible as JSON");
      break;
    case "boolean":
    case "undefined":
      break;
    case "object":
      if (value === null) break;
      if (depth > DEPTH_MAX) throw new PolicyFailure("input", `nested above ${DEPTH_MAX} levels`);
      used = chargeMembers(value, used, depth + 1);
      break;
    default:
      throw new PolicyFailure("input", "not expressible as JSON");
  }
  if (used > POLICY_INPUT_BYTES_MAX) {
    throw new PolicyFailure("input", `above ${POLICY_INPUT_BYTES_MAX} bytes`);
  }
  return used;
}

function chargeMembers(value: object, before: number, depth: number): number {
  let used = before;
  if (Array.isArray(value)) {
    for (const item of value) used = charge(item, used + 1, depth);
    return used;
  }
  // Inherited members are counted as well: plain objects have none.
  for (const name in value) {
    used = charge(
      (value as Readonly<Record<string, unknown>>)[name],
      used + name.length + 3,
      depth,
    );
    if (!name.isWellFormed()) throw new PolicyFailure("input", "a name is not well-formed");
  }
  return used;
}
