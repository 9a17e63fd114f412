/**
 * `npm run load`: ghz's scenarios against the sidecar, judged by the sidecar's own histogram against
 * SARK's goals, with ghz's client-side figures beside them. `--seconds N`, `--scenario NAME`, `--json FILE`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensure } from "../tools/ensure.ts";
import { buildYardstick } from "./bundles.ts";
import { type GhzScenario, ghzData, ghzScenarios } from "./ghz-scenario.ts";
import { difference, percentileMs, readBuckets } from "./histogram.ts";
import { loadAverages } from "./process-cpu.ts";
import { LOAD_CORE, type Sidecar, startSidecar } from "./sidecar.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SHIPPED_BUNDLE = join(ROOT, "policies/dist/bundle.tar.gz");
const CHECK_HISTOGRAM = "sark_authz_check_duration_seconds";
const EVALUATION_HISTOGRAM = "opa_evaluation_duration_seconds";
/** SARK's plan, in milliseconds and Checks per second. */
const GOALS = { hitP95Ms: 0.5, evaluationP95Ms: 5, rps: 2_000 } as const;
const NS_PER_MS = 1e6;

interface GhzReport {
  readonly count: number;
  readonly rps: number;
  readonly statusCodeDistribution: Record<string, number>;
  readonly latencyDistribution: readonly { percentage: number; latency: number }[] | null;
}

interface Figures {
  readonly scenario: string;
  readonly rps: number;
  readonly count: number;
  readonly ok: number;
  readonly serverP50Ms: number;
  readonly serverP95Ms: number;
  readonly serverP99Ms: number;
  readonly evaluationP95Ms: number;
  readonly clientP50Ms: number;
  readonly clientP95Ms: number;
  readonly clientP99Ms: number;
}

async function runGhz(
  ghz: string,
  sidecar: Sidecar,
  scenario: GhzScenario,
  seconds: number,
  folder: string,
): Promise<GhzReport> {
  const data = join(folder, `${scenario.name}.json`);
  writeFileSync(data, JSON.stringify(ghzData(scenario, sidecar.token)));
  const args = [
    ...[
      "--insecure",
      "--proto",
      "envoy/service/auth/v3/external_auth.proto",
      "--import-paths",
      "proto",
    ],
    ...["--call", "envoy.service.auth.v3.Authorization/Check", "--data-file", data],
    ...["--rps", String(scenario.rps), "--duration", `${seconds}s`, "--duration-stop", "wait"],
    ...["--concurrency", "8", "--connections", "4", "--format", "json"],
    `127.0.0.1:${sidecar.port}`,
  ];
  const child = spawn("taskset", ["-c", String(LOAD_CORE), ghz, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`ghz ended with ${code}`);
  return JSON.parse(output) as GhzReport;
}

async function scrape(sidecar: Sidecar): Promise<string> {
  return (await fetch(`http://127.0.0.1:${sidecar.metricsPort}/metrics`)).text();
}

async function runScenario(
  ghz: string,
  scenario: GhzScenario,
  seconds: number,
  folder: string,
): Promise<Figures> {
  const bundle =
    scenario.bundle === "shipped"
      ? { path: SHIPPED_BUNDLE, entrypoint: undefined }
      : await buildYardstick(scenario.bundle, folder);
  const sidecar = await startSidecar({
    folder: join(folder, `sidecar-${scenario.name}`),
    bundle: bundle.path,
    entrypoint: bundle.entrypoint,
  });
  try {
    await runGhz(ghz, sidecar, scenario, Math.max(2, Math.floor(seconds / 3)), folder);
    const before = await scrape(sidecar);
    const report = await runGhz(ghz, sidecar, scenario, seconds, folder);
    return figuresOf(scenario, report, before, await scrape(sidecar));
  } finally {
    await sidecar.stop();
  }
}

function figuresOf(
  scenario: GhzScenario,
  report: GhzReport,
  before: string,
  after: string,
): Figures {
  const server = difference(
    readBuckets(after, CHECK_HISTOGRAM),
    readBuckets(before, CHECK_HISTOGRAM),
  );
  const evaluation = difference(
    readBuckets(after, EVALUATION_HISTOGRAM),
    readBuckets(before, EVALUATION_HISTOGRAM),
  );
  const client = (percentage: number) => {
    const row = report.latencyDistribution?.find((entry) => entry.percentage === percentage);
    return row === undefined ? Number.NaN : row.latency / NS_PER_MS;
  };
  return {
    scenario: scenario.name,
    rps: report.rps,
    count: report.count,
    ok: report.statusCodeDistribution["OK"] ?? 0,
    serverP50Ms: percentileMs(server, 0.5),
    serverP95Ms: percentileMs(server, 0.95),
    serverP99Ms: percentileMs(server, 0.99),
    evaluationP95Ms: percentileMs(evaluation, 0.95),
    clientP50Ms: client(50),
    clientP95Ms: client(95),
    clientP99Ms: client(99),
  };
}

function print(rows: readonly Figures[]): void {
  const ms = (value: number) => (Number.isNaN(value) ? "-" : value.toFixed(3));
  const head = [
    "scenario",
    "req/s",
    "Checks",
    "ok",
    "server p50",
    "p95",
    "p99 ms",
    "evaluation p95",
    "client p50",
    "p95",
    "p99 ms",
  ];
  const cells = rows.map((row) => [
    row.scenario,
    row.rps.toFixed(0),
    String(row.count),
    String(row.ok),
    ms(row.serverP50Ms),
    ms(row.serverP95Ms),
    ms(row.serverP99Ms),
    ms(row.evaluationP95Ms),
    ms(row.clientP50Ms),
    ms(row.clientP95Ms),
    ms(row.clientP99Ms),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...cells]) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  }
}

