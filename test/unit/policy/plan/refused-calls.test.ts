/** Jumps and calls that a plan of OPA never has: each put into one that OPA made. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PlanError } from "../../../../src/policy/plan/ir.ts";
import { readPlan } from "../../../../src/policy/plan/read-plan.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { differencesOfPlans } from "../../../support/plan-run.ts";
import { type PlanJson, type StatementJson, samplePlan } from "../../../support/sample-plans.ts";

let oracle: OpaOracle;
let sample: PlanJson;
beforeAll(async () => {
  oracle = await OpaOracle.open();
  sample = await samplePlan(oracle);
});
afterAll(() => oracle.close());

const FUNCTION = "g0.data.sample.text";
const AT = { file: 0, row: 7, col: 2 };
const BOTH = [
  { type: "local", value: 0 },
  { type: "local", value: 1 },
];

const statement = (type: string, fields: object): StatementJson => ({
  type: `${type}Stmt`,
  stmt: { ...fields, ...AT },
});
const jump = (index: number) => statement("Break", { index });
const inBlock = (...stmts: StatementJson[]) => statement("Block", { blocks: [{ stmts }] });
const inScan = (...stmts: StatementJson[]) =>
  statement("Scan", { source: 0, key: 8, value: 9, block: { stmts } });
const inNot = (...stmts: StatementJson[]) => statement("Not", { block: { stmts } });
const inWith = (...stmts: StatementJson[]) =>
  statement("With", {
    local: 0,
    path: null,
    value: { type: "bool", value: true },
    block: { stmts },
  });
const call = (func: string, args: object[] = BOTH) => statement("Call", { func, args, result: 99 });
const callDynamic = (path: object[] = [], args: number[] = [0, 1]) =>
  statement("CallDynamic", { path, args, result: 99 });

function messageOf(plan: PlanJson): string {
  try {
    readPlan(JSON.stringify(plan));
    return "read";
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(PlanError);
    return (thrown as PlanError).message;
  }
}

/** What reading says with `stmts` at the start of a function. */
function told(...stmts: StatementJson[]): string {
  const plan = structuredClone(sample);
  const changed = plan.funcs.funcs.find(({ name }) => name === FUNCTION);
  changed?.blocks[0]?.stmts.unshift(...stmts);
  return messageOf(plan);
}

interface Added {
  readonly name: string;
  readonly calls?: readonly string[];
  readonly path?: readonly string[];
  readonly params?: readonly number[];
  readonly stmts?: readonly StatementJson[];
}

/** What reading says of the sample plan with more functions. */
function toldWith(...added: readonly Added[]): string {
  const plan = structuredClone(sample);
  for (const { name, calls = [], path, params = [0, 1], stmts = [] } of added) {
    const body = [
      statement("ResetLocal", { target: 2 }),
      ...calls.map((callee) => call(callee)),
      ...stmts,
    ];
    const back = statement("ReturnLocal", { source: 2 });
    const blocks = [{ stmts: body }, { stmts: [back] }];
    const made = { name, params: [...params], return: 2, blocks };
    plan.funcs.funcs.push({ ...made, ...(path === undefined ? {} : { path: [...path] }) });
  }
  return messageOf(plan);
}

