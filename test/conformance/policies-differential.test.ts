/** The project's own policies: the engine answers as OPA does, also to inputs that nobody sends. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseJson } from "../../src/policy/plan/values/json.ts";
import type { Value } from "../../src/policy/plan/values/value.ts";
import { compareWithOpa, type Question } from "../differential/compare.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import {
  modulesIn,
  mutations,
  readText,
  shippedCases,
  shippedModules,
  text,
} from "../support/policy-inputs.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const INPUTS_MIN = 5_000;

async function compared(question: Question) {
  const { agreed, disagreements, refused } = await compareWithOpa(oracle, question);
  expect(refused).toBeUndefined();
  expect(disagreements.map((one) => `${one.inputText}: ours ${one.ours} OPA ${one.opa}`)).toEqual(
    [],
  );
  return [...agreed.values()].reduce((sum, count) => sum + count, 0);
}

it("answers the shipped policies' cases and their mutations as OPA does", async () => {
  const modules = shippedModules();
  const questions = new Map<
    string,
    { entrypoint: string; dataText: string; inputs: Set<string> }
  >();
  for (const { entrypoint, dataText, input } of shippedCases()) {
    const key = `${entrypoint} ${dataText}`;
    const question = questions.get(key) ?? { entrypoint, dataText, inputs: new Set() };
    for (const other of mutations(input)) question.inputs.add(text(other));
    questions.set(key, question);
  }
  let evaluations = 0;
  for (const { entrypoint, dataText, inputs } of questions.values()) {
    const inputTexts = [...inputs];
    const entrypoints = [entrypoint];
    evaluations += await compared({ modules, dataText, entrypoints, packages: [], inputTexts });
  }
  expect(evaluations).toBeGreaterThan(INPUTS_MIN);
}, 120_000);

const YARDSTICK_INPUT: Value = parseJson(`{
  "action": "gateway:tool:invoke",
  "user": {"id": "user0@example.com", "role": "developer", "teams": ["team-1"], "mfa_verified": true},
  "tool": {"name": "tool_1"},
  "parameters": {"query": "select * from t where a = 1 or 1=1", "n": 1},
  "context": {"client_ip": "10.1.2.3", "time": {"hour": 6}}
}`);

it.each(["small.rego", "mid.rego"])("answers the yardstick policy %s as OPA does", async (file) => {
  const modules = modulesIn("load/policies", (name) => name === file);
  const entrypoints = [file === "small.rego" ? "sark/gateway/allow" : "sark/gateway/result"];
  const dataText = readText("load/policies/data.json");
  const inputTexts = [...new Set(mutations(YARDSTICK_INPUT).map(text))];
  await compared({ modules, dataText, entrypoints, packages: ["sark/gateway"], inputTexts });
});
