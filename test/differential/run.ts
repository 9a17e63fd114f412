/**
 * `npm run differential -- --evaluations 100000`: random policies, answered by OPA and by the engine. A
 * disagreement ends with code 1 and leaves a file with what is needed to see it again. `--seed N`,
 * `--time SECONDS`, `--inputs N` for each module.
 *
 * @module
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { OpaOracle } from "../support/opa-oracle.ts";
import { campaign } from "./campaign.ts";
import { minimal } from "./minimal.ts";

/** Making a question small asks it a hundred times. */
const MINIMAL_MAX = 5;

const { values } = parseArgs({
  options: {
    evaluations: { type: "string", default: "100000" },
    time: { type: "string", default: "600" },
    seed: { type: "string" },
    inputs: { type: "string", default: "60" },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const startedMs = performance.now();
const seconds = () => (performance.now() - startedMs) / 1_000;

console.log(`differential: seed ${seed}`);
const oracles = await Promise.all([OpaOracle.open(), OpaOracle.open()]);
try {
  const report = await campaign(oracles, {
    seed,
    inputsPerModule: Number(values.inputs),
    isOver: (evaluations) =>
      evaluations >= Number(values.evaluations) || seconds() >= Number(values.time),
  });
  const { modules, refused, unplanned, evaluations } = report;
  const rate = (evaluations / seconds()).toFixed(0);
  console.log(`${modules} modules, ${evaluations} evaluations`);
  console.log(`${refused} modules that OPA refuses, ${unplanned} of which it makes a wrong plan`);
  console.log(`${seconds().toFixed(0)} s, ${rate} evaluations/s`);
  for (const [answer, count] of report.agreed)
    console.log(`${String(count).padStart(10)} ${answer}`);
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-differential-"));
  for (const [index, found] of report.disagreements.entries()) {
    const { question, entrypoint, ours, opa } =
      index < MINIMAL_MAX ? await minimal(oracles[0], found) : found;
    const file = join(folder, `${found.seed}.json`);
    const [inputText] = question.inputTexts;
    const { modules: sources, dataText } = question;
    const seen = { seed: found.seed, entrypoint, inputText, dataText, ours, opa, modules: sources };
    writeFileSync(file, `${JSON.stringify(seen, undefined, 2)}\n`);
    const text = Object.values(sources).join("\n");
    console.error(`\n${file}\n${text}input ${inputText}\nours ${ours}\nOPA  ${opa}`);
    process.exitCode = 1;
  }
  console.log(`${report.disagreements.length} modules with disagreements`);
} finally {
  for (const oracle of oracles) oracle.close();
}
