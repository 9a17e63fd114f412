/**
 * `npm run bench`: server CPU per Check, interleaved with the yardstick in one run, as ratios.
 * `--short` for CI, `--json FILE` for the figures, `--rounds N`, `--checks N`.
 *
 * @module
 */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchBudget } from "./budget-bench.ts";
import { buildYardstick } from "./bundles.ts";
import type { LoadFigures, LoadJob } from "./load-client.ts";
import { benchPolicies, type PolicyFigures } from "./policy-bench.ts";
import { cpuNs, loadAverages, residentMiB } from "./process-cpu.ts";
import { benchReading, RETAINED_BYTES_GOAL, type ReadFigures } from "./read-bench.ts";
import { BENCH_SCENARIOS, COUNTER_DIGITS, type Scenario, toolCall } from "./scenarios.ts";
import {
  LOAD_CORE,
  type RunningServer,
  spawnPinned,
  startSidecar,
  startYardstick,
} from "./sidecar.ts";
import { benchVerification } from "./verify-bench.ts";

const SHIPPED_BUNDLE = fileURLToPath(new URL("../policies/dist/bundle.tar.gz", import.meta.url));

interface Sample extends LoadFigures {
  readonly cpuUs: number;
  readonly residentMiB: number;
}

interface Summary {
  readonly scenario: string;
  readonly inFlight: number;
  readonly cpuUsMedian: number;
  readonly cpuUsMin: number;
  readonly yardstickUsMedian: number;
  readonly ratioMedian: number;
  readonly ratios: readonly number[];
  /** CPU of an uncached Check ÷ CPU of a cached one of the same policy, in the same round. */
  readonly toCached: number | undefined;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  readonly residentMiB: number;
}

interface Settings {
  readonly rounds: number;
  readonly checks: number;
  readonly warmUp: number;
  readonly inFlight: readonly number[];
}

interface Round {
  readonly own: Sample;
  readonly base: Sample;
  readonly cached: Sample | undefined;
}

const CONNECTIONS = 4;

class LoadRunner {
  readonly #folder: string;
  #counter = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async run(
    server: RunningServer,
    call: { readonly message: Buffer; readonly counterOffset: number },
    isUnique: boolean,
    inFlight: number,
    checks: number,
  ): Promise<Sample> {
    const connections = Math.min(CONNECTIONS, inFlight);
    const job: LoadJob = {
      host: "127.0.0.1",
      port: server.port,
      connections,
      streams: inFlight / connections,
      checks,
      messageBase64: call.message.toString("base64"),
      counterOffset: isUnique ? call.counterOffset : -1,
      counterDigits: COUNTER_DIGITS,
      counterStart: this.#counter,
    };
    this.#counter += checks;
    const file = join(this.#folder, "job.json");
    writeFileSync(file, JSON.stringify(job));
    const beforeNs = cpuNs(server.pid);
    const figures = await runClient(file);
    const usedNs = cpuNs(server.pid) - beforeNs;
    if (figures.checks !== checks || !(figures.replyBytesMin > 0)) {
      throw new Error(`${figures.checks} of ${checks} Checks had a complete reply`);
    }
    return {
      ...figures,
      cpuUs: usedNs / 1_000 / checks,
      residentMiB: residentMiB(server.pid),
    };
  }
}

async function runClient(file: string): Promise<LoadFigures> {
  const child = spawnPinned(LOAD_CORE, ["load/load-client.ts", file]);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`the load client ended with ${code}`);
  return JSON.parse(output) as LoadFigures;
}

async function measure(
  scenario: Scenario,
  settings: Settings,
  folder: string,
): Promise<readonly Summary[]> {
  const yardstick = await startYardstick();
  const bundle =
    scenario.bundle === "shipped"
      ? { path: SHIPPED_BUNDLE, entrypoint: undefined }
      : await buildYardstick(scenario.bundle, folder);
  const sidecar = await startSidecar({
    folder: join(folder, scenario.name),
    bundle: bundle.path,
    entrypoint: bundle.entrypoint,
  });
  const runner = new LoadRunner(folder);
  const call = toolCall(sidecar.token);
  const { isUnique } = scenario;
  try {
    await runner.run(yardstick, call, isUnique, 64, settings.warmUp);
    await runner.run(sidecar, call, isUnique, 64, settings.warmUp);
    const summaries: Summary[] = [];
    for (const inFlight of settings.inFlight) {
      const pairs: Round[] = [];
      for (let round = 0; round < settings.rounds; round++) {
        const base = await runner.run(yardstick, call, isUnique, inFlight, settings.checks);
        const own = await runner.run(sidecar, call, isUnique, inFlight, settings.checks);
        const cached = isUnique
          ? await runner.run(sidecar, call, false, inFlight, settings.checks)
          : undefined;
        pairs.push({ own, base, cached });
      }
      summaries.push(summary(scenario.name, inFlight, pairs));
    }
    return summaries;
  } finally {
    await Promise.all([yardstick.stop(), sidecar.stop()]);
  }
}

