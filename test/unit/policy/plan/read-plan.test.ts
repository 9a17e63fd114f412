/** Plans that OPA makes are read, statement by statement. What is refused is in refused-plans.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Block, Plan, Statement } from "../../../../src/policy/plan/ir.ts";
import { readPlan } from "../../../../src/policy/plan/read-plan.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import {
  type PlanJson,
  SAMPLE_ENTRYPOINTS,
  samplePlan,
  statementsOf,
} from "../../../support/sample-plans.ts";

let oracle: OpaOracle;
let written: PlanJson;
let plan: Plan;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  written = await samplePlan(oracle);
  plan = readPlan(JSON.stringify(written));
});
afterAll(() => oracle.close());

/** All of OPA 1.22 but Nop, which no planner makes. */
const TYPES = [
  ...["ArrayAppend", "AssignInt", "AssignVar", "AssignVarOnce", "Block", "Break", "Call"],
  ...["CallDynamic", "Dot", "Equal", "IsArray", "IsDefined", "IsObject", "IsSet", "IsUndefined"],
  ...["Len", "MakeArray", "MakeNull", "MakeNumberInt", "MakeNumberRef", "MakeObject", "MakeSet"],
  ...["Not", "NotEqual", "ObjectInsert", "ObjectInsertOnce", "ObjectMerge", "ResetLocal"],
  ...["ResultSetAdd", "ReturnLocal", "Scan", "SetAdd", "With"],
];

function statementsIn(blocks: readonly Block[]): readonly Statement[] {
  return blocks.flat().flatMap((statement) => {
    if ("blocks" in statement) return [statement, ...statementsIn(statement.blocks)];
    return "block" in statement ? [statement, ...statementsIn([statement.block])] : [statement];
  });
}

const allIn = ({ plans, functions }: Plan) =>
  statementsIn([...plans, ...functions].flatMap(({ blocks }) => blocks));

/** Statements of one function. */
const inFunction = (read: Plan, name: string) =>
  statementsIn(read.functions.find((one) => one.name === name)?.blocks ?? []);

async function planned(source: string, entrypoint: string): Promise<Plan> {
  const asked = await oracle.ask({
    modules: { "p.rego": source },
    entrypoints: [entrypoint],
    plan: true,
  });
  expect(asked.message).toBeUndefined();
  return readPlan(JSON.stringify(asked.plan));
}

