/**
 * From a bundle file to a policy that can be asked. What comes back never changes: a swap is a new one,
 * and a Check reads the reference once.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import type { Files } from "../domain/surroundings.ts";
import { readBundle } from "./bundle.ts";
import { PolicyEngine } from "./engine.ts";

const BUNDLE_BYTES_MAX = 16 * 1_048_576;

export interface PolicyStoreOptions {
  readonly files: Pick<Files, "read">;
  readonly path: string;
  readonly allowUnsigned: boolean;
  readonly requiredEntrypoints: readonly string[];
}

/** Loads, checks and compiles a bundle. @throws {ConfigError} with every problem and its remedy. */
export async function loadPolicyBundle(options: PolicyStoreOptions): Promise<PolicyEngine> {
  const { path } = options;
  let archive: Uint8Array;
  try {
    archive = await options.files.read(path, BUNDLE_BYTES_MAX);
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
  return PolicyEngine.load(readBundle(archive, { ...options, file: path }), path);
}
