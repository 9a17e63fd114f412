/** Every policy case gets the same expected answer from OPA, the oracle, and from both engines. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readBundle, withData } from "../../src/policy/bundle.ts";
import { deviatingBuiltins } from "../../src/policy/deviations.ts";
import { interpret } from "../../src/policy/interpret.ts";
import { DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { PlanEngine } from "../../src/policy/plan-engine.ts";
import { parseCases } from "../../src/policy/policy-cases.ts";
import { WasmEngine } from "../../src/policy/wasm-engine.ts";
import { lacksOpa, OPA } from "../unit/policy/rego-bundle.ts";

const POLICIES = new URL("../../policies", import.meta.url).pathname;
const CASES_MIN = 30;

interface PolicyCase {
  readonly description: string;
  readonly entrypoint: string;
  readonly input: object;
  readonly data?: object;
  readonly expected: { readonly allow: boolean; readonly reason: string };
}

const cases = readdirSync(join(POLICIES, "cases"))
  .sort()
  .map((file): [string, PolicyCase] => [
    file,
    JSON.parse(readFileSync(join(POLICIES, "cases", file), "utf8")),
  ]);
const archive = readFileSync(join(POLICIES, "dist", "bundle.tar.gz"));
const bundle = readBundle(archive, {
  file: "shipped",
  allowUnsigned: true,
  engine: "both",
});

it("has cases for both answers of every shipped entrypoint", () => {
  expect(cases.length).toBeGreaterThanOrEqual(CASES_MIN);
  for (const entrypoint of bundle.moduleEntrypoints) {
    const answers = cases.filter(([, { entrypoint: asked }]) => asked === entrypoint);
    expect(new Set(answers.map(([, { expected }]) => expected.allow))).toEqual(
      new Set([true, false]),
    );
  }
});

it("says in each case what it shows, in words no other case uses", () => {
  const descriptions = cases.map(
    ([, { entrypoint, description }]) => `${entrypoint}: ${description}`,
  );
  expect(new Set(descriptions).size).toBe(cases.length);
});

const ENGINES = [
  ["plan", (one: typeof bundle) => PlanEngine.load(one, "shipped", DEFAULT_LIMITS)],
  ["wasm", (one: typeof bundle) => WasmEngine.load(one, "shipped")],
] as const;

describe.each(ENGINES)("the shipped policy as %s", (_name, load) => {
  it.each(cases)("answers %s as expected", async (_file, kase) => {
    const engine = await load(kase.data === undefined ? bundle : withData(bundle, kase.data));
    const { resultSet, readTime } = engine.evaluate(kase.entrypoint, kase.input, 0);
    expect(resultSet).toEqual([{ result: kase.expected }]);
    expect(readTime).toBe(false);
  });
});

describe("the shipped bundle", () => {
  it("brings every case, in the order of its files", () => {
    expect(parseCases(bundle.cases ?? Buffer.from(""))).toEqual(cases.map(([, kase]) => kase));
  });

  it("calls nothing in which WebAssembly differs, so that both engines can be compared", () => {
    const { builtinNames } = PlanEngine.load(bundle, "shipped", DEFAULT_LIMITS);
    expect(deviatingBuiltins(builtinNames)).toEqual([]);
  });

  it.each(cases)("gives %s a document that the sidecar reads as it is meant", (_file, kase) => {
    const decision = interpret([{ result: kase.expected }]);
    expect(decision).toMatchObject({
      effect: kase.expected.allow ? "allow" : "deny",
      reason: kase.expected.allow ? "allowed" : "policy.denied",
      text: kase.expected.reason,
    });
  });
});

describe.skipIf(lacksOpa())("OPA", () => {
  let answers: unknown[][];
  beforeAll(() => {
    answers = askOpa(cases.map(([, kase]) => kase));
  });

  it.each(cases.map(([file, kase], index) => [file, kase, index] as const))(
    "answers %s as expected",
    (_file, kase, index) => {
      expect(answers[index]).toEqual([kase.expected]);
    },
  );
});

/** One process for all: a rule per case collects the zero or one answers of its entrypoint. */
function askOpa(asked: readonly PolicyCase[]): unknown[][] {
  const rules = asked.map(({ entrypoint, data }, index) => {
    const at = `data.oracle.cases[${index}]`;
    const withData = data === undefined ? "" : ` with data.sark as ${at}.data.sark`;
    const path = `data.${entrypoint.replaceAll("/", ".")}`;
    return `answer_${index} := [x | x := ${path} with input as ${at}.input${withData}]`;
  });
  const names = asked.map((_kase, index) => `answer_${index}`);
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-oracle-"));
  try {
    const driver = `package driver\n\n${rules.join("\n\n")}\n\nanswers := [${names.join(", ")}]\n`;
    writeFileSync(join(folder, "driver.rego"), driver);
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ oracle: { cases: asked } }));
    const sources = [
      "-d",
      "src",
      "-d",
      join(folder, "driver.rego"),
      "-d",
      join(folder, "cases.json"),
    ];
    const output = execFileSync(OPA, ["eval", ...sources, "-f", "raw", "data.driver.answers"], {
      cwd: POLICIES,
      encoding: "utf8",
    });
    return JSON.parse(output) as unknown[][];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