describe("the plan of the sample policies", () => {
  it("has every type of statement", () => {
    const types = new Set(statementsOf(written).map(({ type }) => type));
    expect([...types].sort()).toEqual(TYPES.map((type) => `${type}Stmt`).sort());
  });

  it("keeps every statement", () => {
    const names = (type: string) =>
      type.replace(/Stmt$/, "").replace(/^MakeNumber.*/, "MakeNumber");
    const before = statementsOf(written).map(({ type }) => names(type));
    expect(
      allIn(plan)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(before.sort());
  });

  it("tells functions, entry points, files and builtins", () => {
    expect(plan.files).toEqual(["sample.rego"]);
    expect(plan.plans.map(({ name }) => name)).toEqual(expect.arrayContaining(SAMPLE_ENTRYPOINTS));
    expect(plan.functions.find(({ name }) => name === "g0.data.sample.is_text")).toMatchObject({
      params: [0, 1, 3],
      returns: 2,
      path: ["g0", "sample", "is_text"],
    });
    expect(plan.builtins).toContainEqual({ name: "concat", arity: 2, hasResult: true });
    expect(plan.builtins).toContainEqual({ name: "walk", arity: 1, hasResult: true });
  });

  it("tells where statements come from", () => {
    const first = inFunction(plan, "g0.data.sample.rules.first")[0];
    expect(plan.files[first?.at.file ?? -1]).toBe("sample.rego");
    expect(first?.at).toMatchObject({ row: 41, col: 1 });
  });
});

describe("operands and constants", () => {
  it("resolves strings", async () => {
    const read = await planned('package p\n\nr := {input.x: true, "k": "v"}\n', "p/r");
    const inserts = inFunction(read, "g0.data.p.r").filter(({ type }) => type === "ObjectInsert");
    expect(inserts).toMatchObject([
      { key: { kind: "string", text: "k" }, value: { kind: "string", text: "v" } },
      { key: { kind: "local" }, value: { kind: "boolean", value: true } },
    ]);
  });

  it.each([
    ["7", "7"],
    ["-7", "-7"],
    ["1.50", "1.50"],
    ["9007199254740993", "9007199254740993"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["1e400", "1e400"],
  ])("keeps the number %s as it is written", async (literal, text) => {
    const read = await planned(`package p\n\nr := [${literal}]\n`, "p/r");
    const numbers = inFunction(read, "g0.data.p.r").filter(({ type }) => type === "MakeNumber");
    expect(numbers).toMatchObject([{ text }]);
  });

  it.each(["9007199254740993", "-9223372036854775808", "9223372036854775807"])(
    "keeps the integer %s of 64 bits exact",
    (text) => {
      const changed = structuredClone(written);
      const statement = statementsOf(changed).find(({ type }) => type === "MakeNumberIntStmt");
      if (statement !== undefined) statement.stmt["value"] = "@";
      const numbers = allIn(readPlan(JSON.stringify(changed).replace('"@"', text)));
      expect(numbers).toContainEqual(expect.objectContaining({ type: "MakeNumber", text }));
    },
  );

  it("resolves the path of With", () => {
    const replaced = allIn(plan).filter(({ type }) => type === "With");
    expect(replaced).toContainEqual(expect.objectContaining({ local: 0, path: ["names"] }));
    expect(replaced).toContainEqual(expect.objectContaining({ local: 0, path: [] }));
  });

  it("keeps hostile names as data", async () => {
    const source = 'package p["a`*/b"]\n\nr["__proto__"] := input["constructor"]\n';
    const read = await planned(source, "p");
    expect(read.functions[0]?.path).toEqual(["g0", "p", "a`*/b", "r", "__proto__"]);
  });
});

describe("parts that are passed over or may be absent", () => {
  const changed = (change: (json: PlanJson) => void) => {
    const json = structuredClone(written);
    change(json);
    return readPlan(JSON.stringify(json));
  };

  it("reads a plan without functions, strings, builtins and files", () => {
    const text = '{"static":{},"plans":{"plans":null}}';
    expect(readPlan(text)).toEqual({ files: [], builtins: [], plans: [], functions: [] });
  });

  it("passes over rules that are not planned, and the ends of positions", () => {
    const read = changed((json) => {
      Object.assign(json, { unplanned_rules: [{ path: "data.a", location: null }] });
      for (const { stmt } of statementsOf(json)) {
        delete stmt["end_row"];
        delete stmt["end_col"];
      }
    });
    expect(read).toEqual(plan);
  });

  it("takes null for an empty list, as OPA writes it", () => {
    const read = changed((json) => {
      for (const { stmt } of statementsOf(json)) {
        if (Array.isArray(stmt["path"]) && stmt["path"].length === 0) stmt["path"] = null;
      }
    });
    expect(read).toEqual(plan);
  });

  it("reads Nop, and a builtin without a result", () => {
    const read = changed((json) => {
      json.static.builtin_funcs.push({
        name: "internal.print",
        decl: { type: "function", args: [{}] },
      });
      const at = { file: 0, row: 0, col: 0, end_row: 0, end_col: 0 };
      json.funcs.funcs[0]?.blocks[0]?.stmts.unshift({ type: "NopStmt", stmt: at });
    });
    expect(read.builtins.at(-1)).toEqual({ name: "internal.print", arity: 1, hasResult: false });
    expect(read.functions[0]?.blocks[0]?.[0]).toEqual({
      type: "Nop",
      at: { file: 0, row: 0, col: 0 },
    });
  });
});
