/**
 * `sark-authz policy build` and `policy test`: checks, compiles and packs Rego with OPA, and runs every
 * case through OPA, the oracle, and through the engine that serves.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../domain/errors.ts";
import { readBundle } from "../policy/bundle.ts";
import { PolicyEngine } from "../policy/engine.ts";
import { PolicyFailure } from "../policy/policy-failure.ts";
import { EXIT_CODE } from "./exit-code.ts";

export interface PolicyCommand {
  /** Folder with `src/`, `cases/` and `capabilities.json`. */
  readonly policies: string;
  readonly bundle: string;
  /** Path of OPA; undefined = `.tools/bin/opa`, else the PATH. */
  readonly opa: string | undefined;
  readonly entrypoints: readonly string[];
  readonly print: (line: string) => void;
}

export const SHIPPED_ENTRYPOINTS = ["mcp/gateway/result", "mcp/gateway/a2a/result"] as const;

interface PolicyCase {
  readonly description: string;
  readonly entrypoint: string;
  readonly input: object;
  readonly data?: object;
  readonly expected: unknown;
}

/**
 * Checks and packs, and says which cases answer otherwise. With `isCheck` nothing is written, and a
 * difference or a wrong answer is a failure.
 */
export async function policyBuild(command: PolicyCommand, isCheck: boolean): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT_CODE.unavailable;
  if (!lint(command, opa)) return EXIT_CODE.negative;
  const archive = build(command, opa);
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

/** Rego tests with full coverage, then every case through OPA and through the engine. */
export async function policyTest(command: PolicyCommand): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT_CODE.unavailable;
  if (!lint(command, opa)) return EXIT_CODE.negative;
  const isTested = run(command, opa, ["test", "--fail-on-empty", "src"]);
  const isCovered = run(command, opa, ["test", "--coverage", "--threshold", "95", "src"], true);
  if (!isTested || !isCovered) return EXIT_CODE.negative;
  const archive = build(command, opa);
  if (archive === undefined) return EXIT_CODE.negative;
  return (await runCases(command, archive, opa)) ? EXIT_CODE.success : EXIT_CODE.negative;
}

function findOpa(command: PolicyCommand): string | undefined {
  if (!existsSync(join(command.policies, "src"))) {
    command.print(`${command.policies} has no folder src: name the policies with --policies`);
    return undefined;
  }
  const candidates =
    command.opa === undefined ? [resolve(".tools/bin/opa"), "opa"] : [fromHere(command.opa)];
  for (const candidate of candidates) {
    try {
      execFileSync(candidate, ["version"], { stdio: "ignore" });
      return candidate;
    } catch {
      // Try the next place; the message below names them all.
    }
  }
  command.print(
    `OPA was not found (${candidates.join(", ")}): name it with --opa, or run "node tools/ensure.ts opa"`,
  );
  return undefined;
}

/** OPA runs inside the policies; a bare name is looked up on the PATH. */
function fromHere(opa: string): string {
  return opa.includes("/") ? resolve(opa) : opa;
}

function lint(command: PolicyCommand, opa: string): boolean {
  const check = ["check", "--strict", "--capabilities", "capabilities.json", "src"];
  return run(command, opa, check) && run(command, opa, ["fmt", "--list", "--fail", "src"]);
}