function summary(scenario: string, inFlight: number, pairs: readonly Round[]): Summary {
  const own = pairs.map((pair) => pair.own);
  const ratios = pairs.map((pair) => pair.own.cpuUs / pair.base.cpuUs);
  return {
    scenario,
    inFlight,
    cpuUsMedian: median(own.map((sample) => sample.cpuUs)),
    cpuUsMin: Math.min(...own.map((sample) => sample.cpuUs)),
    yardstickUsMedian: median(pairs.map((pair) => pair.base.cpuUs)),
    ratioMedian: median(ratios),
    ratios,
    toCached: pairs.every(({ cached }) => cached === undefined)
      ? undefined
      : median(pairs.map(({ own: { cpuUs }, cached }) => cpuUs / (cached?.cpuUs ?? Number.NaN))),
    p50Ms: median(own.map((sample) => sample.p50Ms)),
    p99Ms: median(own.map((sample) => sample.p99Ms)),
    perSecond: median(own.map((sample) => sample.perSecond)),
    residentMiB: median(own.map((sample) => sample.residentMiB)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(summaries: readonly Summary[]): void {
  const head = [
    "scenario",
    "in flight",
    "CPU µs",
    "min",
    "yardstick µs",
    "ratio",
    "÷ cached",
    "p50 ms",
    "p99 ms",
    "req/s",
    "RSS MiB",
  ];
  const rows = summaries.map((row) => [
    row.scenario,
    String(row.inFlight),
    row.cpuUsMedian.toFixed(1),
    row.cpuUsMin.toFixed(1),
    row.yardstickUsMedian.toFixed(1),
    `${row.ratioMedian.toFixed(2)} (${row.ratios.map((ratio) => ratio.toFixed(2)).join(" ")})`,
    row.toCached?.toFixed(2) ?? "",
    row.p50Ms.toFixed(2),
    row.p99Ms.toFixed(2),
    row.perSecond.toFixed(0),
    row.residentMiB.toFixed(0),
  ]);
  printTable(head, rows);
}

function printReading(figures: readonly ReadFigures[]): void {
  const head = [
    "reading",
    "bytes",
    "median µs",
    "min",
    "yardstick µs",
    "kept KiB",
    "goal",
    "outcome",
  ];
  const rows = figures.map((row) => [
    row.body,
    String(row.bytes),
    row.medianUs.toFixed(1),
    row.minUs.toFixed(1),
    row.yardstickUs?.toFixed(1) ?? "",
    (row.retainedBytes / 1_024).toFixed(1),
    `${row.goalUs} ${row.isGoalMet ? "met" : "MISSED"}`,
    row.outcome,
  ]);
  printTable(head, rows);
  console.log(
    `yardstick: proto-loader and JSON.parse; goal: median µs, and at most ${RETAINED_BYTES_GOAL / 1_024} KiB kept by a request\n`,
  );
}

function printPolicies(figures: readonly PolicyFigures[]): void {
  const head = [
    "policy",
    "plan µs",
    "min",
    "wasm µs",
    "wasm new",
    "times",
    "load ms",
    "code KiB",
    "goal",
  ];
  const rows = figures.map((row) => [
    row.policy,
    row.planUs.toFixed(2),
    row.planUsMin.toFixed(2),
    row.wasmUs.toFixed(1),
    row.wasmNewUs.toFixed(1),
    row.times.toFixed(1),
    row.loadMs.toFixed(1),
    row.sourceKiB.toFixed(0),
    row.goal,
  ]);
  printTable(head, rows);
  console.log("CPU of the evaluating thread; times: WebAssembly ÷ plan in the same round\n");
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows]) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  }
}

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    json: { type: "string" },
    rounds: { type: "string" },
    checks: { type: "string" },
    scenario: { type: "string" },
  },
});
const settings: Settings = {
  rounds: Number(values.rounds ?? (values.short ? 1 : 3)),
  checks: Number(values.checks ?? (values.short ? 4_000 : 30_000)),
  warmUp: values.short ? 4_000 : 30_000,
  inFlight: values.short ? [64] : [1, 64],
};
const folder = mkdtempSync(join(tmpdir(), "sark-authz-bench-"));
try {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}`;
  console.log(`sark-authz bench: ${machine}, load average ${loadAverages()}`);
  console.log(
    `server on core 0, load on core 1, ${settings.rounds} interleaved rounds of ${settings.checks} Checks ` +
      `after ${settings.warmUp} to warm up; ratio = sidecar ÷ stock grpc-js no-op in the same round\n`,
  );
  const wants = (name: string) => values.scenario === undefined || values.scenario === name;
  const reading = wants("read") ? benchReading(values.short ? 15 : 101) : [];
  if (reading.length > 0) printReading(reading);
  const policies = wants("policy") ? await benchPolicies(folder, values.short ? 3 : 9) : [];
  if (policies.length > 0) printPolicies(policies);
  const summaries: Summary[] = [];
  if (values.scenario === "verify") await benchVerification();
  if (values.scenario === "budget") await benchBudget(values.short ? 20 : 40);
  for (const scenario of BENCH_SCENARIOS) {
    if (!wants(scenario.name)) continue;
    summaries.push(...(await measure(scenario, settings, folder)));
  }
  if (summaries.length > 0) print(summaries);
  console.log(`\nload average afterwards ${loadAverages()}`);
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ machine, settings, reading, policies, summaries }, null, 2)}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
