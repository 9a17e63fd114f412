/**
 * What long numbers cost. Reading and writing them in decimal takes more than linear time, so they are
 * charged by the square of their length.
 *
 * @module
 */
import type { Budget } from "./budget.ts";

const DIGITS_PER_WORD = 19;
/** Words that a word is multiplied with in one step. */
const WORDS_PER_STEP = 64;
/** Of a conversion, however short. */
const STEPS_MIN = 16;

/** Before `digits` decimal digits are converted `times` times. @throws {BudgetExceeded} */
export function spendDigits(budget: Budget, digits: number, times = 1): void {
  const words = 1 + digits / DIGITS_PER_WORD;
  budget.spend(Math.ceil(times * (STEPS_MIN + words * (1 + words / WORDS_PER_STEP))));
  budget.allocate(Math.ceil(times * digits));
}
