/**
 * The bytes of an API-key file as records: every line checked, every problem with its line, ids and MACs
 * used once. In slices, so that a large set holds up no Check.
 *
 * @module
 */
import type { Clock } from "../domain/clock.ts";
import { ConfigError } from "../domain/errors.ts";
import { type ApiKeyRecord, readApiKeyLine } from "./api-key-record.ts";

export const API_KEY_RECORDS_MAX = 100_000;
/** Lines between two breaths; about a millisecond of work. */
const SLICE_LINES = 200;
/** A file of another kind would have a problem on every line. */
const PROBLEMS_MAX = 100;
const NEWLINE = 0x0a;

/** @throws {ConfigError} listing the problems, without values */
export async function readApiKeyLines(
  bytes: Uint8Array,
  file: string,
  clock: Pick<Clock, "sleep">,
): Promise<readonly ApiKeyRecord[]> {
  const reading = new Reading(file);
  let lineNumber = 0;
  let start = 0;
  while (start < bytes.length && reading.wantsMore) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    lineNumber++;
    if (end > start) reading.line(bytes.subarray(start, end), lineNumber);
    start = end + 1;
    if (lineNumber % SLICE_LINES === 0) await clock.sleep(0);
  }
  return reading.finish();
}

class Reading {
  readonly #file: string;
  readonly #records: ApiKeyRecord[] = [];
  readonly #problems: string[] = [];
  readonly #ids = new Set<string>();
  readonly #macs = new Set<string>();

  constructor(file: string) {
    this.#file = file;
  }

  get wantsMore(): boolean {
    return this.#problems.length < PROBLEMS_MAX && this.#records.length <= API_KEY_RECORDS_MAX;
  }

  line(line: Uint8Array, lineNumber: number): void {
    const read = readApiKeyLine(line);
    const problems = "id" in read ? this.#repeated(read) : read;
    for (const problem of problems) this.#problems.push(`${this.#file}:${lineNumber} ${problem}`);
    if ("id" in read) this.#records.push(read);
  }

  finish(): readonly ApiKeyRecord[] {
    if (this.#records.length > API_KEY_RECORDS_MAX) {
      this.#problems.push(`${this.#file}: has more than ${API_KEY_RECORDS_MAX} records`);
    }
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
    return this.#records;
  }

  /** Two records for one key or one id: which of them would be taken back? */
  #repeated({ id, mac }: ApiKeyRecord): readonly string[] {
    const problems: string[] = [];
    if (this.#ids.has(id)) problems.push("id: is used on an earlier line; give each key its own");
    if (this.#macs.has(mac)) problems.push("mac: is used on an earlier line; remove one of both");
    this.#ids.add(id);
    this.#macs.add(mac);
    return problems;
  }
}