describe("jumps", () => {
  it("leave the block they stand in, and blocks around it", () => {
    expect(told(jump(0))).toBe("read");
    expect(told(inBlock(jump(1)))).toBe("read");
    expect(told(inBlock(inBlock(inBlock(jump(3)))))).toBe("read");
    for (const inside of [inScan, inNot, inWith]) {
      expect(told(inside(jump(0)))).toBe("read");
      expect(told(inside(inBlock(jump(1))))).toBe("read");
    }
  });

  it("have a block to leave", () => {
    expect(told(jump(1))).toBe(
      `function "${FUNCTION}", BreakStmt at sample.rego:7:2: no block to leave at depth 1`,
    );
    expect(told(inBlock(jump(2)))).toContain("no block to leave at depth 2");
    expect(told(inScan(inBlock(jump(3))))).toContain("no block to leave at depth 3");
    expect(told(jump(2 ** 32))).toContain("index: 4294967296 is out of range");
  });

  it.each([
    ["Scan", inScan],
    ["Not", inNot],
    ["With", inWith],
  ])("do not leave a %s from within", (_, inside) => {
    expect(told(inside(jump(1)))).toContain("jump of depth 1 leaves a Scan, Not or With");
    expect(told(inside(inBlock(jump(2))))).toContain("jump of depth 2 leaves a Scan");
    expect(told(inBlock(inBlock(inside(jump(2)))))).toContain("jump of depth 2 leaves a Scan");
  });

  it("of a dynamic call have a block to leave too", () => {
    expect(told(inBlock(inBlock(inBlock(callDynamic()))))).toBe("read");
    expect(told(inScan(inBlock(inBlock(inBlock(callDynamic())))))).toBe("read");
    expect(told(inBlock(inBlock(callDynamic())))).toContain("no block to leave at depth 3");
    expect(told(inBlock(inScan(inBlock(inBlock(callDynamic())))))).toContain("leaves a Scan");
  });
});

describe("calls", () => {
  it.each([
    ["of a function that is none", call("f"), 'unknown function "f"'],
    ["of a member of every object", call("constructor"), 'unknown function "constructor"'],
    ["with too few arguments", call("g0.data.sample.allow", []), "takes 2 arguments, not 0"],
    ["with too many", call("g0.data.sample.allow", [...BOTH, ...BOTH]), "takes 2 arguments, not 4"],
    ["without an argument", call("g0.data.sample.is_text"), "takes 3 arguments, not 2"],
    ["of a builtin with too many", call("count"), '"count" takes 1 arguments, not 2'],
    ["of a builtin with too few", call("walk", []), '"walk" takes 1 arguments, not 0'],
    [
      "with the documents swapped",
      call("g0.data.sample.allow", BOTH.toReversed()),
      '"g0.data.sample.allow" is not given input and data',
    ],
    [
      "with a document replaced",
      call("g0.data.sample.allow", [
        { type: "local", value: 0 },
        { type: "bool", value: true },
      ]),
      "is not given input and data",
    ],
  ])("are refused %s", (_, stmt, message) => {
    for (const where of [told(stmt), told(inBlock(inScan(inNot(inWith(stmt)))))]) {
      expect(where).toContain(`function "${FUNCTION}", CallStmt at sample.rego:7:2: `);
      expect(where).toContain(message);
    }
  });

  it("are refused in entry plans too", () => {
    const plan = structuredClone(sample);
    plan.plans.plans[0]?.blocks[0]?.stmts.push(call("f"));
    expect(messageOf(plan)).toBe(
      'plan "sample", CallStmt at sample.rego:7:2: unknown function "f"',
    );
  });

  it("by path are given input and data", () => {
    const nested = (stmt: StatementJson) => inBlock(inBlock(inBlock(stmt)));
    expect(told(nested(callDynamic([], [0, 1])))).toBe("read");
    for (const args of [[], [0], [1, 0], [0, 1, 2], [2, 3]]) {
      expect(told(nested(callDynamic([], args)))).toContain("args: not input and data");
    }
  });
});

