/**
 * What long texts cost. The platform compares and hashes them far faster than code here could look at
 * their characters, but not for nothing.
 *
 * @module
 */
import type { Budget } from "./budget.ts";

const CHARACTERS_PER_STEP_LOG2 = 8;
const CHARACTERS_FREE_MAX = 255;

/** Before the platform compares or hashes a text. @throws {BudgetExceeded} */
export function spendText(budget: Budget, { length }: string): void {
  if (length > CHARACTERS_FREE_MAX) budget.spend(length >> CHARACTERS_PER_STEP_LOG2);
}
