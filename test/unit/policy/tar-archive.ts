/** Writes gzip tar archives by hand, so that each header field can be wrong on its own. */
import { gzipSync } from "node:zlib";

export interface TarEntry {
  readonly name: string;
  readonly body?: string | Uint8Array;
  /** Type flag; "0" = regular file. */
  readonly type?: string;
  /** First half of a split long name. */
  readonly prefix?: string;
  /** Written instead of the real size. */
  readonly size?: string;
  readonly checksum?: string;
}

const BLOCK_BYTES = 512;

export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body ?? "");
    const padding = (BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES;
    return [header(entry, body.length), body, Buffer.alloc(padding)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
}

export function tarGz(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tar(entries));
}

function header(entry: TarEntry, bodyBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(entry.name, 0, 100, "latin1");
  block.write(entry.size ?? bodyBytes.toString(8).padStart(11, "0"), 124, 12, "latin1");
  block.write("        ", 148, 8, "latin1");
  block.write(entry.type ?? "0", 156, 1, "latin1");
  block.write("ustar\u000000", 257, 8, "latin1");
  block.write(entry.prefix ?? "", 345, 155, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(entry.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
  return block;
}
