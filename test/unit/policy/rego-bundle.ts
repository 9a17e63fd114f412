/** Compiles a few lines of Rego into a bundle with the real OPA. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle } from "../../../src/policy/bundle.ts";
import { DEFAULT_LIMITS } from "../../../src/policy/plan/values/budget.ts";
import { PlanEngine } from "../../../src/policy/plan-engine.ts";
import { readTarGz } from "../../../src/policy/tar.ts";
import { writeTarGz } from "../../../src/policy/tar-writer.ts";
import { WasmEngine } from "../../../src/policy/wasm-engine.ts";

export const OPA = new URL("../../../.tools/bin/opa", import.meta.url).pathname;

/** True, with a note, when these tests can not run here; in CI a missing OPA is a failure. */
export function lacksOpa(): boolean {
  if (existsSync(OPA)) return false;
  if (process.env["CI"] === "true") throw new Error(`OPA is missing: ${OPA}`);
  console.warn("skipped: OPA is missing, `npm test` provides it");
  return true;
}

/** `rego` is the body of package `t`; every name becomes entrypoint `t/<name>`. */
export function compileRego(
  rego: string,
  names: readonly string[],
  data?: object | string,
  target: "plan" | "wasm" = "wasm",
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-rego-"));
  try {
    writeFileSync(join(folder, "t.rego"), `package t\n\n${rego}\n`);
    if (data !== undefined) writeFileSync(join(folder, "data.json"), jsonText(data));
    const entrypoints = names.flatMap((name) => ["-e", `t/${name}`]);
    const args = ["build", "-t", target, "-b", ".", ...entrypoints, "--revision", "test"];
    execFileSync(OPA, [...args, "-o", "bundle.tar.gz"], { cwd: folder });
    return readFileSync(join(folder, "bundle.tar.gz"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Text stays as it is written, with numbers that JavaScript has not. */
function jsonText(data: object | string): string {
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** One bundle with the module and the plan. */
export function compileBoth(rego: string, names: readonly string[]): Buffer {
  const files = new Map(readTarGz(compileRego(rego, names), "wasm"));
  const plan = readTarGz(compileRego(rego, names, undefined, "plan"), "plan").get("plan.json");
  return writeTarGz(files.set("plan.json", plan ?? Buffer.from("")));
}

export function loadArchive(archive: Uint8Array): Promise<WasmEngine> {
  const options = { file: "bundle.tar.gz", allowUnsigned: true, engine: "wasm" } as const;
  return WasmEngine.load(readBundle(archive, options), options.file);
}

export function loadPlan(archive: Uint8Array, limits = DEFAULT_LIMITS): PlanEngine {
  const options = { file: "bundle.tar.gz", allowUnsigned: true, engine: "plan" } as const;
  return PlanEngine.load(readBundle(archive, options), options.file, limits);
}
