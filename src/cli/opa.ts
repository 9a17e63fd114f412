/**
 * Runs OPA for the policy commands: finds it, and shows what it says.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { PolicyCase } from "../policy/policy-cases.ts";

export interface PolicyCommand {
  /** Folder with `src/`, `cases/` and `capabilities.json`. */
  readonly policies: string;
  readonly bundle: string;
  /** Path of OPA; undefined = `.tools/bin/opa`, else the PATH. */
  readonly opa: string | undefined;
  readonly entrypoints: readonly string[];
  readonly print: (line: string) => void;
}

/** Undefined, with a message, when there is none. */
export function findOpa(command: PolicyCommand): string | undefined {
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

/** False, with OPA's own words, when it fails. */
export function runOpa(
  command: PolicyCommand,
  opa: string,
  args: readonly string[],
  isQuiet = false,
): boolean {
  const output = opaOutput(command, opa, args);
  if (output === undefined) return false;
  if (!isQuiet && output.trim() !== "") command.print(output.trimEnd());
  return true;
}

/** What it printed; undefined, with OPA's own words, when it fails. */
export function opaOutput(
  command: PolicyCommand,
  opa: string,
  args: readonly string[],
): string | undefined {
  try {
    return execFileSync(opa, args, {
      cwd: command.policies,
      encoding: "utf8",
      maxBuffer: OUTPUT_BYTES_MAX,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    command.print(`opa ${args.join(" ")} failed\n${outputOf(error)}`.trimEnd());
    return undefined;
  }
}

const OUTPUT_BYTES_MAX = 64 * 1_048_576;

/** What a failed process printed. */
export function outputOf(error: unknown): string {
  const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
  return `${stdout ?? ""}${stderr ?? ""}`;
}

/** The answer, or undefined when the rule is. */
export function askOpa(command: PolicyCommand, opa: string, kase: PolicyCase): unknown {
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
