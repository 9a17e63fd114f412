/**
 * Strict reader of a gzip tar archive: regular files only, bounded, no path that leaves the archive.
 * Reads what OPA writes (ustar); anything else is refused.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { ConfigError } from "../domain/errors.ts";

const ARCHIVE_BYTES_MAX = 16 * 1_048_576;
const UNPACKED_BYTES_MAX = 64 * 1_048_576;
const UNPACKED_RATIO_MAX = 100;
const ENTRIES_MAX = 1_000;
const BLOCK_BYTES = 512;
const NAME = /^[A-Za-z0-9_.\-/]+$/;

/** Field offsets and lengths of a ustar header. */
const HEADER = {
  name: [0, 100],
  size: [124, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 6],
  prefix: [345, 155],
} as const;
const OCTAL = /^ *([0-7]+) *$/;

/** Files by name without leading slash. @throws {ConfigError} naming `file` and what is wrong. */
export function readTarGz(archive: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> {
  const fail = (problem: string): never => {
    throw new ConfigError([
      `${file}: ${problem}; build the bundle again with "sark-authz policy build"`,
    ]);
  };
  if (archive.length > ARCHIVE_BYTES_MAX) fail("bundle.too_large: above 16 MiB compressed");
  const bytes = unpack(archive, fail);
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK_BYTES <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return files;
    const { name, size } = readHeader(header, fail);
    const start = at + BLOCK_BYTES;
    if (start + size > bytes.length) fail("bundle.tar: truncated");
    if (files.has(name)) fail(`bundle.tar: ${name} occurs twice`);
    if (files.size >= ENTRIES_MAX) fail("bundle.tar: above 1,000 entries");
    files.set(name, bytes.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return fail("bundle.tar: truncated");
}

type Fail = (problem: string) => never;

function unpack(archive: Uint8Array, fail: Fail): Buffer {
  const bytesMax = Math.min(UNPACKED_BYTES_MAX, archive.length * UNPACKED_RATIO_MAX);
  try {
    return gunzipSync(archive, { maxOutputLength: Math.max(bytesMax, BLOCK_BYTES) });
  } catch (error) {
    const isBomb = error instanceof RangeError;
    return fail(
      isBomb ? "bundle.too_large: unpacks too far" : "bundle.tar: not a complete gzip file",
    );
  }
}

function readHeader(header: Buffer, fail: Fail): { readonly name: string; readonly size: number } {
  const text = (field: readonly [number, number]) => {
    const raw = header.toString("latin1", field[0], field[0] + field[1]);
    const end = raw.indexOf("\0");
    return end < 0 ? raw : raw.slice(0, end);
  };
  if (octal(text(HEADER.checksum)) !== checksum(header)) {
    fail("bundle.tar: header checksum");
  }
  const type = text(HEADER.type);
  if (type !== "0" && type !== "") fail("bundle.tar: only regular files are accepted");
  // Long names are split in two; reading half of one would make it another file.
  const prefix = text(HEADER.magic) === "ustar" ? text(HEADER.prefix) : "";
  const whole = prefix === "" ? text(HEADER.name) : `${prefix}/${text(HEADER.name)}`;
  const name = whole.replace(/^\.?\//, "");
  const isPlain = NAME.test(name) && !name.startsWith("/");
  if (!isPlain || name.split("/").some((part) => part === "" || part === "." || part === "..")) {
    fail("bundle.tar: a path leaves the archive or has other characters");
  }
  const size = octal(text(HEADER.size));
  if (!Number.isSafeInteger(size)) fail("bundle.tar: file size");
  return { name, size };
}

/** NaN for anything but octal digits. */
function octal(text: string): number {
  return Number.parseInt(OCTAL.exec(text)?.[1] ?? "", 8);
}

/** Sum of the header's bytes with its own field read as blanks. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const [start, length] = HEADER.checksum;
    const isOwn = index >= start && index < start + length;
    sum += isOwn ? 0x20 : (header[index] ?? 0);
  }
  return sum;
}
