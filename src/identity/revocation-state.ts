/**
 * What a restart must still know of the revocation list: the highest number seen, so that no older list
 * can be played back, and the last whole list with the changes after it, so that revoked stays revoked while the feed is down.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { REVOCATION_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import type { Files } from "../domain/surroundings.ts";

export interface RevocationState {
  readonly sequence: number;
  /** As they were received; their signatures are verified again. */
  readonly list: string;
  readonly changes: readonly string[];
}

/** Twice the largest list: it may hold quotes that are escaped, and changes come on top. */
const STATE_BYTES_MAX = 2 * REVOCATION_TEXT_CHARACTERS_MAX;

/**
 * Undefined when there is no such file yet.
 * @throws {ConfigError} when there is one that does not say what it should
 */
export async function readState(files: Files, path: string): Promise<RevocationState | undefined> {
  let json: unknown;
  try {
    const bytes = await files.read(path, STATE_BYTES_MAX);
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw problem(path, "can not be read", cause);
  }
  if (!isState(json)) throw problem(path, "is no revocation state");
  return json;
}

function isState(json: unknown): json is RevocationState {
  if (typeof json !== "object" || json === null) return false;
  const { sequence, list, changes } = json as Readonly<Record<string, unknown>>;
  const isNumbered = Number.isSafeInteger(sequence) && (sequence as number) > 0;
  const isListed = typeof list === "string" && Array.isArray(changes);
  return isNumbered && isListed && changes.every((change) => typeof change === "string");
}

export function writeState(files: Files, path: string, state: RevocationState): Promise<void> {
  return files.replace(path, Buffer.from(JSON.stringify(state)));
}

function problem(path: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError(
    [`${path}: ${what}; removing it gives up the protection against older revocation lists`],
    { cause },
  );
}
