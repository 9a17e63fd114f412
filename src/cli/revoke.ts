/**
 * `sark-authz revoke`: the writer of the revocation list. It makes keys, adds and removes entries, shows
 * the list, and signs it again every two seconds so that readers can tell silence from calm.
 *
 * @module
 */
import type { Config } from "../config/schema.ts";
import { ConfigError } from "../domain/errors.ts";
import { systemClock } from "../host/system-clock.ts";
import {
  documentText,
  type RevocationDocument,
  readDocument,
} from "../identity/revocation-document.ts";
import {
  checkedText,
  type Edited,
  firstList,
  renewedList,
  restoredList,
  withEntry,
  withoutEntry,
} from "../identity/revocation-edit.ts";
import {
  entryJson,
  type RevocationEntry,
  RevocationListError,
  readEntry,
} from "../identity/revocation-entry.ts";
import { type ListSigner, openList, signList } from "../identity/revocation-signature.ts";
import { createLog } from "../observability/log.ts";
import { EXIT_CODE } from "./exit-code.ts";
import { loadConfig } from "./load-config.ts";
import { makeKeys, readKey, readKeys, requireList, requireReadable } from "./revocation-keys.ts";
import { type NextList, openPlace, type RevocationPlace } from "./revocation-place.ts";
import type { Terminal } from "./terminal.ts";

export interface RevokeOptions {
  readonly config: string;
  /** File of the private key; not needed for a list without signature. */
  readonly key?: string;
  readonly kind?: string;
  readonly value?: string;
  readonly iss?: string;
  readonly until?: string;
  readonly for?: string;
  readonly notBefore?: string;
}

const HEARTBEAT_MS = 2_000;
/** Writers that get in each other's way take turns after a few attempts. */
const ATTEMPTS_MAX = 10;
const DURATION = /^([1-9]\d{0,8})(s|m|h|d)$/;
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

interface Writer {
  readonly place: RevocationPlace;
  readonly config: Config;
  readonly signer: ListSigner | undefined;
}

/** Adds an entry. */
export async function revokeAdd(options: RevokeOptions, terminal: Terminal): Promise<number> {
  const entry = entryOf(options);
  return withWriter(options, terminal, async (writer) => {
    const edited = await edit(writer, (before) => withEntry(before, entry, systemClock.unixMs()));
    terminal.print(`revoked ${entry.kind}; the list is now number ${edited?.whole.sequence}`);
    return EXIT_CODE.success;
  });
}

/** Takes out every entry of the same kind, issuer and value. */
export async function revokeRemove(options: RevokeOptions, terminal: Terminal): Promise<number> {
  const entry = entryOf({ ...options, for: "1s" });
  return withWriter(options, terminal, async (writer) => {
    const edited = await edit(writer, (before) =>
      withoutEntry(before, entry, systemClock.unixMs()),
    );
    terminal.print(
      edited === undefined
        ? "the list has no such entry"
        : `removed; the list is now number ${edited.whole.sequence}`,
    );
    return edited === undefined ? EXIT_CODE.negative : EXIT_CODE.success;
  });
}

/** The list as it stands, under a number above all others: for readers that have seen a higher one. */
export async function revokeRenumber(options: RevokeOptions, terminal: Terminal): Promise<number> {
  return withWriter(options, terminal, async (writer) => {
    const edited = await edit(writer, (before) => ({
      whole: restoredList(before, systemClock.unixMs()),
      change: undefined,
    }));
    terminal.print(`the list is now number ${edited?.whole.sequence}`);
    return EXIT_CODE.success;
  });
}

/** Prints one JSON object a line: first the list, then its entries. */
export async function revokeList(options: RevokeOptions, terminal: Terminal): Promise<number> {
  return withWriter(options, terminal, async (writer) => {
    const list = await open(writer.config, await writer.place.read());
    const ageS = Math.round((systemClock.unixMs() - list.issuedAtMs) / 1_000);
    const { sequence, entries } = list;
    terminal.print(JSON.stringify({ sequence, age_seconds: ageS, entries: entries.length }));
    for (const entry of entries) terminal.print(JSON.stringify(entryJson(entry)));
    return EXIT_CODE.success;
  });
}

/** Makes what is missing: the key pair and an empty list. Nothing that exists is touched. */
export async function revokeInit(options: RevokeOptions, terminal: Terminal): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  requireList(config);
  const { revocation } = config;
  if (options.key !== undefined && revocation.keys_file !== null) {
    const isNew = await makeKeys(options.key, revocation.keys_file);
    terminal.print(isNew ? `made ${options.key} and ${revocation.keys_file}` : "the key is there");
  }
  return withWriter(options, terminal, async (writer) => {
    let isNew = false;
    await writeOrRetry(writer.place, async (before) => {
      isNew = before === undefined;
      return isNew ? sealed(writer, firstList(systemClock.unixMs())) : undefined;
    });
    terminal.print(isNew ? "made an empty list" : "the list is there");
    return EXIT_CODE.success;
  });
}

/**
 * Signs the list again every two seconds until it is asked to stop. What went missing is written again
 * from memory, so that a store that lost its data lifts no revocation.
 */
