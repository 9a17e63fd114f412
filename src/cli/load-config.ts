/**
 * The configuration file from disk.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseConfig } from "../config/parse-config.ts";
import { DOCUMENT_BYTES_MAX } from "../config/positioned-yaml.ts";
import type { Config } from "../config/schema.ts";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import type { Terminal } from "./terminal.ts";

/** @throws {ConfigError} with every problem. */
export async function loadConfig(file: string, env: Terminal["env"]): Promise<Config> {
  const path = resolve(file);
  const bytes = await fileSystem.read(path, DOCUMENT_BYTES_MAX).catch((cause: unknown) => {
    throw new ConfigError([`${file}: can not be read (${faultOf(cause)}); name it with --config`], {
      cause,
    });
  });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError([`${file}: is not UTF-8`], { cause });
  }
  return parseConfig(text, file, env);
}

function faultOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "unknown fault";
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.message;
}
