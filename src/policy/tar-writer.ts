/**
 * Writes a gzip tar archive as OPA does: ustar, a leading `/`, no times, no owners. The same files give
 * the same bytes.
 *
 * @module
 */
import { constants, gzipSync } from "node:zlib";

const BLOCK_BYTES = 512;
const NAME_BYTES_MAX = 100;
/** In the header of gzip: which system wrote it. */
const GZIP_SYSTEM_AT = 9;
const GZIP_SYSTEM_UNKNOWN = 255;

/** `files` by name without leading slash, written in their order. */
export function writeTarGz(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const blocks = Array.from(files, ([name, bytes]) => {
    const padding = (BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES;
    return [header(`/${name}`, bytes.length), bytes, Buffer.alloc(padding)];
  });
  const tar = Buffer.concat([...blocks.flat(), Buffer.alloc(2 * BLOCK_BYTES)]);
  const archive = gzipSync(tar, { level: constants.Z_BEST_COMPRESSION });
  archive[GZIP_SYSTEM_AT] = GZIP_SYSTEM_UNKNOWN;
  return archive;
}

function header(name: string, bytes: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX)
    throw new RangeError(`the name ${name} is too long`);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0);
  block.write("0000600\0" + "0000000\0" + "0000000\0", 100);
  block.write(`${bytes.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.fill(" ", 148, 156);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
