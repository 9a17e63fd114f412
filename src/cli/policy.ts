/**
 * `sark-authz policy build` and `policy test`: checks, compiles and packs Rego with OPA, and runs every
 * case through OPA, the oracle, and through the engines that serve.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { coverageOf } from "./case-coverage.ts";
import { runCases } from "./case-runs.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { findOpa, type PolicyCommand, runOpa } from "./opa.ts";
import { packBundle, readCaseFiles } from "./pack-bundle.ts";

export const SHIPPED_ENTRYPOINTS = ["mcp/gateway/result", "mcp/gateway/a2a/result"] as const;

/**
 * Checks and packs, and says which cases answer otherwise. With `isCheck` nothing is written, and a
 * difference or a wrong answer is a failure.
 */
export async function policyBuild(command: PolicyCommand, isCheck: boolean): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT_CODE.unavailable;
  if (!lint(command, opa)) return EXIT_CODE.negative;
  const archive = packBundle(command, opa);
  if (archive === undefined) return EXIT_CODE.negative;
  const isExpected = await runCases(command, archive, undefined);

  if (!isCheck) {
    // Written all the same: who changes a rule tries it first and mends the cases then.
    mkdirSync(dirname(command.bundle), { recursive: true });
    writeFileSync(command.bundle, archive);
    command.print(`wrote ${command.bundle} (${archive.length} bytes)`);
    if (!isExpected) command.print("the cases expect other answers: mend the rules or the cases");
    return EXIT_CODE.success;
  }
  if (!isExpected) return EXIT_CODE.negative;
  const isSame = existsSync(command.bundle) && archive.equals(readFileSync(command.bundle));
  command.print(
    isSame
      ? `${command.bundle} is what the sources build`
      : `${command.bundle} differs from what the sources build: run "npm run policy:build" and commit it`,
  );
  return isSame ? EXIT_CODE.success : EXIT_CODE.negative;
}

/**
 * Rego tests with full coverage, then every case through OPA and through the engine. With a threshold also
 * how many rows of the rules the cases evaluate; fewer percent are a failure.
 */
export async function policyTest(
  command: PolicyCommand,
  thresholdPercent?: number,
): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT_CODE.unavailable;
  if (!lint(command, opa)) return EXIT_CODE.negative;
  const isTested = runOpa(command, opa, ["test", "--fail-on-empty", "src"]);
  const isCovered = runOpa(command, opa, ["test", "--coverage", "--threshold", "95", "src"], true);
  if (!isTested || !isCovered) return EXIT_CODE.negative;
  const archive = packBundle(command, opa);
  if (archive === undefined) return EXIT_CODE.negative;
  if (!(await runCases(command, archive, opa))) return EXIT_CODE.negative;
  const isEnough =
    thresholdPercent === undefined || tellCoverage(command, archive, thresholdPercent);
  return isEnough ? EXIT_CODE.success : EXIT_CODE.negative;
}

function tellCoverage(
  command: PolicyCommand,
  archive: Uint8Array,
  thresholdPercent: number,
): boolean {
  const cases = readCaseFiles(command.policies).flatMap(({ kase }) => kase ?? []);
  const { percent, lines } = coverageOf(archive, cases);
  for (const line of lines) command.print(line);
  if (percent >= thresholdPercent) return true;
  command.print(`below the threshold of ${thresholdPercent} %: add cases for the rows not covered`);
  return false;
}

function lint(command: PolicyCommand, opa: string): boolean {
  const check = ["check", "--strict", "--capabilities", "capabilities.json", "src"];
  return runOpa(command, opa, check) && runOpa(command, opa, ["fmt", "--list", "--fail", "src"]);
}
