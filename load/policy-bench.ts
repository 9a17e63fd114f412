/**
 * What one evaluation costs in the plan engine and in WebAssembly, alternating in one run, for the yardstick
 * policies and for the shipped ones. `npm run bench -- --scenario policy`.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readBundle } from "../src/policy/bundle.ts";
import { DEFAULT_LIMITS } from "../src/policy/plan/values/budget.ts";
import { PlanEngine } from "../src/policy/plan-engine.ts";
import type { PolicyEngine } from "../src/policy/policy-engine.ts";
import { WasmEngine } from "../src/policy/wasm-engine.ts";
import { buildYardstick } from "./bundles.ts";

const SHIPPED = fileURLToPath(new URL("../policies/dist/bundle.tar.gz", import.meta.url));
const CASES = fileURLToPath(new URL("../policies/cases/", import.meta.url));
const YARDSTICK_INPUT = fileURLToPath(new URL("./policies/input.json", import.meta.url));

interface Question {
  readonly entrypoint: string;
  readonly input: object;
}

interface Subject {
  readonly name: string;
  readonly path: string;
  readonly questions: readonly Question[];
  /** In µs, and how many times faster than WebAssembly; 1 = not slower. */
  readonly goalUs: number;
  readonly goalTimes: number;
}

export interface PolicyFigures {
  readonly policy: string;
  readonly planUs: number;
  readonly planUsMin: number;
  readonly wasmUs: number;
  /** Of the first evaluations, before the platform has compiled the module a second time. */
  readonly wasmNewUs: number;
  readonly times: number;
  readonly loadMs: number;
  readonly sourceKiB: number;
  readonly goal: string;
}

/** CPU of this thread: what runs beside it on the machine does not count. */
function cpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

const ROUND_EVALUATIONS = { plan: 20_000, wasm: 2_000 } as const;

function costUs(engine: PolicyEngine, questions: readonly Question[], evaluations: number): number {
  const before = cpuUs();
  for (let done = 0; done < evaluations; done++) {
    const { entrypoint, input } = questions[done % questions.length] as Question;
    engine.evaluate(entrypoint, input, 1);
  }
  return (cpuUs() - before) / evaluations;
}

async function subjects(folder: string): Promise<readonly Subject[]> {
  const input = JSON.parse(readFileSync(YARDSTICK_INPUT, "utf8")) as object;
  const small = await buildYardstick("small", folder);
  const mid = await buildYardstick("mid", folder);
  const cases = readdirSync(CASES).map(
    (file) => JSON.parse(readFileSync(`${CASES}${file}`, "utf8")) as Question,
  );
  return [
    {
      name: "small",
      path: small.path,
      questions: [{ entrypoint: small.entrypoint, input }],
      goalUs: 1.5,
      goalTimes: 5,
    },
    {
      name: "mid",
      path: mid.path,
      questions: [{ entrypoint: mid.entrypoint, input }],
      goalUs: 8,
      goalTimes: 20,
    },
    {
      name: `shipped, ${cases.length} cases`,
      path: SHIPPED,
      questions: cases,
      goalUs: 8,
      goalTimes: 1,
    },
  ];
}

async function measure(subject: Subject, rounds: number): Promise<PolicyFigures> {
  const { path, questions } = subject;
  const bundle = readBundle(readFileSync(path), {
    file: path,
    allowUnsigned: true,
    engine: "both",
  });
  // Twice: the first load also compiles the compiler.
  PlanEngine.load(bundle, path, DEFAULT_LIMITS);
  const before = cpuUs();
  const plan = PlanEngine.load(bundle, path, DEFAULT_LIMITS);
  const loadMs = (cpuUs() - before) / 1_000;
  const wasm = await WasmEngine.load(bundle, path);
  costUs(plan, questions, ROUND_EVALUATIONS.plan);
  const wasmNewUs = costUs(wasm, questions, ROUND_EVALUATIONS.wasm);
  const planUs: number[] = [];
  const wasmUs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    planUs.push(costUs(plan, questions, ROUND_EVALUATIONS.plan));
    wasmUs.push(costUs(wasm, questions, ROUND_EVALUATIONS.wasm));
  }
  const times = median(wasmUs.map((us, round) => us / (planUs[round] ?? Number.NaN)));
  const isMet = median(planUs) <= subject.goalUs && times >= subject.goalTimes;
  return {
    policy: subject.name,
    planUs: median(planUs),
    planUsMin: Math.min(...planUs),
    wasmUs: median(wasmUs),
    wasmNewUs,
    times,
    loadMs,
    sourceKiB: plan.source.length / 1_024,
    goal: `${subject.goalUs} µs, ${subject.goalTimes}× ${isMet ? "met" : "MISSED"}`,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `folder` takes the bundles that are built for it. */
export async function benchPolicies(
  folder: string,
  rounds: number,
): Promise<readonly PolicyFigures[]> {
  const figures: PolicyFigures[] = [];
  for (const subject of await subjects(folder)) figures.push(await measure(subject, rounds));
  return figures;
}
