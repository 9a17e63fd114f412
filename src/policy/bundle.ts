/**
 * An OPA bundle as the sidecar takes it: the policy as a plan and as a WebAssembly module, its data, its
 * cases, and a manifest that names the revision. Checked before anything is compiled.
 *
 * @module
 */
import { hash } from "node:crypto";
import { ConfigError } from "../domain/errors.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { ANNOTATIONS_BYTES_MAX, ANNOTATIONS_FILE } from "./annotations.ts";
import { parseJson } from "./plan/values/json.ts";
import { isObject, type PlainObject, type Value } from "./plan/values/value.ts";
import type { EngineName } from "./policy-engine.ts";
import { readTarGz } from "./tar.ts";

const MODULE_BYTES_MAX = 8 * 1_048_576;
const PLAN_BYTES_MAX = 8 * 1_048_576;
const CASES_BYTES_MAX = 1_048_576;
const DATA_BYTES_MAX = 16 * 1_048_576;
/** As the manifest writes it; entrypoints of any other module are none of ours. */
const MODULE_NAME = "/policy.wasm";
const WASM_MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

export interface Bundle {
  /** Manifest revision and archive digest: two archives never share one. */
  readonly revision: string;
  /** Present when the engine needs it. */
  readonly module: Uint8Array<ArrayBuffer> | undefined;
  /** JSON text of the plan; present when the engine needs it. */
  readonly plan: string | undefined;
  /** The base document, numbers exact. */
  readonly data: Value;
  /** The same as JSON text, for the module. */
  readonly dataText: Uint8Array;
  /** JSON text of the cases that a new policy has to answer, if the bundle brings any. */
  readonly cases: Uint8Array | undefined;
  /** JSON text of what `# METADATA` says of rules, for explanations. */
  readonly annotations: Uint8Array | undefined;
  /** Of the module, as the manifest promises them. */
  readonly moduleEntrypoints: readonly string[];
}

export interface BundleOptions {
  /** Named in problems. */
  readonly file: string;
  /** Signatures are not verified yet, so a bundle is only taken when this is said out loud. */
  readonly allowUnsigned: boolean;
  readonly engine: EngineName;
}

/** The same policy over another base document. */
export function withData(bundle: Bundle, data: object): Bundle {
  const text = JSON.stringify(data);
  return { ...bundle, data: parseJson(text), dataText: Buffer.from(text) };
}

/** @throws {ConfigError} naming the file, what is wrong and what to do. */
export function readBundle(archive: Uint8Array, options: BundleOptions): Bundle {
  const fail = (problem: string): never => {
    throw new ConfigError([`${options.file}: ${problem}`]);
  };
  const files = readTarGz(archive, options.file);
  if (files.has(".signatures.json")) {
    fail("bundle.signature: signed, but no verification key is configured; build it unsigned");
  }
  if (!options.allowUnsigned) {
    fail("bundle.signature: unsigned; set policy.insecure_unsigned_bundle: true to accept that");
  }
  if (files.has("patch.json")) fail("bundle.tar: delta bundles are not accepted");
  if ([...files.keys()].some((name) => name.startsWith("optimized/"))) {
    fail("bundle.tar: optimised bundles change answers; build without -O");
  }
  const { engine } = options;
  const manifest = readJson(files.get(".manifest"), "the manifest", fail);
  const dataText = files.get("data.json") ?? Buffer.from("{}");
  const data = readJson(dataText, "data.json", fail) as PlainObject;
  const cases = files.get("cases.json");
  if (cases !== undefined && cases.length > CASES_BYTES_MAX) {
    fail("bundle.too_large: cases.json is above 1 MiB");
  }
  const annotations = files.get(ANNOTATIONS_FILE);
  if (annotations !== undefined && annotations.length > ANNOTATIONS_BYTES_MAX) {
    fail("bundle.too_large: annotations.json is above 1 MiB");
  }
  return {
    revision: revisionOf(manifest, archive, fail),
    module: engine === "plan" ? undefined : readModule(files, engine, fail),
    plan: engine === "wasm" ? undefined : readPlan(files, engine, fail),
    data,
    dataText,
    cases,
    annotations,
    moduleEntrypoints: moduleEntrypointsOf(manifest),
  };
}

type Fail = (problem: string) => never;
type Files = ReadonlyMap<string, Uint8Array>;

function readJson(bytes: Uint8Array | undefined, what: string, fail: Fail): JsonObject {
  if (bytes === undefined) return fail(`bundle.tar: ${what} is missing`);
  if (bytes.length > DATA_BYTES_MAX) fail(`bundle.too_large: ${what} is above 16 MiB`);
  try {
    const value = parseJson(Buffer.from(bytes).toString("utf8"));
    if (isObject(value)) return value as JsonObject;
  } catch {
    // Answered below: the parser's own message may quote data.
  }
  return fail(`bundle.tar: ${what} is not a JSON object`);
}

function readModule(files: Files, engine: EngineName, fail: Fail): Uint8Array<ArrayBuffer> {
  const bytes = files.get("policy.wasm");
  if (bytes === undefined) {
    return fail(
      `bundle.abi: policy.wasm is missing, which policy.engine ${engine} runs; build with ` +
        `"sark-authz policy build", or "opa build -t wasm" for engine wasm`,
    );
  }
  if (bytes.length > MODULE_BYTES_MAX) fail("bundle.too_large: policy.wasm is above 8 MiB");
  if (!WASM_MAGIC.equals(bytes.subarray(0, WASM_MAGIC.length))) {
    fail("bundle.abi: policy.wasm is no WebAssembly module");
  }
  return Uint8Array.from(bytes);
}

/** The text only: what it says is checked where it is compiled. */
function readPlan(files: Files, engine: EngineName, fail: Fail): string {
  const bytes = files.get("plan.json");
  if (bytes === undefined) {
    return fail(
      `bundle.plan: plan.json is missing, which policy.engine ${engine} runs; build with ` +
        `"sark-authz policy build", or set policy.engine: wasm`,
    );
  }
  if (bytes.length > PLAN_BYTES_MAX) fail("bundle.too_large: plan.json is above 8 MiB");
  return textOf(bytes, "plan.json", fail);
}

function textOf(bytes: Uint8Array, what: string, fail: Fail): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail(`bundle.tar: ${what} is not UTF-8`);
  }
}

function moduleEntrypointsOf(manifest: JsonObject): readonly string[] {
  const modules = Array.isArray(manifest["wasm"]) ? manifest["wasm"] : [];
  const names = modules.map((module) =>
    isJsonObject(module) && module["module"] === MODULE_NAME ? module["entrypoint"] : undefined,
  );
  return names.filter((name) => typeof name === "string");
}

const DIGEST_CHARACTERS = 12;

function revisionOf(manifest: JsonObject, archive: Uint8Array, fail: Fail): string {
  const revision = manifest["revision"];
  if (typeof revision !== "string" || !/^[A-Za-z0-9._:+-]{1,64}$/.test(revision)) {
    return fail("bundle.revision: the manifest has no revision; build with --revision");
  }
  return `${revision}-${hash("sha256", archive, "hex").slice(0, DIGEST_CHARACTERS)}`;
}
