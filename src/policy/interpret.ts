/**
 * What a Rego result set means. Pure and total: every value, however odd, maps to one Decision, and
 * only the exact boolean `true` without any deny allows.
 *
 * @module
 */
import { type Decision, deny, type Restrictions } from "../domain/decision.ts";
import { REASON_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import type { DenyReason } from "../domain/reasons.ts";

const FALLBACK_TEXT = "Policy evaluation completed";
const DENIED_TEXT = "Access denied";

/** The refusals that a policy may choose by its `reason_code`; every other code is its own business. */
const CHOSEN_REASONS: readonly unknown[] = ["a2a.task_not_visible", "mcp.task_not_visible"];

export function interpret(resultSet: unknown): Decision {
  if (!Array.isArray(resultSet)) return refused("policy.result_invalid");
  if (resultSet.length === 0) return refused("policy.undefined");
  if (resultSet.length > 1) return refused("policy.conflict");

  const result: unknown = member(resultSet[0], "result");
  if (result === true) return allowed(undefined, Number.POSITIVE_INFINITY, undefined);
  if (result === false) return ruled(undefined, Number.POSITIVE_INFINITY);
  return interpretDocument(result);
}

function interpretDocument(result: unknown): Decision {
  if (!isPlain(result)) return refused("policy.result_invalid");
  const allow = member(result, "allow");
  const isDenied = readDeny(member(result, "deny"));
  const text = readText(result);
  const policyTtlS = readTtl(member(result, "cache_ttl"));
  const restrictions = readRestrictions(member(result, "restrictions"));
  if (
    typeof allow !== "boolean" ||
    isDenied === INVALID ||
    text === INVALID ||
    policyTtlS === INVALID ||
    restrictions === INVALID
  ) {
    return refused("policy.result_invalid");
  }
  if (allow && !isDenied) return allowed(text, policyTtlS, restrictions);
  return ruled(text, policyTtlS, chosenReason(member(result, "reason_code")));
}

function chosenReason(value: unknown): DenyReason {
  return CHOSEN_REASONS.includes(value) ? (value as DenyReason) : "policy.denied";
}

/** Marks a member of the wrong type; nothing else equals it. */
const INVALID = Symbol("invalid");
type Read<Value> = Value | typeof INVALID;

/** Absent, false and empty mean "no deny"; any other value of the right type means denied. */
function readDeny(value: unknown): Read<boolean> {
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.length > 0;
  return isPlain(value) ? Object.keys(value).length > 0 : INVALID;
}

function readText(result: object): Read<string | undefined> {
  const text = member(result, "reason") ?? member(result, "audit_reason");
  if (text === undefined) return undefined;
  return typeof text === "string" ? text.slice(0, REASON_TEXT_CHARACTERS_MAX) : INVALID;
}

function readTtl(value: unknown): Read<number> {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : INVALID;
}

const RESTRICTIONS = ["rate_limited", "monitoring_required", "encryption_required"] as const;

function readRestrictions(value: unknown): Read<Restrictions | undefined> {
  if (value === undefined) return undefined;
  if (!isPlain(value)) return INVALID;
  const restrictions: { -readonly [Name in keyof Restrictions]: boolean } = {};
  for (const name of RESTRICTIONS) {
    const flag = member(value, name);
    if (flag === undefined) continue;
    if (typeof flag !== "boolean") return INVALID;
    restrictions[name] = flag;
  }
  return restrictions;
}

function allowed(
  text: string | undefined,
  policyTtlS: number,
  restrictions: Restrictions | undefined,
): Decision {
  return {
    effect: "allow",
    reason: "allowed",
    text: text ?? FALLBACK_TEXT,
    policyTtlS,
    restrictions,
  };
}

function ruled(
  text: string | undefined,
  policyTtlS: number,
  reason: DenyReason = "policy.denied",
): Decision {
  return { effect: "deny", reason, text: text ?? DENIED_TEXT, policyTtlS };
}

function refused(reason: DenyReason): Decision {
  return deny(reason, DENIED_TEXT);
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own members only: `{}` must not be allowed by whatever a prototype carries. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
