/** Every refusal: one thing is changed in a plan that OPA made. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PlanError } from "../../../../src/policy/plan/ir.ts";
import { readPlan } from "../../../../src/policy/plan/read-plan.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import {
  type FunctionJson,
  type PlanJson,
  type StatementJson,
  samplePlan,
  statementsOf,
} from "../../../support/sample-plans.ts";

let oracle: OpaOracle;
let sample: PlanJson;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  sample = await samplePlan(oracle);
});
afterAll(() => oracle.close());

const AT = { file: 0, row: 7, col: 2, end_row: 0, end_col: 0 };

/** Member of a statement that fills it → the statement that makes it. */
const COLLECTIONS = { array: "MakeArray", object: "MakeObject", set: "MakeSet" };

function refusalOf(text: string): string {
  try {
    readPlan(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(PlanError);
    return (thrown as PlanError).message;
  }
  return "read";
}

function refusal(change: (plan: PlanJson) => void): string {
  const plan = structuredClone(sample);
  change(plan);
  return refusalOf(JSON.stringify(plan));
}

/** The first statement of that type, changed. */
function refusalAt(type: string, change: (statement: StatementJson) => void): string {
  return refusal((plan) => {
    const found = statementsOf(plan).find((one) => one.type === `${type}Stmt`);
    if (found === undefined) throw new Error(`no ${type}`);
    change(found);
  });
}

function functionOf(plan: PlanJson, name: string): FunctionJson {
  const found = plan.funcs.funcs.find((one) => one.name === `g0.data.sample.${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

/** `statements` at the start of the function `text`. */
function refusalOfStatements(...statements: StatementJson[]): string {
  return refusal((plan) => functionOf(plan, "text").blocks[0]?.stmts.unshift(...statements));
}

const statement = (type: string, fields: object): StatementJson => ({
  type: `${type}Stmt`,
  stmt: { ...fields, ...AT },
});
const inBlock = (...stmts: StatementJson[]) => statement("Block", { blocks: [{ stmts }] });

describe("members", () => {
  it.each([
    [
      "the plan",
      (plan: PlanJson) => Object.assign(plan, { extra: 1 }),
      'plan: unknown member "extra"',
    ],
    [
      "static",
      (plan: PlanJson) => Object.assign(plan.static, { extra: 1 }),
      "static: unknown member",
    ],
    ["funcs", (plan: PlanJson) => Object.assign(plan.funcs, { extra: 1 }), "funcs: unknown member"],
    ["plans", (plan: PlanJson) => Object.assign(plan.plans, { extra: 1 }), "plans: unknown member"],
    [
      "a function",
      (plan: PlanJson) => Object.assign(functionOf(plan, "text"), { extra: 1 }),
      "function: unknown member",
    ],
    [
      "an entry plan",
      (plan: PlanJson) => Object.assign(plan.plans.plans[0] ?? {}, { extra: 1 }),
      "plan: unknown member",
    ],
    [
      "a block",
      (plan: PlanJson) => Object.assign(functionOf(plan, "text").blocks[0] ?? {}, { extra: 1 }),
      'function "g0.data.sample.text", block: unknown member "extra"',
    ],
    [
      "a string",
      (plan: PlanJson) => Object.assign(plan.static.strings[0] ?? {}, { extra: 1 }),
      "static: strings: unknown member",
    ],
  ])("has no unknown member in %s", (_, change, message) => {
    expect(refusal(change)).toContain(message);
  });
});

describe("constants", () => {
  it.each([
    ["a string that is none", { strings: [{ value: 1 }] }, "static: strings: value: not a string"],
    ["a file without a name", { files: [{}] }, 'static: files: no member "value"'],
    ["strings that are no array", { strings: {} }, "static: strings: not an array"],
  ])("refuses %s", (_, change, message) => {
    expect(refusal((plan) => Object.assign(plan.static, change))).toBe(message);
  });

  it.each([
    ["without a declaration", { name: "f" }, 'builtin: no member "decl"'],
    ["without a name", { decl: { type: "function" } }, 'builtin: no member "name"'],
    ["declared as something else", { name: "f", decl: { type: "any" } }, "type: not a function"],
    [
      "with a variable number of arguments",
      { name: "f", decl: { type: "function", variadic: {} } },
      'unknown member "variadic"',
    ],
    [
      "with arguments that are no array",
      { name: "f", decl: { type: "function", args: 1 } },
      "args: not an array",
    ],
    [
      "that is there twice",
      { name: "count", decl: { type: "function", args: [{}] } },
      'function "count" is there twice',
    ],
    [
      "with the name of a function",
      { name: "g0.data.sample.text", decl: { type: "function" } },
      "is there twice",
    ],
  ])("refuses a builtin %s", (_, builtin, message) => {
    expect(refusal((plan) => plan.static.builtin_funcs.push(builtin as never))).toContain(message);
  });
});

describe("functions", () => {
  it.each([
    ["without input", { params: [1, 0] }, "params: not input and data first"],
    ["without parameters", { params: [] }, "params: not input and data first"],
    ["with a parameter twice", { params: [0, 1, 5, 5] }, "params: the same local twice"],
    ["returning a parameter", { return: 1 }, "params: the same local twice"],
    ["with a parameter out of range", { params: [0, 1, 65_536] }, "params: 65536 is out of range"],
    ["with a path that is no array", { path: "text" }, "path: not an array"],
    ["with a path of numbers", { path: [1] }, "path: not strings"],
    ["without blocks", { blocks: [] }, "does not end by returning its result"],
    ["that returns nothing", { blocks: [{ stmts: [] }] }, "does not end by returning its result"],
    ["that returns something else", { return: 60_000 }, "does not end by returning its result"],
    ["with the path of another", { path: ["g0", "sample", "allow"] }, "is there twice"],
    [
      "with the name of another",
      { name: "g0.data.sample.allow" },
      '"g0.data.sample.allow" is there twice',
    ],
  ])("are refused %s", (_, change, message) => {
    expect(refusal((plan) => Object.assign(functionOf(plan, "text"), change))).toContain(message);
  });

  it.each(["name", "params", "return", "blocks"])("are refused without %s", (name) => {
    const message = refusal((plan) => Reflect.deleteProperty(functionOf(plan, "text"), name));
    expect(message).toContain(`no member "${name}"`);
  });

  it("return at their end only", () => {
    const back = statement("ReturnLocal", { source: 2 });
    expect(refusalOfStatements(inBlock(back))).toContain("not at the end of a function");
    expect(refusalOfStatements(back)).toContain("does not end by returning its result");
  });

  it("are not more than 10,000", () => {
    const message = refusal((plan) => {
      plan.funcs.funcs = Array(10_001).fill({});
    });
    expect(message).toBe("plan: more than 10000 functions");
  });
});

describe("entry plans", () => {
  it("are refused twice under one name", () => {
    const message = refusal(({ plans: { plans } }) =>
      plans.push(structuredClone(plans[0] as never)),
    );
    expect(message).toBe('plan: plan "sample" is there twice');
  });

  it("return nothing, and functions have no result set", () => {
    const back = statement("ReturnLocal", { source: 2 });
    expect(refusal(({ plans }) => plans.plans[0]?.blocks[0]?.stmts.push(back))).toContain(
      'plan "sample", ReturnLocalStmt at sample.rego:7:2: not at the end of a function',
    );
    expect(refusalOfStatements(statement("ResultSetAdd", { value: 2 }))).toContain(
      "a function has no result set",
    );
  });
});

describe("statements", () => {
  it("are refused with function, type and position", () => {
    expect(refusalOfStatements(statement("Dance", {}))).toBe(
      'function "g0.data.sample.text", "DanceStmt" at sample.rego:7:2: unknown type of statement',
    );
    expect(refusalOfStatements(statement("constructor", {}))).toContain("unknown type");
    expect(refusalOfStatements(statement("ResetLocal", { target: -1 }))).toBe(
      'function "g0.data.sample.text", ResetLocalStmt at sample.rego:7:2: target: -1 is out of range',
    );
  });

  it("of every type are refused with an unknown member and without any member", () => {
    const types = new Set(statementsOf(sample).map(({ type }) => type.replace(/Stmt$/, "")));
    for (const type of types) {
      const added = refusalAt(type, ({ stmt }) => Object.assign(stmt, { extra: 1 }));
      expect(added, type).toContain('unknown member "extra"');
      const found = statementsOf(sample).find((one) => one.type === `${type}Stmt`);
      const members = Object.keys(found?.stmt ?? {}).filter((name) => !/^end_|^Index$/.test(name));
      for (const name of members) {
        const removed = refusalAt(type, ({ stmt }) => Reflect.deleteProperty(stmt, name));
        expect(removed, `${type} ${name}`).toContain(`no member "${name}"`);
      }
    }
    expect(types.size).toBe(33);
  });

  it("of every type are refused with a member of another type", () => {
    const small = smallPlan();
    const read = statementsOf(sample).filter((one) => small(one) === "read");
    const wrong = [true, "text", -1, 1.5, 1e21, {}, [[]], null];
    const types = new Map(read.map((one) => [one.type, one]));
    for (const { type, stmt } of types.values()) {
      for (const name of Object.keys(stmt)) {
        for (const value of wrong.filter((each) => !isRight(type, name, each))) {
          const message = small({ type, stmt: { ...stmt, [name]: value } });
          expect(message, `${type} ${name} ${JSON.stringify(value)}`).not.toBe("read");
        }
      }
    }
    // All but those that stand at the end of functions and in entry plans only.
    expect(types.size).toBe(31);
  });

  /** Gives every local a value, and the statement its collection. */
  function before({ stmt }: StatementJson): readonly StatementJson[] {
    const source = { type: "bool", value: true };
    return [
      ...Array.from({ length: 120 }, (_, at) => statement("AssignVar", { source, target: at + 2 })),
      ...Object.entries(COLLECTIONS).flatMap(([name, type]) =>
        stmt[name] === undefined
          ? []
          : [statement(type, { target: stmt[name], ...(name === "array" ? { capacity: 0 } : {}) })],
      ),
    ];
  }

  /** Reads a statement, within blocks, in a plan of one function. */
  function smallPlan(): (one: StatementJson) => string {
    const [first] = sample.funcs.funcs.filter(({ name }) => name === "g0.data.sample.rules.first");
    return (one) =>
      refusalOf(
        JSON.stringify({
          static: sample.static,
          plans: { plans: null },
          funcs: {
            funcs: [
              {
                ...first,
                path: ["alone"],
                blocks: [
                  { stmts: [...before(one), inBlock(inBlock(inBlock(one)))] },
                  first?.blocks.at(-1),
                ],
              },
            ],
          },
        }),
      );
  }

  /** What is no mistake: null for an empty list, a negative number. */
  function isRight(type: string, name: string, value: unknown): boolean {
    if (value === null) return ["blocks", "args", "path"].includes(name);
    return value === -1 && name === "value" && /^AssignInt|^MakeNumberInt/.test(type);
  }

  it.each([
    ["no object", 1, "not an object"],
    ["no type", { stmt: AT }, 'no member "type"'],
    ["no content", { type: "NopStmt" }, 'no member "stmt"'],
    ["a type that is no string", { type: 1, stmt: AT }, "type: not a string"],
    ["content that is no object", { type: "NopStmt", stmt: [] }, "not an object"],
    ["a file that is not listed", { type: "NopStmt", stmt: { ...AT, file: 1 } }, "file: 1 is out"],
    ["a file of a listed row only", { type: "NopStmt", stmt: { ...AT, row: 0, file: 1 } }, "file:"],
    ["a negative row", { type: "NopStmt", stmt: { ...AT, row: -1 } }, "row: -1 is out of range"],
    ["an end that is no number", { type: "NopStmt", stmt: { ...AT, end_row: "1" } }, "end_row:"],
    ["too long a row", { type: "NopStmt", stmt: { ...AT, row: 2 ** 31 } }, "row:"],
  ])("are refused with %s", (_, value, message) => {
    expect(refusalOfStatements(value as StatementJson)).toContain(message);
  });

  it.each([
    ["type", { type: "number", value: 1 }, 'unknown type of operand "number"'],
    ["string", { type: "string_index", value: 10_000 }, "a: 10000 is out of range"],
    ["local", { type: "local", value: 65_536 }, "value: 65536 is out of range"],
    ["boolean", { type: "bool", value: 1 }, "not a boolean"],
    ["member", { type: "bool", value: true, extra: 1 }, 'unknown member "extra"'],
    ["value", { type: "bool" }, 'no member "value"'],
    ["number", 5, "not an object"],
  ])("are refused with an operand of unknown %s", (_, a, message) => {
    const b = { type: "bool", value: true };
    expect(refusalOfStatements(statement("Equal", { a, b }))).toContain(message);
  });

  it.each([
    ["AssignInt", { value: 2 ** 53, target: 9 }, "not an exact integer"],
    ["MakeNumberInt", { value: 1e300, target: 9 }, "not an integer"],
    ["MakeArray", { capacity: -1, target: 9 }, "capacity: -1 is out of range"],
    ["MakeNumberRef", { index: 99_999, target: 9 }, "index: 99999 is out of range"],
    [
      "With",
      { local: 5, path: null, value: { type: "bool", value: true }, block: { stmts: [] } },
      "local: neither input nor data",
    ],
    ["AssignInt", { value: 1, target: 0 }, "target: writes a document"],
    ["Scan", { source: 0, key: 1, value: 9, block: { stmts: [] } }, "key: writes a document"],
    ["SetAdd", { set: 1, value: { type: "bool", value: true } }, "set: writes a document"],
  ])("refuses %s with %j", (type, fields, message) => {
    expect(refusalOfStatements(statement(type, fields))).toContain(message);
  });

  it("refuses a number with two different indexes", () => {
    const change = ({ stmt }: StatementJson) => Object.assign(stmt, { Index: 0 });
    expect(refusalAt("MakeNumberRef", change)).toContain("index and Index differ");
  });

  it.each(["9223372036854775808", "-9223372036854775809"])("refuses the integer %s", (text) => {
    const changed = structuredClone(sample);
    functionOf(changed, "text").blocks[0]?.stmts.unshift(
      statement("MakeNumberInt", { value: "@", target: 9 }),
    );
    expect(refusalOf(JSON.stringify(changed).replace('"@"', text))).toContain("not of 64 bits");
  });

  it.each(["", "x", "01", "1.", ".5", "+1", "1e", "0x1", "NaN", "Infinity", "1 ", "1n", "--1"])(
    "refuses the number %j",
    (text) => {
      const message = refusal((plan) => {
        const index = plan.static.strings.push({ value: text }) - 1;
        const made = statement("MakeNumberRef", { index, Index: index, target: 9 });
        functionOf(plan, "text").blocks[0]?.stmts.unshift(made);
      });
      expect(message).toContain(`index: ${JSON.stringify(text)} is not a number`);
    },
  );

  it("are not more than 100,000", () => {
    const many = (count: number) =>
      Array(count).fill('{"type":"NopStmt","stmt":{"file":0,"row":0,"col":0}}').join();
    const text = (count: number) =>
      `{"static":{},"plans":{"plans":[{"name":"p","blocks":[{"stmts":[${many(count)}]}]}]}}`;
    expect(refusalOf(text(100_000))).toBe("read");
    expect(refusalOf(text(100_001))).toBe("plan: more than 100000 statements");
  });

  it("are not nested deeper than 200 blocks", () => {
    const nested = (depth: number): StatementJson =>
      depth === 0 ? statement("Nop", {}) : inBlock(nested(depth - 1));
    expect(refusalOfStatements(nested(200))).toBe("read");
    expect(refusalOfStatements(nested(201))).toBe(
      'function "g0.data.sample.text": blocks are nested deeper than 200',
    );
  });
});
