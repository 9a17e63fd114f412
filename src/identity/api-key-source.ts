/**
 * The API-key file as the present key set: loaded whole at start, watched, and swapped as one object. A
 * file that can not be read or is wrong never replaces a good set.
 *
 * @module
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import type { Clock } from "../domain/clock.ts";
import { ConfigError } from "../domain/errors.ts";
import type { Logger } from "../domain/logger.ts";
import { Reload } from "../domain/reload.ts";
import type { Files } from "../domain/surroundings.ts";
import { readApiKeyLines } from "./api-key-file.ts";
import { ApiKeySet, type HashId } from "./api-key-set.ts";

export const API_KEY_FILE_BYTES_MAX = 67_108_864;
export const API_KEY_PEPPER_BYTES_MIN = 32;
export const API_KEY_PEPPER_BYTES_MAX = 4_096;

export interface ApiKeySourceOptions {
  readonly file: string;
  readonly pepperFile: string;
  readonly files: Files;
  readonly clock: Pick<Clock, "sleep">;
  readonly log: Logger;
  readonly hashId: HashId;
}

export class ApiKeySource {
  readonly #stopWatching: () => void;
  readonly #reload: Reload;
  #current: ApiKeySet;

  private constructor(first: ApiKeySet, reload: Reload, stopWatching: () => void) {
    this.#current = first;
    this.#reload = reload;
    this.#stopWatching = stopWatching;
  }

  /** @throws {ConfigError} with every problem of both files */
  static async open(options: ApiKeySourceOptions): Promise<ApiKeySource> {
    const { file, pepperFile, files, log } = options;
    let source: ApiKeySource | undefined;
    let isChangedEarly = false;
    const reload = new Reload(async () => {
      try {
        const next = await load(options);
        if (source === undefined) return;
        source.#current = next;
        log.info("API keys replaced", { keys: next.size });
      } catch (err) {
        const why = err instanceof ConfigError ? { problems: err.problems } : { err };
        log.error("API keys refused, the last good ones stay", why);
      }
    });
    // Watched before they are read, so that no change falls between the two.
    const stops = [file, pepperFile].map((path) =>
      files.watch(path, () => {
        if (source === undefined) isChangedEarly = true;
        else reload.ask();
      }),
    );
    const stop = () => {
      for (const one of stops) one();
    };
    try {
      source = new ApiKeySource(await load(options), reload, stop);
    } catch (thrown) {
      stop();
      throw thrown;
    }
    if (isChangedEarly) reload.ask();
    return source;
  }

  get current(): ApiKeySet {
    return this.#current;
  }

  close(): void {
    this.#stopWatching();
    this.#reload.stop();
  }
}

async function load(options: ApiKeySourceOptions): Promise<ApiKeySet> {
  const { file, pepperFile, files, clock, hashId } = options;
  const [records, pepper] = await Promise.allSettled([
    readFile(files, file, API_KEY_FILE_BYTES_MAX, "identity.api_keys.file").then((bytes) =>
      readApiKeyLines(bytes, file, clock),
    ),
    readPepper(files, pepperFile),
  ]);
  if (records.status === "fulfilled" && pepper.status === "fulfilled") {
    return new ApiKeySet(records.value, pepper.value, hashId);
  }
  const problems: string[] = [];
  for (const result of [records, pepper]) {
    if (result.status === "fulfilled") continue;
    if (!(result.reason instanceof ConfigError)) throw result.reason;
    problems.push(...result.reason.problems);
  }
  throw new ConfigError(problems);
}

/** @throws {ConfigError} when it is absent or too short to be a secret */
export async function readPepper(files: Pick<Files, "read">, path: string): Promise<KeyObject> {
  const bytes = await readFile(
    files,
    path,
    API_KEY_PEPPER_BYTES_MAX,
    "identity.api_keys.pepper_file",
  );
  if (bytes.length < API_KEY_PEPPER_BYTES_MIN) {
    throw new ConfigError([
      `${path}: needs at least ${API_KEY_PEPPER_BYTES_MIN} random bytes; api-key create --init makes a pepper`,
    ]);
  }
  return createSecretKey(bytes);
}

function readFile(
  files: Pick<Files, "read">,
  path: string,
  bytesMax: number,
  key: string,
): Promise<Uint8Array> {
  return files.read(path, bytesMax).catch((cause: unknown) => {
    const problem = `${path}: can not be read, or is larger than ${bytesMax} bytes`;
    throw new ConfigError([`${problem}; name another with ${key}`], { cause });
  });
}
