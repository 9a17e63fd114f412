/**
 * Which headers are worth a string: names compared as bytes, so that the others cost no allocation.
 *
 * @module
 */
import type { FastBuffer } from "./reader.ts";

const UNDERSCORE = 0x5f;

export interface HeaderSelection {
  /** By length of the name in bytes. */
  readonly exact: readonly (readonly Candidate[] | undefined)[];
  readonly prefixes: readonly Uint8Array[];
  /** As texts: names with an underscore are rare enough to be read as such. */
  readonly twinPrefixes: readonly string[];
}

interface Candidate {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Built once at start. Names and prefixes are given in lower case. A name with underscores is selected
 * as well when it would be with dashes, or when it then begins with one of `twinPrefixes`: there are
 * servers that make no difference.
 */
export function selectHeaders(
  exact: Iterable<string>,
  prefixes: Iterable<string>,
  twinPrefixes: readonly string[] = [],
): HeaderSelection {
  const byLength: Candidate[][] = [];
  for (const name of new Set(exact)) {
    const bytes = Buffer.from(name);
    const candidates = byLength[bytes.length] ?? [];
    byLength[bytes.length] = candidates;
    candidates.push({ name, bytes });
  }
  const prefixBytes = Array.from(prefixes, (prefix) => Buffer.from(prefix));
  return { exact: byLength, prefixes: prefixBytes, twinPrefixes };
}

/** The name in lower case when `bytes[start, end)` is selected, else undefined. */
export function selectedName(
  selection: HeaderSelection,
  bytes: FastBuffer,
  start: number,
  end: number,
): string | undefined {
  const candidates = selection.exact[end - start];
  if (candidates !== undefined) {
    for (const candidate of candidates) {
      if (startsWith(bytes, start, candidate.bytes)) return candidate.name;
    }
  }
  for (const prefix of selection.prefixes) {
    if (end - start >= prefix.length && startsWith(bytes, start, prefix)) {
      return lowerAscii(bytes.utf8Slice(start, end));
    }
  }
  return hasUnderscore(bytes, start, end) ? twinName(selection, bytes, start, end) : undefined;
}

function hasUnderscore(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === UNDERSCORE) return true;
  return false;
}

function twinName(
  selection: HeaderSelection,
  bytes: FastBuffer,
  start: number,
  end: number,
): string | undefined {
  const name = lowerAscii(bytes.utf8Slice(start, end));
  const dashed = name.replaceAll("_", "-");
  const dashedBytes = Buffer.from(dashed) as FastBuffer;
  const isSelected =
    selection.twinPrefixes.some((prefix) => dashed.startsWith(prefix)) ||
    selectedName(selection, dashedBytes, 0, dashedBytes.length) !== undefined;
  return isSelected ? name : undefined;
}

/** Compares without regard to the case of ASCII letters: header names have none. */
function startsWith(bytes: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) {
    const byte = bytes[start + index] ?? 0;
    const folded = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (folded !== expected[index]) return false;
  }
  return true;
}

/** `toLowerCase` would turn U+212A into `k` and so one name into another. */
function lowerAscii(name: string): string {
  return /[A-Z]/.test(name) ? name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : name;
}