export async function revokeServe(options: RevokeOptions, terminal: Terminal): Promise<number> {
  return withWriter(options, terminal, async (writer) => {
    let known = await open(writer.config, await writer.place.read());
    let isFine = true;
    const next = async (before: string | undefined) => {
      const unixMs = systemClock.unixMs();
      const now = before === undefined ? undefined : await open(writer.config, before);
      if (now === undefined || now.sequence < known.sequence) {
        terminal.tell("the list was lost or an older one put in its place; written from memory");
        known = restoredList(known, unixMs);
      } else known = renewedList(now, unixMs);
      return sealed(writer, known);
    };
    const beat = async () => {
      try {
        await writer.place.write(next);
        if (!isFine) terminal.tell("the list is signed again");
        isFine = true;
      } catch (thrown) {
        if (isFine) terminal.tell(`the list can not be signed: ${textOf(thrown)}; trying again`);
        isFine = false;
      }
    };
    // What was announced is known at once: nothing is lost when the store dies a moment later.
    writer.place.onChange(() => void beat());
    const stopped = new AbortController();
    terminal.onStop(() => stopped.abort());
    terminal.tell(`signing the list every ${HEARTBEAT_MS / 1_000} s`);
    while (!stopped.signal.aborted) {
      await beat();
      await systemClock.sleep(HEARTBEAT_MS, stopped.signal).catch(() => undefined);
    }
    return EXIT_CODE.success;
  });
}

async function withWriter(
  options: RevokeOptions,
  terminal: Terminal,
  work: (writer: Writer) => Promise<number>,
): Promise<number> {
  const config = await loadConfig(options.config, terminal.env);
  requireList(config);
  const signer = options.key === undefined ? undefined : await readKey(options.key);
  if (signer !== undefined) await requireReadable(config, signer);
  const destination = { write: (line: string) => terminal.tell(line.trimEnd()) };
  const log = createLog({ level: "error", clock: systemClock, destination });
  const place = await openPlace(config, log.component("store"));
  try {
    return await work({ place, config, signer });
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown;
    terminal.tell(`list in ${config.revocation.source}: ${textOf(thrown)}`);
    return thrown instanceof RevocationListError ? EXIT_CODE.negative : EXIT_CODE.unavailable;
  } finally {
    await place.close();
  }
}

/** Undefined when `change` had nothing to do. */
async function edit(
  writer: Writer,
  change: (before: RevocationDocument) => Edited | undefined,
): Promise<Edited | undefined> {
  let edited: Edited | undefined;
  await writeOrRetry(writer.place, async (before) => {
    edited = change(await open(writer.config, before));
    if (edited === undefined) return undefined;
    const announced = edited.change === undefined ? undefined : sealed(writer, edited.change).text;
    return { ...sealed(writer, edited.whole), change: announced };
  });
  return edited;
}

async function writeOrRetry(
  place: RevocationPlace,
  next: (before: string | undefined) => Promise<NextList | undefined>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (await place.write(next)) return;
  }
  throw new Error("other writers keep changing the list; try again");
}

async function open(config: Config, text: string | undefined): Promise<RevocationDocument> {
  if (text === undefined) {
    throw new ConfigError(["there is no revocation list; make one with sark-authz revoke init"]);
  }
  const { keys_file: keysFile } = config.revocation;
  if (keysFile === null) return readDocument(Buffer.from(text));
  return readDocument(await openList(text.trimEnd(), await readKeys(keysFile)));
}

function sealed({ signer, config }: Writer, document: RevocationDocument): NextList {
  const text = checkedText(documentText(document));
  if (config.revocation.keys_file === null) return { text, change: undefined };
  if (signer === undefined) throw new ConfigError(["--key: is needed to sign the list"]);
  return { text: signList(text, signer), change: undefined };
}

/** @throws {ConfigError} naming the option */
function entryOf(options: RevokeOptions): RevocationEntry {
  const nowS = Math.floor(systemClock.unixMs() / 1_000);
  if ((options.for === undefined) === (options.until === undefined)) {
    throw new ConfigError(["--for or --until: exactly one says how long the entry is needed"]);
  }
  const untilS =
    options.until === undefined ? nowS + durationS(options.for ?? "") : timeS(options.until);
  if (!(untilS > nowS)) throw new ConfigError(["--until: lies in the past"]);
  const { kind, value, iss, notBefore } = options;
  try {
    return readEntry({
      kind,
      value,
      ...(iss === undefined ? {} : { iss }),
      ...(notBefore === undefined ? {} : { not_before: timeS(notBefore) }),
      until: untilS,
    });
  } catch (cause) {
    if (!(cause instanceof RevocationListError)) throw cause;
    throw new ConfigError([cause.message], { cause });
  }
}

function durationS(text: string): number {
  const found = DURATION.exec(text);
  if (found === null) throw new ConfigError(["--for: must be like 90s, 15m, 8h or 30d"]);
  return Number(found[1]) * (UNIT_S[found[2] ?? ""] ?? 0);
}

/** Unix seconds, or a date of ISO 8601 with its zone. */
function timeS(text: string): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const unixMs = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(unixMs)) return Math.floor(unixMs / 1_000);
  throw new ConfigError([
    "--until, --not-before: must be Unix seconds or like 2026-11-24T18:00:00Z",
  ]);
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : "unknown fault";
}
