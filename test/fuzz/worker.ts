/** A process of its own that fuzzes every chosen target in turn; its last line is the report. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { campaign } from "./campaign.ts";
import { failedInputs } from "./failed-inputs.ts";
import { TARGETS } from "./targets/all.ts";

interface Job {
  readonly names: readonly string[];
  readonly seed: number;
  /** Time of this process, shared out by weight. */
  readonly seconds: number;
  /** Where a failing input is left. */
  readonly folder: string;
}

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
const targets = TARGETS.filter(({ name }) => job.names.includes(name));
const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
const reports = [];
for (const target of targets) {
  const startedMs = performance.now();
  const lengthMs = (job.seconds * 1_000 * target.weight) / weights;
  const { failure, ...report } = await campaign(target, {
    seed: job.seed,
    extra: failedInputs(target.name),
    isOver: () => performance.now() - startedMs >= lengthMs,
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  if (failure === undefined) reports.push({ ...report, seconds });
  else {
    const file = join(job.folder, `${target.name}-${job.seed}.bin`);
    writeFileSync(file, failure.input);
    const { error } = failure;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    reports.push({ ...report, seconds, failure: { file, text } });
  }
}
console.log(JSON.stringify(reports));
