/** Plans: whatever text comes, it is refused as a plan, or it answers or stops in a known way. */
import type { BuiltinFunction } from "../../../src/policy/builtins/builtin.ts";
import { PlanError } from "../../../src/policy/plan/ir.ts";
import { PlanPolicy } from "../../../src/policy/plan/plan-policy.ts";
import { PlanConflict } from "../../../src/policy/plan/run-time.ts";
import { BudgetExceeded } from "../../../src/policy/plan/values/budget.ts";
import { OpaOracle } from "../../support/opa-oracle.ts";
import type { FuzzTarget } from "../target.ts";

/** Short ones, so that few changes miss what matters. */
const SOURCES: readonly string[] = [
  "r := [x | some x in input.names]",
  "r := {k: v | some k, v in input}",
  "r contains x if { some x in data.names; not x == 1 }",
  "default r := false\n\nr if every x in input.names { x != 2 }",
  "r := n if n := count(input.names) with input.names as [1]",
  "s.a := 1\n\ns.b := 2 if input.b\n\nr := data.p.s[input.name]",
];
const TYPES = [
  ...["AssignVar", "AssignVarOnce", "Break", "Block", "Call", "Dot", "IsDefined", "Len", "Nop"],
  ...["MakeSet", "MakeObject", "MakeArray", "ObjectInsert", "ObjectMerge", "ReturnLocal", "SetAdd"],
];
const INPUT = { names: [1, 2], name: "a", b: true };

const builtins = new Map<string, BuiltinFunction>(
  ["count", "internal.member_2"].map((name) => [name, (_context, value) => value]),
);

export const plan: FuzzTarget = {
  name: "plan",
  weight: 1,
  seeds: async () => {
    const oracle = await OpaOracle.open();
    const answers = await Promise.all(
      SOURCES.map((source) =>
        oracle.ask({
          modules: { "p.rego": `package p\n\n${source}\n` },
          entrypoints: ["p/r"],
          plan: true,
        }),
      ),
    );
    oracle.close();
    return answers.map((answer) => Buffer.from(JSON.stringify(answer.plan)));
  },
  dictionary: [
    ...TYPES.map((type) => `"${type}Stmt"`),
    ...['"local"', '"string_index"', '"bool"', '"target":', '"source":', '"index":', '"stmts":[]'],
    ...["0", "1", "2", "65535", "-1", "1e3", "true", "null", "[]", "{}", '"__proto__":', '"g0"'],
  ],
  run: (input) => {
    try {
      const policy = PlanPolicy.load({
        planText: input.toString(),
        data: { names: [1] },
        builtins,
      });
      const answers = policy.entrypoints.map(
        (name) => policy.evaluate(name, INPUT, 0).results.length,
      );
      return `answers ${answers.join()}`;
    } catch (thrown) {
      if (thrown instanceof PlanError) return reasonOf(thrown);
      if (thrown instanceof PlanConflict || thrown instanceof BudgetExceeded) return thrown.name;
      throw thrown;
    }
  },
};

/** The message without names and numbers. */
function reasonOf({ message }: PlanError): string {
  return message.replaceAll(/"(?:[^"\\]|\\.)*"|\d+/g, "").slice(-40);
}
