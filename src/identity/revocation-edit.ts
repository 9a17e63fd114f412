/**
 * A revocation list → the next one, for those who write it. Pure: where lists are kept and who signs them
 * is the caller's.
 *
 * @module
 */
import { REVOCATION_ENTRIES_MAX } from "../domain/limits.ts";
import { type RevocationDocument, readDocument } from "./revocation-document.ts";
import { entryJson, type RevocationEntry, RevocationListError } from "./revocation-entry.ts";

/** A list that other lists can follow, and what is published of the change. */
export interface Edited {
  readonly whole: RevocationDocument;
  /** Only what is new; undefined when something was taken out, which no change can say. */
  readonly change: RevocationDocument | undefined;
}

/**
 * An empty list. Its number is the time in seconds, so that it is above every list that may have been lost
 * as long as there was less than one change a second.
 */
export function firstList(unixMs: number): RevocationDocument {
  return {
    sequence: Math.floor(unixMs / 1_000),
    issuedAtMs: unixMs,
    isFull: true,
    entries: [],
  };
}

/** The same entries, signed now. */
export function renewedList(before: RevocationDocument, unixMs: number): RevocationDocument {
  return { ...before, issuedAtMs: unixMs };
}

/** A list that was lost, from memory: above every number that may have been given meanwhile. */
export function restoredList(known: RevocationDocument, unixMs: number): RevocationDocument {
  const sequence = Math.max(known.sequence + 1, firstList(unixMs).sequence);
  return { ...known, sequence, issuedAtMs: unixMs };
}

/** @throws {RevocationListError} `entries` when there is no room left */
export function withEntry(
  before: RevocationDocument,
  entry: RevocationEntry,
  unixMs: number,
): Edited {
  const entries = [...stillMeant(before, unixMs).filter((one) => !isSame(one, entry)), entry];
  if (entries.length > REVOCATION_ENTRIES_MAX) {
    throw new RevocationListError("entries", `above ${REVOCATION_ENTRIES_MAX} entries`);
  }
  const whole = nextList(before, entries, unixMs);
  return { whole, change: { ...whole, isFull: false, entries: [entry] } };
}

/** Undefined when no entry is like `entry`, whatever its times. */
export function withoutEntry(
  before: RevocationDocument,
  entry: Pick<RevocationEntry, "kind" | "issuer" | "value">,
  unixMs: number,
): Edited | undefined {
  const living = stillMeant(before, unixMs);
  const entries = living.filter((one) => !hasSameName(one, entry));
  if (entries.length === living.length) return undefined;
  return { whole: nextList(before, entries, unixMs), change: undefined };
}

/** Reads back what is about to be signed: nothing goes out that a reader would refuse. */
export function checkedText(text: string): string {
  readDocument(Buffer.from(text));
  return text;
}

function nextList(
  before: RevocationDocument,
  entries: readonly RevocationEntry[],
  unixMs: number,
): RevocationDocument {
  return { sequence: before.sequence + 1, issuedAtMs: unixMs, isFull: true, entries };
}

function stillMeant({ entries }: RevocationDocument, unixMs: number): readonly RevocationEntry[] {
  return entries.filter(({ untilS }) => untilS * 1_000 > unixMs);
}

function hasSameName(
  one: Pick<RevocationEntry, "kind" | "issuer" | "value">,
  other: Pick<RevocationEntry, "kind" | "issuer" | "value">,
): boolean {
  return one.kind === other.kind && one.issuer === other.issuer && one.value === other.value;
}

/** Entries that differ in a time say different things and stand side by side. */
function isSame(one: RevocationEntry, other: RevocationEntry): boolean {
  return JSON.stringify(entryJson(one)) === JSON.stringify(entryJson(other));
}
