/** Cases of a bundle: read whole or not at all, and asked until one is answered otherwise. */
import { expect, it } from "vitest";
import type { Bundle } from "../../../src/policy/bundle.ts";
import {
  canonicalJson,
  caseAnswer,
  firstWrongCase,
  type PolicyCase,
  parseCases,
} from "../../../src/policy/policy-cases.ts";
import type { PolicyEngine } from "../../../src/policy/policy-engine.ts";
import { PolicyFailure } from "../../../src/policy/policy-failure.ts";

const BUNDLE: Bundle = {
  revision: "r",
  module: undefined,
  plan: "{}",
  data: { from: "bundle" },
  dataText: Buffer.from('{"from":"bundle"}'),
  cases: undefined,
  annotations: undefined,
  moduleEntrypoints: [],
};

/** Answers with its data and the input. */
const engineOver = ({ data }: Bundle): PolicyEngine => ({
  revision: "r",
  answeredBy: "plan",
  entrypoints: ["t/x"],
  evaluate: (_entrypoint, input) => {
    if ("fails" in input) throw new PolicyFailure("trap", "no");
    return { resultSet: "none" in input ? [] : [{ result: { data, input } }], readTime: false };
  },
});

const kase = (change: Partial<PolicyCase> = {}): PolicyCase => ({
  description: "one",
  entrypoint: "t/x",
  input: { a: 1 },
  expected: { input: { a: 1 }, data: { from: "bundle" } },
  ...change,
});

function run(cases: readonly PolicyCase[], monotonicMs = () => 0) {
  return firstWrongCase({
    cases,
    bundle: BUNDLE,
    engine: engineOver(BUNDLE),
    load: async (bundle) => engineOver(bundle),
    monotonicMs,
  });
}

it("finds nothing when every case is answered as expected, with its own data too", async () => {
  const data = { from: "case" };
  const cases = [kase(), kase({ data, expected: { data, input: { a: 1 } } })];
  expect(await run(cases)).toBeUndefined();
  expect(await run([kase({ input: { none: 1 }, expected: undefined })])).toBeUndefined();
});

it.each<[string, Partial<PolicyCase>]>([
  ["another answer", { expected: true }],
  ["an answer where none is expected", { expected: undefined }],
  ["a failure", { input: { fails: 1 } }],
])("names the case with %s", async (_name, change) => {
  const cases = [kase(), kase({ description: "two", ...change })];
  expect(await run(cases)).toBe('"two" is not answered as expected');
});

it("gives up after two seconds", async () => {
  const times = [0, 1_999, 2_001];
  const found = await run([kase(), kase(), kase()], () => times.shift() ?? 9_999);
  expect(found).toMatch(/more than 2 s/);
});

it.each<[string, unknown]>([
  ["no JSON", undefined],
  ["no list", {}],
  ["a case without entrypoint", [{ ...kase(), entrypoint: undefined }]],
  ["a case without description", [{ ...kase(), description: 1 }]],
  ["a case without input", [{ ...kase(), input: null }]],
  ["a list for input", [{ ...kase(), input: [] }]],
  ["a text for data", [{ ...kase(), data: "x" }]],
  ["more than 1,000", Array.from({ length: 1_001 }, () => kase())],
])("takes no cases from %s", (_name, value) => {
  const text = value === undefined ? "[" : JSON.stringify(value);
  expect(parseCases(Buffer.from(text))).toBeUndefined();
});

it("reads cases as they are written", () => {
  expect(parseCases(Buffer.from(JSON.stringify([kase()])))).toEqual([kase()]);
});

it("compares content, not the order of members", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
  expect(canonicalJson(undefined)).toBe("undefined");
  expect(caseAnswer(engineOver(BUNDLE), kase({ input: { fails: 1 } }))).toBe("trap: no");
});
