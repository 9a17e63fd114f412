/** Compiles a few lines of Rego into a bundle with the real OPA. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle } from "../../../src/policy/bundle.ts";
import { PolicyEngine } from "../../../src/policy/engine.ts";

export const OPA = new URL("../../../.tools/bin/opa", import.meta.url).pathname;

/** True, with a note, when these tests can not run here; in CI a missing OPA is a failure. */
export function lacksOpa(): boolean {
  if (existsSync(OPA)) return false;
  if (process.env["CI"] === "true") throw new Error(`OPA is missing: ${OPA}`);
  console.warn("skipped: OPA is missing, `npm test` provides it");
  return true;
}

/** `rego` is the body of package `t`; every name becomes entrypoint `t/<name>`. */
export function compileRego(rego: string, names: readonly string[], data?: object): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-rego-"));
  try {
    writeFileSync(join(folder, "t.rego"), `package t\n\n${rego}\n`);
    if (data !== undefined) writeFileSync(join(folder, "data.json"), JSON.stringify(data));
    const entrypoints = names.flatMap((name) => ["-e", `t/${name}`]);
    const args = ["build", "-t", "wasm", "-b", ".", ...entrypoints, "--revision", "test"];
    execFileSync(OPA, [...args, "-o", "bundle.tar.gz"], { cwd: folder });
    return readFileSync(join(folder, "bundle.tar.gz"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function loadArchive(archive: Uint8Array): Promise<PolicyEngine> {
  const options = { file: "bundle.tar.gz", allowUnsigned: true, requiredEntrypoints: [] };
  return PolicyEngine.load(readBundle(archive, options), options.file);
}