function printGoals(rows: readonly Figures[]): void {
  const by = (name: string) => rows.find((row) => row.scenario === name);
  const lines: (readonly [string, boolean | undefined])[] = [
    [`cache hit p95 < ${GOALS.hitP95Ms} ms`, below(by("hit")?.serverP95Ms, GOALS.hitP95Ms)],
    [
      `evaluation p95 < ${GOALS.evaluationP95Ms} ms (mid policy)`,
      below(by("miss-mid")?.evaluationP95Ms, GOALS.evaluationP95Ms),
    ],
    [`>= ${GOALS.rps} req/s sustained, all answered`, sustained(by("hit"))],
  ];
  console.log("");
  for (const [goal, isMet] of lines) {
    console.log(`${isMet === undefined ? "not run" : isMet ? "met    " : "MISSED "}  ${goal}`);
  }
}

function below(value: number | undefined, goal: number): boolean | undefined {
  return value === undefined ? undefined : value < goal;
}

/** Within 2 % of the goal, because ghz starts and ends inside its own window. */
function sustained(row: Figures | undefined): boolean | undefined {
  return row === undefined ? undefined : row.ok === row.count && row.rps >= GOALS.rps * 0.98;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "15" },
    scenario: { type: "string" },
    json: { type: "string" },
  },
});
const { ghz } = await ensure(["ghz"]);
if (ghz === undefined) throw new Error("ghz is needed for the load scenarios");
const folder = mkdtempSync(join(tmpdir(), "sark-authz-load-"));
try {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}`;
  console.log(`sark-authz load: ${machine}, load average ${loadAverages()}`);
  console.log(
    `${values.seconds} s each after a warm-up; server on core 0, ghz on core 1, 8 in flight at most; ` +
      "server = the sidecar's own histogram, client = ghz\n",
  );
  const rows: Figures[] = [];
  for (const scenario of ghzScenarios()) {
    if (values.scenario !== undefined && values.scenario !== scenario.name) continue;
    rows.push(await runScenario(ghz, scenario, Number(values.seconds), folder));
  }
  print(rows);
  printGoals(rows);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
