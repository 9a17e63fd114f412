/**
 * Compiled Rego → result set, in WebAssembly. Owns @open-policy-agent/opa-wasm and its surprises: it
 * throws strings and plain objects, takes falsy input for none, finds missing builtins and entrypoints
 * only when they are reached, prints to stdout, and its memory never shrinks.
 *
 * @module
 */
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { ConfigError } from "../domain/errors.ts";
import { POLICY_INPUT_BYTES_MAX } from "../domain/limits.ts";
import type { Bundle } from "./bundle.ts";
import type { Evaluated, PolicyEngine } from "./policy-engine.ts";
import { PolicyFailure } from "./policy-failure.ts";
import { type EvaluationTime, hostBuiltins, missingBuiltins } from "./wasm-builtins.ts";

/** The part of the platform's WebAssembly that is used; its types come with a browser's library only. */
interface Wasm {
  compile(bytes: Uint8Array): Promise<object>;
  readonly RuntimeError: new () => Error;
  readonly Module: {
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
    exports(module: object): readonly { readonly name: string }[];
  };
}
const wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

/** 64 KiB pages. */
const MEMORY_PAGES_MIN = 8;
const MEMORY_PAGES_MAX = 1_024;
/** opa_eval in one call came with 1.2. */
const ABI_MINOR_MIN = 2;
const ABI_MINOR_MAX = 3;
/** Not `opa_println`: the package prints to stdout, where audit records go. Only tracing builds import it. */
const HOST_FUNCTION = /^opa_(abort|builtin[0-4])$/;

/** The module calls builtins that this host does not bring. */
export class MissingBuiltins extends ConfigError {
  readonly names: readonly string[];

  constructor(file: string, names: readonly string[]) {
    super([
      `${file}: bundle.builtin: ${names.join(", ")} is not provided for WebAssembly; ` +
        'set policy.engine: plan, or see "opa check" of the rules for where it is used',
    ]);
    this.names = names;
  }
}

interface Loaded {
  evaluate(input: unknown, entrypoint: string): unknown;
  setData(data: ArrayBuffer): void;
}

export class WasmEngine implements PolicyEngine {
  readonly revision: string;
  readonly answeredBy = "wasm";
  readonly entrypoints: readonly string[];
  readonly #loaded: Loaded;
  readonly #time: EvaluationTime;

  private constructor(bundle: Bundle, loaded: Loaded, time: EvaluationTime) {
    this.revision = bundle.revision;
    this.entrypoints = bundle.moduleEntrypoints;
    this.#loaded = loaded;
    this.#time = time;
  }

  /** Compiles and warms the module. @throws {ConfigError} when it can not be trusted to answer. */
  static async load(bundle: Bundle, file: string): Promise<WasmEngine> {
    const time: EvaluationTime = { ns: 0, wasRead: false };
    const host = hostBuiltins(time);
    const fail = (problem: string): never => {
      throw new ConfigError([`${file}: ${problem}`]);
    };
    try {
      const module = await wasm.compile(bundle.module ?? new Uint8Array());
      checkShape(module, fail);
      const memory = { initial: MEMORY_PAGES_MIN, maximum: MEMORY_PAGES_MAX };
      const loaded = await loadPolicy(module as never, memory, host);
      checkAbi(loaded, fail);
      checkEntrypoints(loaded, bundle.moduleEntrypoints, fail);
      checkBuiltins(loaded, host, file);
      (loaded as unknown as Loaded).setData(exactBuffer(bundle.dataText));
      return new WasmEngine(bundle, loaded as unknown as Loaded, time);
    } catch (thrown) {
      if (thrown instanceof ConfigError) throw thrown;
      throw new ConfigError([`${file}: bundle.abi: policy.wasm does not load (${textOf(thrown)})`]);
    }
  }

  /** @throws {PolicyFailure} for whatever the engine throws. */
  evaluate(entrypoint: string, input: object, timeNs: number): Evaluated {
    return this.evaluateText(entrypoint, encodeInput(input), timeNs);
  }

