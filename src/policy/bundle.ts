/**
 * An OPA bundle as the sidecar takes it: one WebAssembly module, its data, and a manifest that names
 * entrypoints and revision. Checked before anything is compiled.
 *
 * @module
 */
import { hash } from "node:crypto";
import { ConfigError } from "../domain/errors.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { readTarGz } from "./tar.ts";

const MODULE_BYTES_MAX = 8 * 1_048_576;
const DATA_BYTES_MAX = 16 * 1_048_576;
/** As the manifest writes it; entrypoints of any other module are none of ours. */
const MODULE_NAME = "/policy.wasm";
const WASM_MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

export interface Bundle {
  /** Manifest revision and archive digest: two archives never share one. */
  readonly revision: string;
  readonly module: Uint8Array<ArrayBuffer>;
  /** JSON text of the base document; number literals stay as they were written. */
  readonly data: Uint8Array;
  readonly entrypoints: readonly string[];
}

export interface BundleOptions {
  /** Named in problems. */
  readonly file: string;
  /** Signatures are not verified yet, so a bundle is only taken when this is said out loud. */
  readonly allowUnsigned: boolean;
  readonly requiredEntrypoints: readonly string[];
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
  const manifest = readJson(files.get(".manifest"), "the manifest", fail);
  const module = readModule(files.get("policy.wasm"), fail);
  const data = files.get("data.json") ?? Buffer.from("{}");
  readJson(data, "data.json", fail);
  const entrypoints = entrypointsOf(manifest);
  for (const name of options.requiredEntrypoints) {
    if (!entrypoints.includes(name)) {
      fail(`bundle.abi: entrypoint ${name} is missing; it has ${entrypoints.join(", ") || "none"}`);
    }
  }
  return { revision: revisionOf(manifest, archive, fail), module, data, entrypoints };
}

type Fail = (problem: string) => never;

function readJson(bytes: Uint8Array | undefined, what: string, fail: Fail): JsonObject {
  if (bytes === undefined) return fail(`bundle.tar: ${what} is missing`);
  if (bytes.length > DATA_BYTES_MAX) fail(`bundle.too_large: ${what} is above 16 MiB`);
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (isJsonObject(value)) return value;
  } catch {
    // Answered below: the parser's own message may quote data.
  }
  return fail(`bundle.tar: ${what} is not a JSON object`);
}

function readModule(bytes: Uint8Array | undefined, fail: Fail): Uint8Array<ArrayBuffer> {
  if (bytes === undefined) {
    return fail('bundle.abi: policy.wasm is missing; build with "opa build -t wasm"');
  }
  if (bytes.length > MODULE_BYTES_MAX) fail("bundle.too_large: policy.wasm is above 8 MiB");
  if (!WASM_MAGIC.equals(bytes.subarray(0, WASM_MAGIC.length))) {
    fail("bundle.abi: policy.wasm is no WebAssembly module");
  }
  return Uint8Array.from(bytes);
}

function entrypointsOf(manifest: JsonObject): readonly string[] {
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
