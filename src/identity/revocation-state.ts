/**
 * What a restart must still know of the revocation list: the highest number seen, so that no older list
 * can be played back, and the last whole list, so that revoked stays revoked while the feed is down.
 *
 * @module
 */
import { ConfigError } from "../domain/errors.ts";
import { REVOCATION_TEXT_CHARACTERS_MAX } from "../domain/limits.ts";
import type { Files } from "../domain/surroundings.ts";

export interface RevocationState {
  readonly sequence: number;
  /** As it was received; its signature is verified again. */
  readonly list: string;
}

const FIRST_LINE = /^([1-9]\d{0,15})$/;
const FIRST_LINE_BYTES_MAX = 32;

/**
 * Undefined when there is no such file yet.
 * @throws {ConfigError} when there is one that does not say what it should
 */
export async function readState(files: Files, path: string): Promise<RevocationState | undefined> {
  let text: string;
  try {
    const bytes = await files.read(path, REVOCATION_TEXT_CHARACTERS_MAX + FIRST_LINE_BYTES_MAX);
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw problem(path, "can not be read", cause);
  }
  const end = text.indexOf("\n");
  const sequence = Number(FIRST_LINE.exec(text.slice(0, end))?.[1]);
  if (end < 0 || !Number.isSafeInteger(sequence)) throw problem(path, "is no revocation state");
  return { sequence, list: text.slice(end + 1) };
}

export function writeState(files: Files, path: string, state: RevocationState): Promise<void> {
  return files.replace(path, Buffer.from(`${state.sequence}\n${state.list}`));
}

function problem(path: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError(
    [`${path}: ${what}; removing it gives up the protection against older revocation lists`],
    { cause },
  );
}
