/**
 * What a policy makes itself and JavaScript has no exact counterpart for: sets, and objects with keys of
 * any type. The names of their members are private, so that reading a property of one finds nothing.
 *
 * @module
 */
import type { Budget } from "./budget.ts";

export abstract class Composite {
  /** Text that equal values, and only they, share. */
  abstract keyText(budget: Budget, depth: number): string;
}
