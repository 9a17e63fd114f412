/**
 * What a revocation list says, apart from its signature: `{sequence, issued_at, full, entries}`. Read
 * strictly, because an entry that two readers see differently is an entry one of them does not apply.
 *
 * @module
 */
import {
  REVOCATION_ENTRIES_MAX,
  REVOCATION_LIST_BYTES_MAX,
  REVOCATION_MEMBERS_MAX,
} from "../domain/limits.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";
import {
  entryJson,
  type RevocationEntry,
  RevocationListError,
  readEntry,
} from "./revocation-entry.ts";

export interface RevocationDocument {
  /** Rises with every change of the entries. */
  readonly sequence: number;
  /** When it was signed, Unix time in milliseconds. */
  readonly issuedAtMs: number;
  /** True: these are all entries. False: they come on top of the list before. */
  readonly isFull: boolean;
  readonly entries: readonly RevocationEntry[];
}

const LEVEL = protocolLevel({ sequence: null, issued_at: null, full: null, entries: null });
/** Seconds with up to three digits behind the point, so that milliseconds are exact. */
const RENEWED =
  /^\{"sequence":([1-9]\d{0,15}),"issued_at":([1-9]\d{0,10}(?:\.\d{1,3})?),"full":true,/;
const PREFIX_BYTES_MAX = 128;

/** @throws {RevocationListError} `size`, `form`, `entries` */
export function readDocument(bytes: Uint8Array): RevocationDocument {
  const json = readMembers(bytes);
  const { sequence, issued_at, full, entries } = json;
  if (!isPositiveInteger(sequence)) throw bad("sequence");
  if (typeof issued_at !== "number" || !(issued_at > 0)) throw bad("issued_at");
  if (typeof full !== "boolean") throw bad("full");
  if (!Array.isArray(entries)) throw bad("entries");
  if (entries.length > REVOCATION_ENTRIES_MAX) {
    throw new RevocationListError("entries", `above ${REVOCATION_ENTRIES_MAX} entries`);
  }
  return {
    sequence,
    issuedAtMs: Math.round(issued_at * 1_000),
    isFull: full,
    entries: entries.map(readEntry),
  };
}

export function documentText(document: RevocationDocument): string {
  return JSON.stringify({
    sequence: document.sequence,
    issued_at: document.issuedAtMs / 1_000,
    full: document.isFull,
    entries: document.entries.map(entryJson),
  });
}

/**
 * The time of issue of `bytes` when nothing else differs from `before`, a list that was accepted: a
 * heartbeat of a long list is not worth reading every entry again. Undefined means: read it.
 */
export function renewedAtMs(bytes: Buffer, before: Buffer | undefined): number | undefined {
  if (before === undefined) return undefined;
  const [now, then] = [prefixOf(bytes), prefixOf(before)];
  if (now === undefined || then === undefined || now.sequence !== then.sequence) return undefined;
  const isSame = bytes.subarray(now.length).equals(before.subarray(then.length));
  return isSame ? Math.round(Number(now.issuedAt) * 1_000) : undefined;
}

function prefixOf(bytes: Buffer) {
  const found = RENEWED.exec(bytes.toString("latin1", 0, PREFIX_BYTES_MAX));
  if (found === null) return undefined;
  const [prefix, sequence, issuedAt] = found;
  return { length: prefix.length, sequence, issuedAt };
}

function readMembers(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > REVOCATION_LIST_BYTES_MAX) {
    throw new RevocationListError("size", `above ${REVOCATION_LIST_BYTES_MAX} bytes`);
  }
  let text: string | undefined;
  try {
    const node = readStrictJson(bytes, LEVEL, "refuse", REVOCATION_MEMBERS_MAX);
    if (node.kind === "object" && !node.hasOtherMembers) text = node.json;
  } catch (cause) {
    throw new RevocationListError("form", "not strict JSON", { cause });
  }
  if (text === undefined) throw bad("members");
  return JSON.parse(text);
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function bad(what: string): RevocationListError {
  return new RevocationListError("form", `the list is refused: ${what}`);
}
