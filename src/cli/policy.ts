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
import { basename, dirname, join, resolve } from "node:path";
import { readBundle } from "../policy/bundle.ts";
import { PolicyEngine } from "../policy/engine.ts";

export const EXIT = { ok: 0, negative: 1, unavailable: 69 } as const;

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

/** Checks, tests and packs; with `isCheck` nothing is written and a difference is a failure. */
export async function policyBuild(command: PolicyCommand, isCheck: boolean): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT.unavailable;
  if (!lint(command, opa)) return EXIT.negative;
  const archive = build(command, opa);
  if (!(await runCases(command, archive, undefined))) return EXIT.negative;

  if (!isCheck) {
    mkdirSync(dirname(command.bundle), { recursive: true });
    writeFileSync(command.bundle, archive);
    command.print(`wrote ${command.bundle} (${archive.length} bytes)`);
    return EXIT.ok;
  }
  const isSame = existsSync(command.bundle) && archive.equals(readFileSync(command.bundle));
  command.print(
    isSame
      ? `${command.bundle} is what the sources build`
      : `${command.bundle} differs from what the sources build: run "npm run policy:build" and commit it`,
  );
  return isSame ? EXIT.ok : EXIT.negative;
}

/** Rego tests with full coverage, then every case through OPA and through the engine. */
export async function policyTest(command: PolicyCommand): Promise<number> {
  const opa = findOpa(command);
  if (opa === undefined) return EXIT.unavailable;
  if (!lint(command, opa)) return EXIT.negative;
  const isTested = run(command, opa, ["test", "--fail-on-empty", "src"]);
  const isCovered = run(command, opa, ["test", "--coverage", "--threshold", "95", "src"], true);
  if (!isTested || !isCovered) return EXIT.negative;
  const isSame = await runCases(command, build(command, opa), opa);
  return isSame ? EXIT.ok : EXIT.negative;
}

function findOpa(command: PolicyCommand): string | undefined {
  const candidates = command.opa === undefined ? [resolve(".tools/bin/opa"), "opa"] : [command.opa];
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
    const output = execFileSync(opa, args, { cwd: command.policies, encoding: "utf8" });
    if (!isQuiet && output.trim() !== "") command.print(output.trimEnd());
    return true;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    command.print(`opa ${args.join(" ")} failed\n${stdout ?? ""}${stderr ?? ""}`.trimEnd());
    return false;
  }
}

const REVISION_CHARACTERS = 16;

/** The same bytes for the same sources: the revision is their digest, and OPA writes no times. */
function build(command: PolicyCommand, opa: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-policy-"));
  try {
    const output = join(folder, "bundle.tar.gz");
    const entrypoints = command.entrypoints.flatMap((name) => ["-e", name]);
    const options = ["--capabilities", "capabilities.json", "--ignore", "*_test.rego"];
    execFileSync(
      opa,
      [
        ...["build", "-t", "wasm", "-b", "src", ...entrypoints, ...options],
        ...["--revision", revisionOf(command.policies), "-o", output],
      ],
      { cwd: command.policies, stdio: ["ignore", "ignore", "inherit"] },
    );
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
    const kase = JSON.parse(readFileSync(join(folder, file), "utf8")) as PolicyCase;
    const answers: (readonly [string, unknown])[] = [["engine", await askEngine(archive, kase)]];
    if (opa !== undefined) answers.push(["opa", askOpa(command, opa, kase)]);
    for (const [who, answer] of answers) {
      if (canonical(answer) === canonical(kase.expected)) continue;
      failed++;
      command.print(`${basename(file)} (${kase.description}): ${who} answers ${canonical(answer)}`);
    }
  }
  const asked = opa === undefined ? "the engine" : "OPA and the engine";
  command.print(`${files.length} cases through ${asked}: ${failed} wrong answers`);
  return failed === 0;
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
