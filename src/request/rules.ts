/**
 * Every rule a request has to keep before its meaning is read, in the order in which they are looked at.
 * These are the tables that the code walks, so a document made of them can not be out of date.
 *
 * @module
 */
import { HOST_RULES } from "./canonical-host.ts";
import { PATH_RULES } from "./canonical-path.ts";
import { HEADER_BLOCK_RULES, HEADER_RULES } from "./header-rules.ts";
import { METHOD_RULES } from "./method-rules.ts";
import { PLACE_RULES } from "./place.ts";
import { QUERY_RULES } from "./query-rules.ts";
import type { BrokenRule } from "./request-rule.ts";

interface ListedRule extends BrokenRule {
  readonly stage: "method" | "target" | "query" | "host" | "header";
  /** Name of the route option that relaxes it (`path_allow`). */
  readonly relaxedBy?: string;
}

export const RULES: readonly ListedRule[] = [
  ...listed("method", METHOD_RULES),
  ...listed("target", PATH_RULES),
  ...listed("target", PLACE_RULES),
  ...listed("query", QUERY_RULES),
  ...listed("host", HOST_RULES),
  ...listed("header", HEADER_BLOCK_RULES),
  ...listed("header", HEADER_RULES),
];

type Line = BrokenRule & Pick<ListedRule, "relaxedBy">;

function listed(stage: ListedRule["stage"], rules: readonly Line[]): readonly ListedRule[] {
  return rules.map(({ reason, refuses, relaxedBy }) =>
    relaxedBy === undefined ? { stage, reason, refuses } : { stage, reason, refuses, relaxedBy },
  );
}
