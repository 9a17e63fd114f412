/**
 * `npm test`: provides the real tools, runs every test, and closes with `N passed, N failed`.
 * Arguments are handed to vitest. A tool that can not be provided fails the run in CI.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensure } from "./ensure.ts";

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

async function provideTools(): Promise<void> {
  try {
    await ensure(["envoy", "python", "opa", "opa-oracle", "ghz", "valkey"]);
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    console.error(
      `${error instanceof Error ? error.message : error}\nTests that need it are skipped.`,
    );
  }
}

function runVitest(report: string, extra: readonly string[]): Promise<number> {
  const files = ["--config", "test/vitest.config.ts", "--reporter=default", "--reporter=json"];
  const child = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", ...files, `--outputFile.json=${report}`, ...extra],
    { stdio: "inherit" },
  );
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

await provideTools();
const folder = mkdtempSync(join(tmpdir(), "sark-authz-test-"));
try {
  const report = join(folder, "report.json");
  const code = await runVitest(report, process.argv.slice(2));
  const counts = JSON.parse(readFileSync(report, "utf8")) as VitestReport;
  const skippedInCi = process.env["CI"] === "true" ? counts.numPendingTests : 0;
  const failed = Math.max(counts.numFailedTests, counts.numFailedTestSuites) + skippedInCi;
  if (skippedInCi > 0) console.error(`${skippedInCi} skipped tests count as failed in CI`);
  console.log(
    `${counts.numPassedTests} passed, ${code === 0 ? failed : Math.max(failed, 1)} failed`,
  );
  process.exitCode = code === 0 && failed === 0 && counts.numPassedTests > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
