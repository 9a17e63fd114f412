/** Texts that are no plan at all. */
import { describe, expect, it } from "vitest";
import { PlanError } from "../../../../src/policy/plan/ir.ts";
import { readPlan } from "../../../../src/policy/plan/read-plan.ts";

function refusalOf(text: string): string {
  try {
    readPlan(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(PlanError);
    return (thrown as PlanError).message;
  }
  return "read";
}

describe("the document", () => {
  it.each([
    ["no JSON", "{", "plan: not JSON"],
    ["nothing", "", "plan: not JSON"],
    ["an array", "[]", "plan: not an object"],
    ["null", "null", "plan: not an object"],
    ["no plans", '{"static":{}}', 'plan: no member "plans"'],
    ["no static part", '{"plans":{"plans":[]}}', 'plan: no member "static"'],
    ["plans without a list", '{"static":{},"plans":{}}', 'plans: no member "plans"'],
    ["plans that are no array", '{"static":{},"plans":{"plans":{}}}', "plans: plans: not an array"],
    ["nested too deeply", "[".repeat(1_201), "plan: nested too deeply"],
    ["too large", `"${"a".repeat(8 * 1_048_576)}"`, "plan: larger than 8 MiB"],
  ])("is refused when it is %s", (_, text, message) => {
    expect(refusalOf(text)).toBe(message);
  });

  it("is counted as deep by brackets outside of strings only", () => {
    expect(refusalOf(`"${"[".repeat(2_000)}\\"${"[".repeat(2_000)}"`)).toBe("plan: not an object");
  });

  it("cannot name a member of every object", () => {
    expect(refusalOf('{"static":{},"plans":{"plans":[]},"__proto__":{}}')).toContain(
      "unknown member",
    );
  });
});