  /** `text` comes from `encodeInput`. @throws {PolicyFailure} for whatever the engine throws. */
  evaluateText(entrypoint: string, text: ArrayBuffer, timeNs: number): Evaluated {
    this.#time.ns = timeNs;
    this.#time.wasRead = false;
    try {
      const resultSet = this.#loaded.evaluate(text, entrypoint);
      return { resultSet, readTime: this.#time.wasRead };
    } catch (thrown) {
      throw failureOf(thrown);
    }
  }
}

const encoder = new TextEncoder();

/** JSON text of the input, bounded and well-formed before the engine sees it. @throws {PolicyFailure} */
export function encodeInput(input: object): ArrayBuffer {
  const text = jsonText(input);
  if (hasLoneSurrogate(text)) throw new PolicyFailure("input", "a string is not well-formed");
  const bytes = encoder.encode(text);
  if (bytes.length > POLICY_INPUT_BYTES_MAX) {
    throw new PolicyFailure("input", `above ${POLICY_INPUT_BYTES_MAX} bytes`);
  }
  return exactBuffer(bytes);
}

function jsonText(input: object): string {
  try {
    return JSON.stringify(input);
  } catch (thrown) {
    throw new PolicyFailure("input", "not expressible as JSON", { cause: thrown });
  }
}

/**
 * JSON.stringify writes a lone surrogate as an escape, which the engine's parser refuses. An even
 * number of backslashes before the `u` is ordinary text that only looks like one.
 */
function hasLoneSurrogate(text: string): boolean {
  return text.includes("\\ud") && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text);
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

type Fail = (problem: string) => never;

/** Before anything of the module runs. */
function checkShape(module: object, fail: Fail): void {
  for (const { module: from, name } of wasm.Module.imports(module)) {
    if (from !== "env" || (name !== "memory" && !HOST_FUNCTION.test(name))) {
      fail(`bundle.abi: policy.wasm imports ${from}.${name}`);
    }
  }
  const exported = new Set(wasm.Module.exports(module).map(({ name }) => name));
  const isPolicy = exported.has("opa_wasm_abi_version") && exported.has("opa_eval");
  if (!isPolicy) fail('bundle.abi: policy.wasm is no policy; build with "opa build -t wasm"');
}

function checkAbi(loaded: unknown, fail: Fail): void {
  const { minorVersion } = loaded as { minorVersion?: unknown };
  const isKnown =
    typeof minorVersion === "number" &&
    minorVersion >= ABI_MINOR_MIN &&
    minorVersion <= ABI_MINOR_MAX;
  if (!isKnown) fail("bundle.abi: needs ABI 1.2 or 1.3; build with OPA 1.x");
}

/** What the manifest promises, the module must have. */
function checkEntrypoints(loaded: unknown, promised: readonly string[], fail: Fail): void {
  const { entrypoints } = loaded as { readonly entrypoints: object };
  const missing = promised.filter((name) => !Object.hasOwn(entrypoints, name));
  if (missing.length > 0) fail(`bundle.abi: policy.wasm has no entrypoint ${missing.join(", ")}`);
}

/** The package finds an unknown builtin only when a rule reaches it; here it stops the load. */
function checkBuiltins(
  loaded: unknown,
  host: Parameters<typeof missingBuiltins>[1],
  file: string,
): void {
  const { mem, wasmInstance } = loaded as {
    mem: { readonly buffer: ArrayBuffer };
    wasmInstance: { exports: Record<string, (address?: number) => number> };
  };
  const exports = wasmInstance.exports;
  const address = exports["opa_json_dump"]?.(exports["builtins"]?.() ?? 0) ?? 0;
  const memory = Buffer.from(mem.buffer);
  const text = memory.toString("utf8", address, memory.indexOf(0, address));
  const needed = Object.keys(JSON.parse(text) as object);
  const missing = missingBuiltins(needed, host);
  if (missing.length > 0) throw new MissingBuiltins(file, missing);
}

function failureOf(thrown: unknown): PolicyFailure {
  if (thrown instanceof PolicyFailure) return thrown;
  const text = textOf(thrown);
  const options = { cause: thrown };
  if (text.includes("conflict") || text.includes("multiple outputs")) {
    return new PolicyFailure("conflict", "rules give different results", options);
  }
  if (text.includes("malloc") || thrown instanceof RangeError) {
    return new PolicyFailure("memory", "the engine is out of memory", options);
  }
  if (text.includes("not implemented")) return new PolicyFailure("builtin", text, options);
  if (isHostError(thrown)) return new PolicyFailure("builtin", "a builtin failed", options);
  return new PolicyFailure("trap", "the engine stopped", options);
}

/** Traps come as the platform's RuntimeError, everything else that is an Error was thrown by a builtin. */
function isHostError(thrown: unknown): boolean {
  return thrown instanceof Error && !(thrown instanceof wasm.RuntimeError);
}

const TEXT_CHARACTERS_MAX = 200;

function textOf(thrown: unknown): string {
  const text =
    typeof thrown === "string"
      ? thrown
      : String((thrown as { message?: unknown } | null)?.message ?? "unknown");
  return text.slice(0, TEXT_CHARACTERS_MAX);
}
