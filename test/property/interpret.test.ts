/** Interpretation of result sets: total, and only the exact boolean `true` without a deny allows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpret } from "../../src/policy/interpret.ts";

const of = (result: unknown) => interpret([{ result }]);

it("never throws and never allows by accident", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(interpret(value).effect).toBe("deny");
    }),
    { seed: 20_261_124, numRuns: 5_000 },
  );
});

it("allows no document whose allow is not the boolean true", () => {
  fc.assert(
    fc.property(fc.anything(), (allow) => {
      fc.pre(allow !== true);
      expect(of({ allow }).effect).toBe("deny");
    }),
    { seed: 20_261_124, numRuns: 2_000 },
  );
});

describe("allow", () => {
  it.each([
    [true],
    [{ allow: true }],
    [{ allow: true, deny: false }],
    [{ allow: true, deny: [] }],
    [{ allow: true, deny: {} }],
  ])("takes %j", (result) => {
    expect(of(result)).toMatchObject({ effect: "allow", reason: "allowed" });
  });

  it("hands on text, bound and restrictions", () => {
    const restrictions = { rate_limited: true, encryption_required: false };
    expect(of({ allow: true, reason: "Allowed: x", cache_ttl: 30, restrictions })).toEqual({
      effect: "allow",
      reason: "allowed",
      text: "Allowed: x",
      policyTtlS: 30,
      restrictions,
    });
  });

  it("accepts audit_reason as reason", () => {
    expect(of({ allow: true, audit_reason: "because" })).toMatchObject({ text: "because" });
  });
});

describe("denial by a rule", () => {
  it.each([
    [false],
    [{ allow: false }],
    [{ allow: true, deny: true }],
    [{ allow: true, deny: ["x"] }],
    [{ allow: true, deny: { code: "x" } }],
  ])("takes %j", (result) => {
    expect(of(result)).toMatchObject({ effect: "deny", reason: "policy.denied" });
  });

  it.each(["a2a.task_not_visible", "mcp.task_not_visible"])("may choose %s", (reason_code) => {
    expect(of({ allow: false, reason_code, cache_ttl: 9 })).toMatchObject({
      effect: "deny",
      reason: reason_code,
      policyTtlS: 9,
    });
    expect(of({ allow: true, deny: ["x"], reason_code })).toMatchObject({ reason: reason_code });
    expect(of({ allow: true, reason_code })).toMatchObject({ effect: "allow", reason: "allowed" });
  });

  it.each(["identity.revoked", "rate.limited", "allowed", "A2A.task_not_visible", 7, ["x"], null])(
    "may not choose %j",
    (reason_code) => {
      expect(of({ allow: false, reason_code })).toMatchObject({ reason: "policy.denied" });
    },
  );

  it("cuts a long text", () => {
    expect(of({ allow: false, reason: "x".repeat(1_000) })).toMatchObject({
      text: "x".repeat(256),
    });
  });
});

describe("refusal of what is no answer", () => {
  it.each([
    ["policy.undefined", []],
    ["policy.conflict", [{ result: true }, { result: true }]],
    ["policy.result_invalid", undefined],
    ["policy.result_invalid", [{}]],
    ["policy.result_invalid", [{ result: "true" }]],
    ["policy.result_invalid", [{ result: 1 }]],
    ["policy.result_invalid", [{ result: [true] }]],
    ["policy.result_invalid", [{ result: {} }]],
    ["policy.result_invalid", [{ result: { allow: "true" } }]],
    ["policy.result_invalid", [{ result: { allow: true, deny: "no" } }]],
    ["policy.result_invalid", [{ result: { allow: true, deny: null } }]],
    ["policy.result_invalid", [{ result: { allow: true, reason: 7 } }]],
    ["policy.result_invalid", [{ result: { allow: true, cache_ttl: -1 } }]],
    ["policy.result_invalid", [{ result: { allow: true, cache_ttl: 1.5 } }]],
    ["policy.result_invalid", [{ result: { allow: true, cache_ttl: "60" } }]],
    ["policy.result_invalid", [{ result: { allow: true, restrictions: [] } }]],
    ["policy.result_invalid", [{ result: { allow: true, restrictions: { rate_limited: 1 } } }]],
  ])("gives %s for %j", (reason, resultSet) => {
    expect(interpret(resultSet)).toMatchObject({ effect: "deny", reason, policyTtlS: 0 });
  });

  it("does not read allow from a prototype", () => {
    expect(of(Object.create({ allow: true }))).toMatchObject({ reason: "policy.result_invalid" });
  });
});
