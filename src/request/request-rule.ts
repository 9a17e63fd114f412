/**
 * One line of a table of things that are refused. The code walks the tables and nothing else decides, so
 * that what is written there is what happens.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { DenyReason } from "../domain/reasons.ts";

export interface RequestRule<Subject> {
  readonly reason: DenyReason;
  /** What is refused, for documentation and for the message of the refusal. */
  readonly refuses: string;
  readonly breaks: (subject: Subject) => boolean;
}

/** What is known of any rule, whatever it looks at. */
export type BrokenRule = Pick<RequestRule<never>, "reason" | "refuses">;

/** Tables are in order: of several broken rules the first gives the reason. */
export function firstBroken<Subject>(
  rules: readonly RequestRule<Subject>[],
  subject: Subject,
): BrokenRule | undefined {
  for (const rule of rules) if (rule.breaks(subject)) return rule;
  return undefined;
}

export function refusal({ reason, refuses }: BrokenRule): DenyError {
  return new DenyError(reason, `refused is ${refuses}`);
}
