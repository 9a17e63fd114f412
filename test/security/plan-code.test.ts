/** Nothing that a policy says becomes code: its strings and names are data, in whatever form they come. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BuiltinFunction } from "../../src/policy/builtins/builtin.ts";
import { PlanPolicy } from "../../src/policy/plan/plan-policy.ts";
import { jsonText, parseJson } from "../../src/policy/plan/values/json.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { differencesOfPlans } from "../support/plan-run.ts";
import { testBudget } from "../support/rego-values.ts";
import { type PlanJson, SAMPLE_DATA, samplePlan, statementsOf } from "../support/sample-plans.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const HOSTILE: readonly string[] = [
  ...["'", '"', "`", "\\", "\n", "\r", "\u2028", "\u2029", "\u0000", "*/", "//", "<!--", "-->"],
  ...["$" + "{process.exit(9)}", '"); process.exit(9); ("', "'+process.exit(9)+'", "*/process//"],
  ...["\\u0022", "\\x27", "\u202e", "\ud83d\ude00", "];throw 1;[", "}}}throw 1;{{{", "\nthrow 1\n"],
  ...["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "then"],
  ...["process", "require", "globalThis", "eval", "Function", "import", "module", "arguments"],
  ...["this", "fetch", "console", "Reflect", "l0", "R", "B", "return", "undefined", "NaN"],
];
/** Made for locals, blocks, functions and constants; words of the language; what generated code calls. */
const IDENTIFIER = /^(?:[A-Z]|[a-z]{1,2}\d*|[a-z]+(?:[A-Z][a-z]+)*)$/;
const GLOBALS =
  /^(?:process|require|global.*|eval|Function|constructor|prototype|import|this|fetch)$/;

function expectPlainCode(source: string): void {
  expect(source).not.toMatch(/[^\x20-\x7e\n]/);
  expect(source).not.toMatch(/[`'\\$]|\/\/|\/\*/);
  expect(new Set(source.match(/"[^"]*"/g))).toEqual(new Set(source.match(/"use strict"|"steps"/g)));
  for (const name of new Set(source.match(/[A-Za-z_$][\w$]*/g))) {
    expect(name).toMatch(IDENTIFIER);
    expect(name).not.toMatch(GLOBALS);
  }
}

describe.each(HOSTILE.map((text) => [JSON.stringify(text)] as const))("the text %s", (name) => {
  it("is data as a value, a key, a reference, a rule and a package", async () => {
    const source = `package p[${name}]

r[${name}] := {"value": ${name}, ${name}: input[${name}], "list": [${name}, {${name}}]}

s contains ${name} if input[${name}] = ${name}
`;
    const question = {
      modules: { "p.rego": source },
      entrypoints: ["p"],
      inputTexts: [`{${name}: ${name}}`, "{}", `{"other": ${name}}`],
    };
    expect(await differencesOfPlans(oracle, question, new Map())).toEqual([]);
    const { plan } = await oracle.ask({ ...question, plan: true });
    const planText = JSON.stringify(plan);
    const policy = PlanPolicy.load({ planText, data: {}, builtins: new Map() });
    expectPlainCode(policy.source);
    const { results } = policy.evaluate("p", parseJson(`{${name}: ${name}}`), 0);
    expect(jsonText(results[0] ?? null, testBudget())).toContain(
      jsonText(JSON.parse(name), testBudget()),
    );
  });
});

describe("names that only a plan can give", () => {
  it.each(HOSTILE)("%j is data as the name of functions, entry points and files", async (text) => {
    const plan: PlanJson = await samplePlan(oracle);
    const names = new Map(plan.funcs.funcs.map(({ name }, index) => [name, `${text}${index}`]));
    for (const one of plan.funcs.funcs) one.name = names.get(one.name) ?? one.name;
    for (const { stmt } of statementsOf(plan)) {
      const callee = names.get(String(stmt["func"]));
      if (callee !== undefined) stmt["func"] = callee;
    }
    for (const file of plan.static.files) file.value = text;
    for (const one of plan.plans.plans) one.name = `${text}${one.name}`;
    const builtins = new Map<string, BuiltinFunction>(
      plan.static.builtin_funcs.map(({ name }) => [name, (_context, value) => value]),
    );
    const data = parseJson(JSON.stringify(SAMPLE_DATA));
    const policy = PlanPolicy.load({ planText: JSON.stringify(plan), data, builtins });
    expectPlainCode(policy.source);
    expect(policy.evaluate(`${text}sample/allow`, {}, 0).results).toHaveLength(1);
  });
});

it("stands in generated code nowhere", async () => {
  const plan = await samplePlan(oracle);
  const builtins = new Map<string, BuiltinFunction>(
    plan.static.builtin_funcs.map(({ name }) => [name, (_context, value) => value]),
  );
  const { source } = PlanPolicy.load({ planText: JSON.stringify(plan), data: {}, builtins });
  const names = new Set(source.match(/[A-Za-z_$][\w$]*/g));
  const texts = [...plan.static.strings, ...plan.static.files].map(({ value }) => value);
  // The name of a function made here, and of one that is called.
  const ours = new Set(["g0", "member"]);
  expect(texts.filter((text) => names.has(text) && !ours.has(text))).toEqual([]);
});
