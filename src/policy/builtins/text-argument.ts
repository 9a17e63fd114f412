/**
 * Arguments that must be text, and the cost of bytes that are read or made.
 *
 * @module
 */
import type { Budget } from "../plan/values/budget.ts";
import { typeName, type Value } from "../plan/values/value.ts";
import type { BuiltinContext } from "./builtin.ts";

/** Bytes or characters that one step of the budget pays for. */
const STEP_CHARACTERS = 16;

/** The argument at `position`, counted from 1, if it is text; its reading is charged. */
export function textArgument(
  context: BuiltinContext,
  value: Value | undefined,
  position: number,
): string | undefined {
  if (typeof value === "string") {
    chargeText(context.budget, value.length);
    return value;
  }
  const found = value === undefined ? "nothing" : typeName(value);
  return context.fail(`operand ${position} must be string but got ${found}`);
}

/** For text of this length that is read, and its bytes that are made. */
export function chargeText(budget: Budget, length: number): void {
  budget.spend(1 + Math.ceil(length / STEP_CHARACTERS));
  budget.allocate(length);
}
