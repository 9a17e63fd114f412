/**
 * Sources → one bundle with everything an engine may run: plan, WebAssembly module, data, cases and
 * annotations under one revision. The same sources give the same bytes: the revision is their digest, and no times are written.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANNOTATIONS_FILE, collectAnnotations } from "../policy/annotations.ts";
import { isPolicyCase, type PolicyCase } from "../policy/policy-cases.ts";
import { readTarGz } from "../policy/tar.ts";
import { writeTarGz } from "../policy/tar-writer.ts";
import { opaOutput, type PolicyCommand, runOpa } from "./opa.ts";

const REVISION_CHARACTERS = 16;
/** OPA writes it last, and so do we. */
const MANIFEST = ".manifest";

/** A case by its file, or the file alone when it holds none. */
export interface CaseFile {
  readonly file: string;
  readonly kase: PolicyCase | undefined;
}

export function readCaseFiles(policies: string): readonly CaseFile[] {
  const folder = join(policies, "cases");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => ({ file, kase: readCase(join(folder, file)) }));
}

function readCase(path: string): PolicyCase | undefined {
  try {
    const kase: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isPolicyCase(kase) ? kase : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined, with OPA's own words, when the sources do not compile. */
export function packBundle(command: PolicyCommand, opa: string): Buffer | undefined {
  const wasm = build(command, opa, "wasm");
  const plan = wasm && build(command, opa, "plan");
  const planJson = plan?.get("plan.json");
  if (wasm === undefined || planJson === undefined) return undefined;
  const files = new Map(wasm);
  files.delete(MANIFEST);
  files.set("plan.json", planJson);
  const cases = readCaseFiles(command.policies).flatMap(({ kase }) => kase ?? []);
  if (cases.length > 0) files.set("cases.json", Buffer.from(JSON.stringify(cases)));
  const inspection = opaOutput(command, opa, ["inspect", "-a", "-f", "json", "src"]);
  const annotations = inspection === undefined ? undefined : collectAnnotations(inspection);
  if (annotations === undefined) return undefined;
  if (annotations.length > 0) {
    files.set(ANNOTATIONS_FILE, Buffer.from(JSON.stringify(annotations)));
  }
  const manifest = wasm.get(MANIFEST);
  if (manifest !== undefined) files.set(MANIFEST, manifest);
  return writeTarGz(files);
}

function build(
  command: PolicyCommand,
  opa: string,
  target: "plan" | "wasm",
): ReadonlyMap<string, Uint8Array> | undefined {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-policy-"));
  try {
    const output = join(folder, "bundle.tar.gz");
    const entrypoints = command.entrypoints.flatMap((name) => ["-e", name]);
    const options = ["--capabilities", "capabilities.json", "--ignore", "*_test.rego"];
    const args = ["build", "-t", target, "-b", "src", ...entrypoints, ...options];
    const revision = revisionOf(command.policies);
    if (!runOpa(command, opa, [...args, "--revision", revision, "-o", output])) return undefined;
    return readTarGz(readFileSync(output), output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Digest of the sources, tests left out. */
export function revisionOf(policies: string): string {
  const source = join(policies, "src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(rego|json|yaml)$/.test(file) && !file.endsWith("_test.rego"))
    .sort();
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(source, file)));
  return digest.digest("hex").slice(0, REVISION_CHARACTERS);
}