describe("recursion", () => {
  it("is refused, however long its way", () => {
    expect(toldWith({ name: "a", calls: ["b"] }, { name: "b" })).toBe("read");
    expect(toldWith({ name: "a", calls: ["a"] })).toBe('function "a": calls itself through others');
    expect(
      toldWith(
        { name: "a", calls: ["b", "c"] },
        { name: "b", calls: ["c"] },
        { name: "c", calls: ["d"] },
        { name: "d", calls: ["b"] },
      ),
    ).toContain("calls itself");
  });

  it("is refused within nested blocks", () => {
    const stmts = [inBlock(inScan(inNot(inWith(call("a")))))];
    expect(toldWith({ name: "a", stmts })).toContain("calls itself");
  });

  it("is refused by way of a dynamic call that may come back", () => {
    const byPath = (...texts: string[]) => {
      const plan = structuredClone(sample);
      const from = plan.static.strings.length;
      plan.static.strings.push(...texts.map((value) => ({ value })));
      const path = [
        ...texts.map((_, index) => ({ type: "string_index", value: from + index })),
        { type: "local", value: 0 },
      ];
      plan.funcs.funcs.push({
        name: "a",
        params: [0, 1],
        return: 2,
        path: ["g0", "x", "y"],
        blocks: [
          {
            stmts: [
              statement("ResetLocal", { target: 2 }),
              inBlock(inBlock(inBlock(callDynamic(path)))),
            ],
          },
          { stmts: [statement("ReturnLocal", { source: 2 })] },
        ],
      });
      return messageOf(plan);
    };
    expect(byPath("g0", "x")).toContain("calls itself");
    expect(byPath("g0", "z")).toBe("read");
    expect(byPath("g1", "x")).toBe("read");
    expect(byPath("g0")).toBe("read");
  });

  it("is looked for without recursion, and calls are not nested deeper than 200", () => {
    const chain = (length: number): Added[] =>
      Array.from({ length }, (_, index) => ({
        name: `f${index}`,
        calls: index + 1 < length ? [`f${index + 1}`] : [],
      }));
    expect(toldWith(...chain(200))).toBe("read");
    expect(toldWith(...chain(201))).toBe('function "f0": calls are nested deeper than 200');
    expect(toldWith(...chain(9_000))).toContain("calls are nested deeper than 200");
    expect(toldWith(...chain(9_000), { name: "g", calls: ["f0", "g"] })).toContain(
      "deeper than 200",
    );
  });

  it("is no matter of calling one function twice", () => {
    const wide = Array.from({ length: 60 }, (_, index) => {
      const callees = index < 59 ? [`f${index + 1}`, `f${index + 1}`] : [];
      return { name: `f${index}`, calls: callees };
    });
    expect(toldWith(...wide)).toBe("read");
  });
});

it("does not find a function of the policy by path", async () => {
  const modules = {
    "p.rego": "package p\n\nr := data.q[input.name]\n",
    "q.rego": "package q\n\nf(x) := 5\n\nfive := 5\n",
  };
  const inputTexts = ["f", "five", "none"].map((name) => JSON.stringify({ name }));
  const question = { modules, entrypoints: ["p/r"], inputTexts };
  expect(await differencesOfPlans(oracle, question, new Map())).toEqual([]);
});

describe("calls by path below a mocked function", () => {
  const MODULES = {
    "p.rego": `package p

mock(x) := 7

mocked := v if { n := input.name; v := data.q[n] with count as mock }

bound := v if { some y in input.ys; v := data.r.found with count as y }
`,
    "q.rego": "package q\n\nf(x) := x\n\nsize := count([1])\n",
    "r.rego": "package r\n\nfound := data.q[n] if n := input.name\n",
  };
  const message = async (entrypoint: string) => {
    const { plan } = await oracle.ask({ modules: MODULES, entrypoints: [entrypoint], plan: true });
    return messageOf(plan as PlanJson);
  };

  it("are read where functions get the documents only", async () => {
    expect(await message("p/mocked")).toBe("read");
  });

  it("are refused where OPA passes more and the call does not", async () => {
    expect(await message("p/bound")).toContain("without its parameters");
  });

  it("are refused when there are more than 1,000 of them", () => {
    const plan = structuredClone(sample);
    const from = plan.static.strings.length;
    plan.static.strings.push(...Array.from({ length: 1_001 }, (_, at) => ({ value: `s${at}` })));
    const calls = Array.from({ length: 1_001 }, (_, at) =>
      callDynamic([{ type: "string_index", value: from + at }]),
    );
    plan.funcs.funcs[0]?.blocks[0]?.stmts.unshift(inBlock(inBlock(inBlock(...calls))));
    expect(messageOf(plan)).toContain("more than 1000 different dynamic calls");
  });
});
