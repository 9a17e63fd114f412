/** BothEngine: the plan's answer is given at once, WebAssembly's comes later and only counts. */
import { beforeEach, describe, expect, it } from "vitest";
import { BothEngine, type Witness } from "../../../src/policy/both-engine.ts";
import type { Evaluated, PolicyEngine } from "../../../src/policy/policy-engine.ts";
import { PolicyFailure, type PolicyFailureKind } from "../../../src/policy/policy-failure.ts";
import { engineOptions, type Logged, recordingLog } from "../../support/engine-options.ts";

type Answer = { readonly result: unknown } | { readonly fails: PolicyFailureKind };
const NONE = { same: 0, different: 0, skipped: 0, dropped: 0 };

function answer(given: Answer): Evaluated {
  if ("fails" in given) throw new PolicyFailure(given.fails, "for the test");
  return { resultSet: [{ result: given.result }], readTime: true };
}

let asked: unknown[];
let tasks: (() => void)[];
let lines: Logged[];
beforeEach(() => {
  asked = [];
  tasks = [];
  lines = [];
});

function rig(ofPlan: Answer, ofWasm: Answer, change: object = {}): BothEngine {
  const plan: PolicyEngine = {
    revision: "r1",
    answeredBy: "plan",
    entrypoints: ["t/x"],
    evaluate: () => answer(ofPlan),
  };
  const witness: Witness = {
    evaluateText: (entrypoint, text, timeNs) => {
      asked.push([entrypoint, Buffer.from(text).toString(), timeNs]);
      return answer(ofWasm);
    },
  };
  const log = recordingLog(lines);
  const defer = (task: () => void) => void tasks.push(task);
  return new BothEngine({ ...engineOptions(), log, defer, plan, witness, ...change });
}

function runTasks(): void {
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
}

const ask = (both: BothEngine, input: object = { a: 1 }) => both.evaluate("t/x", input, 5);

it("is the plan to whoever asks", () => {
  const both = rig({ result: 1 }, { result: 2 });
  expect([both.revision, both.entrypoints]).toEqual(["r1", ["t/x"]]);
  expect(ask(both)).toEqual({ resultSet: [{ result: 1 }], readTime: true });
});

it("asks WebAssembly the same, at the same time, only after the caller went on", () => {
  const both = rig({ result: 1 }, { result: 1 });
  ask(both);
  expect(asked).toEqual([]);
  runTasks();
  expect(asked).toEqual([["t/x", '{"a":1}', 5]]);
  expect(both.comparisons).toEqual({ ...NONE, same: 1 });
  expect(lines).toEqual([]);
});

it("repeats the configured share", () => {
  const draws = [0.009, 0.01, 0.5, 0];
  const both = rig(
    { result: 1 },
    { result: 1 },
    { sampleRatio: 0.01, random: () => draws.shift() ?? 1 },
  );
  for (let turn = 0; turn < 4; turn++) ask(both);
  runTasks();
  expect(both.comparisons).toEqual({ ...NONE, same: 2 });
});

it("repeats nothing at a share of 0", () => {
  const both = rig({ result: 1 }, { result: 2 }, { sampleRatio: 0 });
  ask(both);
  expect(tasks).toEqual([]);
});

describe.each<[string, Answer, Answer, keyof typeof NONE]>([
  ["equal results", { result: { a: [1, 2] } }, { result: { a: [2, 1] } }, "same"],
  ["other results", { result: true }, { result: false }, "different"],
  ["a conflict in both", { fails: "conflict" }, { fails: "conflict" }, "same"],
  ["a conflict of the plan only", { fails: "conflict" }, { result: 1 }, "different"],
  ["a conflict of the module only", { result: 1 }, { fails: "conflict" }, "different"],
  ["a trap of the module", { result: 1 }, { fails: "trap" }, "different"],
  ["a module out of memory", { result: 1 }, { fails: "memory" }, "skipped"],
  ["a spent budget", { fails: "budget" }, { result: 1 }, "skipped"],
  ["an input out of bounds", { fails: "input" }, { result: 1 }, "skipped"],
])("on %s", (_name, ofPlan, ofWasm, comparison) => {
  it(`counts ${comparison} and lets the plan decide`, () => {
    const both = rig(ofPlan, ofWasm);
    if ("fails" in ofPlan) expect(() => ask(both)).toThrow(ofPlan.fails);
    else expect(ask(both).resultSet).toEqual([{ result: ofPlan.result }]);
    runTasks();
    expect(both.comparisons).toEqual({ ...NONE, [comparison]: 1 });
    expect(lines.length).toBe(comparison === "different" ? 1 : 0);
  });
});

it("skips an input that is no JSON", () => {
  const both = rig({ result: 1 }, { result: 1 });
  ask(both, { a: 1n });
  expect(both.comparisons).toEqual({ ...NONE, skipped: 1 });
});

it("keeps at most 64 waiting, drops the rest, and works them off one by one", () => {
  const both = rig({ result: 1 }, { result: 1 });
  for (let turn = 0; turn < 70; turn++) ask(both);
  expect(both.comparisons).toEqual({ ...NONE, dropped: 6 });
  expect(tasks.length).toBe(1);
  tasks.shift()?.();
  expect([asked.length, tasks.length]).toEqual([1, 1]);
  runTasks();
  ask(both);
  runTasks();
  expect(both.comparisons).toEqual({ ...NONE, same: 65, dropped: 6 });
});

it("logs a disagreement without its content, less and less often", () => {
  const both = rig({ result: "secret" }, { result: "other" });
  for (let turn = 0; turn < 9; turn++) ask(both, { password: "secret" });
  runTasks();
  expect(lines.map(({ fields }) => fields?.["count"])).toEqual([1, 2, 4, 8]);
  expect(lines[0]).toMatchObject({
    level: "error",
    fields: {
      policy_revision: "r1",
      entrypoint: "t/x",
      input_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(JSON.stringify(lines)).not.toContain("secret");
});

it("lets nothing of the witness out", () => {
  const both = rig(
    { result: 1 },
    { result: 1 },
    {
      witness: {
        evaluateText: () => {
          throw new Error("anything");
        },
      },
    },
  );
  ask(both);
  expect(runTasks).not.toThrow();
  expect(both.comparisons).toEqual({ ...NONE, different: 1 });
});
