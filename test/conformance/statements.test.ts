/** Every kind of statement, in plans of many rules, on inputs of every type: the answers are OPA's. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { everyStatement } from "../../src/policy/plan/compile/statements.ts";
import type { StatementType } from "../../src/policy/plan/ir.ts";
import { readPlan } from "../../src/policy/plan/read-plan.ts";
import { OpaOracle, type OracleQuestion } from "../support/opa-oracle.ts";
import { differencesOfPlans } from "../support/plan-run.ts";
import { CONSTANTS } from "./statement-constants.ts";
import { DOCUMENTS } from "./statement-documents.ts";
import { STATEMENT_DATA, STATEMENT_INPUTS } from "./statement-inputs.ts";
import { LOOPS } from "./statement-loops.ts";
import { RULES } from "./statement-rules.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

function question(rules: string): OracleQuestion {
  return {
    modules: { "test.rego": `package test\n${rules}` },
    dataText: STATEMENT_DATA,
    entrypoints: ["test/r"],
    inputTexts: STATEMENT_INPUTS,
  };
}

describe.each([
  ["constants", CONSTANTS],
  ["documents", DOCUMENTS],
  ["loops", LOOPS],
  ["rules", RULES],
])("%s", (_group, modules) => {
  it.each(Object.entries(modules))("%s", async (_name, rules) => {
    expect(await differencesOfPlans(oracle, question(rules), BUILTINS)).toEqual([]);
  });
});

/** `Nop` is the one kind that OPA's planner never writes. */
const WRITTEN: Readonly<Record<Exclude<StatementType, "Nop">, true>> = {
  ArrayAppend: true,
  AssignInt: true,
  AssignVar: true,
  AssignVarOnce: true,
  Block: true,
  Break: true,
  Call: true,
  CallDynamic: true,
  Dot: true,
  Equal: true,
  IsArray: true,
  IsDefined: true,
  IsObject: true,
  IsSet: true,
  IsUndefined: true,
  Len: true,
  MakeArray: true,
  MakeNull: true,
  MakeNumber: true,
  MakeObject: true,
  MakeSet: true,
  Not: true,
  NotEqual: true,
  ObjectInsert: true,
  ObjectInsertOnce: true,
  ObjectMerge: true,
  ResetLocal: true,
  ResultSetAdd: true,
  ReturnLocal: true,
  Scan: true,
  SetAdd: true,
  With: true,
};
const CASES_MIN = 60;

it("meets every kind of statement often enough", async () => {
  const counts = new Map<string, number>();
  for (const rules of Object.values({ ...DOCUMENTS, ...LOOPS, ...RULES })) {
    const { plan } = await oracle.ask({ ...question(rules), inputTexts: [], plan: true });
    const { plans, functions } = readPlan(JSON.stringify(plan));
    const blocks = [...plans, ...functions].flatMap((one) => one.blocks);
    const types = new Set<string>([...everyStatement(blocks)].map(({ type }) => type));
    for (const type of types) {
      counts.set(type, (counts.get(type) ?? 0) + STATEMENT_INPUTS.length);
    }
  }
  const rare = Object.keys(WRITTEN).filter((type) => (counts.get(type) ?? 0) < CASES_MIN);
  expect(rare).toEqual([]);
  expect([...counts.keys()].filter((type) => !Object.hasOwn(WRITTEN, type))).toEqual([]);
});
