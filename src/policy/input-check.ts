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
function charge(value: unknown, used: number, depth: number): number {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new PolicyFailure("input", "a string is not well-formed");
      return bounded(used + value.length + 2);
    case "number":
      if (Number.isFinite(value)) return bounded(used + 1);
      break;
    case "boolean":
    case "undefined":
      return bounded(used + 1);
    case "object":
      if (value === null) return bounded(used + 1);
      if (depth > DEPTH_MAX) throw new PolicyFailure("input", `nested above ${DEPTH_MAX} levels`);
      return chargeMembers(value, used + 2, depth + 1);
    default:
  }
  throw new PolicyFailure("input", "not expressible as JSON");
}

function chargeMembers(value: object, before: number, depth: number): number {
  let used = before;
  if (Array.isArray(value)) {
    for (const item of value) used = charge(item, used + 1, depth);
    return used;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(record)) {
    used = charge(record[name], charge(name, used + 1, depth), depth);
  }
  return used;
}

function bounded(used: number): number {
  if (used > POLICY_INPUT_BYTES_MAX) {
    throw new PolicyFailure("input", `above ${POLICY_INPUT_BYTES_MAX} bytes`);
  }
  return used;
}
