/**
 * The API-key file as the commands change it: read and checked whole, then replaced in one step, so
 * that no reader ever sees half a file.
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import { fileSystem } from "../host/file-system.ts";
import { systemClock } from "../host/system-clock.ts";
import { readApiKeyLines } from "../identity/api-key-file.ts";
import { type ApiKeyRecord, writeApiKeyLine } from "../identity/api-key-record.ts";
import { API_KEY_FILE_BYTES_MAX } from "../identity/api-key-source.ts";

/** Holds no secret, but who may read it learns who has keys. */
const FILE_MODE = 0o640;
const MODE_BITS = 0o777;

/** @throws {ConfigError} when it can not be read or has any problem */
export async function readApiKeys(file: string): Promise<readonly ApiKeyRecord[]> {
  const bytes = await fileSystem.read(file, API_KEY_FILE_BYTES_MAX).catch((cause: unknown) => {
    throw new ConfigError([`${file}: can not be read; name another with --file`], { cause });
  });
  return readApiKeyLines(bytes, file, systemClock);
}

/**
 * False when `change` wants nothing written. Two commands at once would lose one's record, and that may
 * be a revocation: the second one is refused.
 *
 * @throws {ConfigError}
 */
export async function rewriteApiKeys(
  file: string,
  change: (records: readonly ApiKeyRecord[]) => readonly ApiKeyRecord[] | undefined,
): Promise<boolean> {
  const draft = `${file}.new`;
  const handle = openDraft(draft);
  try {
    const next = change(existsSync(file) ? await readApiKeys(file) : []);
    if (next === undefined) {
      rmSync(draft);
      return false;
    }
    const text = next.map((record) => `${writeApiKeyLine(record)}\n`).join("");
    // As the sidecar will: a file it refuses is not written.
    await readApiKeyLines(Buffer.from(text), file, systemClock);
    fchmodSync(handle, existsSync(file) ? statSync(file).mode & MODE_BITS : FILE_MODE);
    writeFileSync(handle, text);
    fsyncSync(handle);
    renameSync(draft, file);
    return true;
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  } finally {
    closeSync(handle);
  }
}

function openDraft(draft: string): number {
  try {
    return openSync(draft, "wx", FILE_MODE);
  } catch (cause) {
    const problem = existsSync(draft)
      ? "another command is writing; if none is, one was cut off: remove this file"
      : "can not be written; name another file with --file";
    throw new ConfigError([`${draft}: ${problem}`], { cause });
  }
}
