/**
 * `npm run fuzz -- --time 60`: every target on every core, seconds shared out by weight. A broken promise
 * ends with code 1 and leaves its input in a file. `--target NAME`, `--seed N`, `--list`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TARGETS } from "./targets/all.ts";

interface Row {
  readonly target: string;
  readonly runs: number;
  readonly outcomes: number;
  readonly seconds: number;
  readonly failure?: { readonly file: string; readonly text: string };
}

const { values } = parseArgs({
  options: {
    time: { type: "string", default: "60" },
    target: { type: "string", multiple: true },
    seed: { type: "string" },
    list: { type: "boolean", default: false },
  },
});
const WORKER = new URL("worker.ts", import.meta.url).pathname;

function runWorker(seed: number, names: readonly string[], folder: string): Promise<Row[]> {
  const job = JSON.stringify({ seed, names, seconds: Number(values.time), folder });
  const child = spawn(process.execPath, [WORKER, job], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.trimEnd().split("\n").at(-1) ?? "[]") as Row[]);
      else reject(new Error(`a fuzz process ended with ${code}`));
    });
  });
}

function print(names: readonly string[], rows: readonly Row[]): void {
  const table = names.map((name) => {
    const own = rows.filter(({ target }) => target === name);
    const runs = own.reduce((sum, row) => sum + row.runs, 0);
    const seconds = Math.max(...own.map((row) => row.seconds));
    const outcomes = Math.max(...own.map((row) => row.outcomes));
    return [name, String(runs), (runs / seconds).toFixed(0), String(outcomes)];
  });
  const head = ["target", "runs", "runs/s", "outcomes"];
  for (const row of [head, ...table]) {
    console.log(row.map((cell, at) => (at === 0 ? cell.padEnd(16) : cell.padStart(10))).join(" "));
  }
}

const known = TARGETS.map(({ name }) => name);
const names = values.target ?? known;
const unknown = names.filter((name) => !known.includes(name));
if (values.list) console.log(known.join("\n"));
else if (unknown.length > 0) {
  console.error(`no target ${unknown.join(", ")}; there are ${known.join(", ")}`);
  process.exitCode = 64;
} else {
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const workers = availableParallelism();
  console.log(`fuzz: ${workers} processes on ${cpus()[0]?.model ?? "?"}, seed ${seed}\n`);
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-fuzz-"));
  const seeds = Array.from({ length: workers }, (_, index) => seed + index * 7_919);
  const rows = (await Promise.all(seeds.map((each) => runWorker(each, names, folder)))).flat();
  print(names, rows);
  for (const { target, failure } of rows) {
    if (failure === undefined) continue;
    console.error(`\n${target}: ${failure.text}\ninput: ${failure.file}`);
    console.error(`keep it as test/fixtures/fuzz/${target}/NAME.bin once it is mended`);
    process.exitCode = 1;
  }
}
