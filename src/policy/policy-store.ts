/**
 * From a bundle file to a policy that can be asked. What comes back never changes: a swap is a new one,
 * and a Check reads the reference once.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Files } from "../domain/surroundings.ts";
import { readBundle } from "./bundle.ts";
import { type EngineOptions, openPolicy } from "./open-policy.ts";
import type { PolicyEngine } from "./policy-engine.ts";

const BUNDLE_BYTES_MAX = 16 * 1_048_576;

export interface PolicyStoreOptions extends EngineOptions {
  readonly files: Pick<Files, "read">;
  readonly path: string;
  readonly allowUnsigned: boolean;
}

/** Loads, checks and compiles a bundle. @throws {ConfigError} with every problem and its remedy. */
export async function loadPolicyBundle(options: PolicyStoreOptions): Promise<PolicyEngine> {
  const { path } = options;
  const archive = await readArchive(options.files, path);
  return openPolicy(readBundle(archive, { ...options, file: path }), path, options);
}

/** @throws {ConfigError} */
export async function readArchive(files: Pick<Files, "read">, path: string): Promise<Uint8Array> {
  try {
    return await files.read(path, BUNDLE_BYTES_MAX);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw new ConfigError(
      [
        code === "ENOENT"
          ? `${path}: bundle.fetch: no such file; build it with "sark-authz policy build"`
          : `${path}: bundle.fetch: can not be read (${String(code ?? "too large")})`,
      ],
      { cause: error },
    );
  }
}
