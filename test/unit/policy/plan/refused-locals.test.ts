/** Locals without a value, and collections that are not the statement's own: each put into OPA's plan. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PlanError } from "../../../../src/policy/plan/ir.ts";
import { readPlan } from "../../../../src/policy/plan/read-plan.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { type PlanJson, type StatementJson, samplePlan } from "../../../support/sample-plans.ts";

let oracle: OpaOracle;
let sample: PlanJson;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  sample = await samplePlan(oracle);
});
afterAll(() => oracle.close());

const AT = { file: 0, row: 7, col: 2 };
const OWN = 200;

const statement = (type: string, fields: object): StatementJson => ({
  type: `${type}Stmt`,
  stmt: { ...fields, ...AT },
});
const local = (index: number) => ({ type: "local", value: index });
const yes = { type: "bool", value: true };
const make = (type: string, target = OWN) => statement(`Make${type}`, { target });
const assign = (target = OWN) => statement("AssignVar", { source: yes, target });
const reset = (target = OWN) => statement("ResetLocal", { target });
const read = (index = OWN) => statement("Len", { source: local(index), target: 210 });
const blocks = (...each: StatementJson[][]) =>
  statement("Block", { blocks: each.map((stmts) => ({ stmts })) });
const jump = (index: number) => statement("Break", { index });
const isArray = statement("IsArray", { source: yes });
const body = (...stmts: StatementJson[]) => ({ block: { stmts } });
const scan = (...stmts: StatementJson[]) =>
  statement("Scan", { source: 0, key: 201, value: 202, ...body(...stmts) });
const not = (...stmts: StatementJson[]) => statement("Not", body(...stmts));
const replace = (...stmts: StatementJson[]) =>
  statement("With", { local: 0, path: null, value: yes, ...body(...stmts) });
const dot = (source: number, target = OWN) =>
  statement("Dot", { source: local(source), key: yes, target });
const append = statement("ArrayAppend", { array: OWN, value: yes });
const add = statement("SetAdd", { set: OWN, value: yes });
const insert = statement("ObjectInsert", { object: OWN, key: yes, value: yes });

function told(...stmts: StatementJson[]): string {
  const plan = structuredClone(sample);
  const changed = plan.funcs.funcs.find(({ name }) => name === "g0.data.sample.text");
  changed?.blocks.unshift({ stmts });
  try {
    readPlan(JSON.stringify(plan));
    return "read";
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(PlanError);
    return (thrown as PlanError).message;
  }
}

describe("a local that is read", () => {
  it.each([
    ["was assigned before", [assign(), read()]],
    ["was assigned in a block that always ends", [blocks([assign()]), read()]],
    [
      "was assigned on both ways",
      [blocks([blocks([isArray, assign(), jump(1)]), assign()]), read()],
    ],
    [
      "is asked for first",
      [blocks([isArray, assign()]), statement("IsDefined", { source: OWN }), read()],
    ],
    ["was assigned before a scan", [assign(), scan(read(), assign()), read()]],
    ["is the key of a scan", [scan(read(201), read(202))]],
    ["was assigned under with", [replace(assign()), read()]],
    ["is only read where nothing comes", [jump(0), read()]],
    ["is input or data", [read(0), read(1)]],
  ])("is taken when it %s", (_, stmts) => {
    expect(told(...stmts)).toBe("read");
  });

  it.each([
    ["is never assigned", [read()]],
    ["is assigned later", [read(), assign()]],
    ["was reset", [assign(), reset(), read()]],
    ["was assigned after a statement that may be undefined", [blocks([isArray, assign()]), read()]],
    ["was assigned on one way only", [blocks([blocks([isArray, jump(1)]), assign()]), read()]],
    ["was assigned in a scan", [scan(assign()), read()]],
    ["is the key of a scan that is over", [scan(), read(201)]],
    ["was assigned in not", [not(isArray, assign()), read()]],
    ["was reset in a scan", [assign(), scan(reset()), read()]],
    ["is reset in the scan that reads it", [assign(), scan(read(), reset())]],
    ["was reset in not", [assign(), not(reset()), read()]],
    ["was reset under with", [assign(), blocks([replace(reset(), isArray)]), read()]],
    ["was assigned in a block that a jump left", [blocks([blocks([jump(1)]), assign()]), read()]],
  ])("is refused when it %s", (_, stmts) => {
    expect(told(...stmts)).toMatch(
      /^function "g0.data.sample.text", LenStmt at sample.rego:7:2: local \d+ may have no value$/,
    );
  });

  it("is written somewhere even where it may be undefined", () => {
    const asked = statement("IsUndefined", { source: OWN });
    expect(told(asked)).toContain("local 200 may have no value");
    expect(told(asked, assign())).toBe("read");
  });
});

describe("a collection that something is put into", () => {
  it.each([
    ["an array that was made", [make("Array"), append]],
    ["a set that was made", [make("Set"), add]],
    ["an object that was made", [make("Object"), insert]],
    ["part of an object that was made", [make("Object", 203), dot(203), insert]],
    ["a set in an object that was made", [make("Object", 203), dot(203), add]],
  ])("is %s", (_, stmts) => {
    const made = stmts.map((one) =>
      one.type === "MakeArrayStmt" ? { ...one, stmt: { ...one.stmt, capacity: 0 } } : one,
    );
    expect(told(...made)).toBe("read");
  });

  it.each([
    ["a set for an array", [make("Set"), append]],
    ["an object for a set", [make("Object"), add]],
    ["a set for an object", [make("Set"), insert]],
    ["a boolean", [assign(), insert]],
    ["part of the data", [dot(1), insert]],
    ["an array of the data", [dot(1), append]],
    ["an array in an object that was made", [make("Object", 203), dot(203), append]],
    ["made on one way only", [make("Set"), blocks([isArray, assign()]), add]],
    ["replaced in a scan", [make("Set"), scan(add, assign())]],
    [
      "replaced by the key of a scan",
      [
        make("Object", 201),
        scan(),
        statement("ObjectInsert", { object: 201, key: yes, value: yes }),
      ],
    ],
  ])("is not %s", (_, stmts) => {
    expect(told(...stmts)).toMatch(/local \d+ was not made for this$/);
  });
});