function run(
  command: PolicyCommand,
  opa: string,
  args: readonly string[],
  isQuiet = false,
): boolean {
  try {
    const output = execFileSync(opa, args, {
      cwd: command.policies,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (!isQuiet && output.trim() !== "") command.print(output.trimEnd());
    return true;
  } catch (error) {
    command.print(`opa ${args.join(" ")} failed\n${outputOf(error)}`.trimEnd());
    return false;
  }
}

function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
  return `${stdout ?? ""}${stderr ?? ""}`;
}

const REVISION_CHARACTERS = 16;

/** The same bytes for the same sources: the revision is their digest, and OPA writes no times. */
function build(command: PolicyCommand, opa: string): Buffer | undefined {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-policy-"));
  try {
    const output = join(folder, "bundle.tar.gz");
    const entrypoints = command.entrypoints.flatMap((name) => ["-e", name]);
    const options = ["--capabilities", "capabilities.json", "--ignore", "*_test.rego"];
    const args = ["build", "-t", "wasm", "-b", "src", ...entrypoints, ...options];
    const revision = revisionOf(command.policies);
    if (!run(command, opa, [...args, "--revision", revision, "-o", output])) return undefined;
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function revisionOf(policies: string): string {
  const source = join(policies, "src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(rego|json|yaml)$/.test(file) && !file.endsWith("_test.rego"))
    .sort();
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(source, file)));
  return digest.digest("hex").slice(0, REVISION_CHARACTERS);
}

/** With `opa` every case is asked of both and they must agree; without, of the engine alone. */
async function runCases(
  command: PolicyCommand,
  archive: Buffer,
  opa: string | undefined,
): Promise<boolean> {
  const folder = join(command.policies, "cases");
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".json"))
    : [];
  let failed = 0;
  for (const file of files.sort()) {
    const kase = readCase(join(folder, file));
    if (kase === undefined) {
      failed++;
      command.print(`${file}: not a case; it needs description, entrypoint, input and expected`);
      continue;
    }
    const answers = [["engine", await answerOf(() => askEngine(archive, kase))]];
    if (opa !== undefined) answers.push(["opa", await answerOf(() => askOpa(command, opa, kase))]);
    for (const [who, answer] of answers) {
      if (answer === canonical(kase.expected)) continue;
      failed++;
      command.print(`${file} (${kase.description}): ${who} answers ${answer}`);
    }
  }
  const asked = opa === undefined ? "the engine" : "OPA and the engine";
  command.print(`${files.length} cases through ${asked}: ${failed} wrong answers`);
  return failed === 0;
}

function readCase(path: string): PolicyCase | undefined {
  try {
    const kase = JSON.parse(readFileSync(path, "utf8")) as Partial<PolicyCase>;
    const isWhole = typeof kase.entrypoint === "string" && typeof kase.input === "object";
    return isWhole ? (kase as PolicyCase) : undefined;
  } catch {
    return undefined;
  }
}

/** An engine or an OPA that gives up is an answer too, and never the expected one. */
async function answerOf(ask: () => unknown): Promise<string> {
  try {
    return canonical(await ask());
  } catch (thrown) {
    const isKnown = thrown instanceof ConfigError || thrown instanceof PolicyFailure;
    return isKnown ? thrown.message : `an error: ${outputOf(thrown) || String(thrown)}`;
  }
}

/** The answer, or undefined when the rule is. */
async function askEngine(archive: Buffer, kase: PolicyCase): Promise<unknown> {
  const options = { file: "bundle", allowUnsigned: true, requiredEntrypoints: [kase.entrypoint] };
  const bundle = readBundle(archive, options);
  const data = kase.data === undefined ? bundle.data : Buffer.from(JSON.stringify(kase.data));
  const engine = await PolicyEngine.load({ ...bundle, data }, "bundle");
  const { resultSet } = engine.evaluate(kase.entrypoint, kase.input, 0);
  return (resultSet as { result: unknown }[])[0]?.result;
}

function askOpa(command: PolicyCommand, opa: string, kase: PolicyCase): unknown {
  const query = `data.${kase.entrypoint.replaceAll("/", ".")}`;
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-case-"));
  try {
    writeFileSync(join(folder, "data.json"), JSON.stringify(kase.data ?? {}));
    const args = ["eval", "-d", "src", "-d", join(folder, "data.json"), "-I", "-f", "json", query];
    const output = execFileSync(opa, args, {
      cwd: command.policies,
      encoding: "utf8",
      input: JSON.stringify(kase.input),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const parsed = JSON.parse(output) as { result?: { expressions: { value: unknown }[] }[] };
    return parsed.result?.[0]?.expressions[0]?.value;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Members sorted, so that only the content counts. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) =>
      typeof member === "object" && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? "undefined"
  );
}
