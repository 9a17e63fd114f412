/**
 * Files of the platform: bounded reads, a watch that notices every way a file is replaced, and a
 * replacement that is whole or not at all.
 *
 * @module
 */
import { hash, randomUUID } from "node:crypto";
import { type BigIntStats, constants, readFileSync, statSync, watch } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files } from "../domain/surroundings.ts";

/** Directory watchers stay silent on some file systems. */
const POLL_MS = 2_000;
/** One replacement causes several events. */
const SETTLE_MS = 50;

/** What is kept across restarts is nobody else's to read or to change. */
const PRIVATE_MODE = 0o600;

export const fileSystem: Files = Object.freeze({
  read: readBounded,
  watch: watchContent,
  replace: replaceWhole,
});

async function readBounded(path: string, bytesMax: number): Promise<Uint8Array> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a named pipe would block
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error("not a regular file");
  if (stats.size > bytesMax) throw new Error(`larger than ${bytesMax} bytes`);
  // One byte more than the bound shows growth since the look at its size.
  const buffer = Buffer.alloc(Math.min(stats.size, bytesMax) + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length > stats.size) throw new Error("changed while it was read");
  return buffer.subarray(0, length);
}

/** A new file in the same folder, forced to disk, then renamed over the old one. */
async function replaceWhole(
  path: string,
  bytes: Uint8Array,
  modeOctal = PRIVATE_MODE,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    {
      await using file = await open(draft, "wx", modeOctal);
      await file.writeFile(bytes);
      await file.sync();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function watchContent(path: string, changed: () => void): () => void {
  let last = lookAt(path, undefined);
  let settling: NodeJS.Timeout | undefined;

  const look = () => {
    const now = lookAt(path, last);
    if (now === last) return;
    const isSameContent = now.digest === last.digest;
    last = now;
    if (!isSameContent) changed();
  };
  const lookSoon = () => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLE_MS);
    settling.unref();
  };
  const stopDirectory = watchDirectory(dirname(path), lookSoon);
  const poll = setInterval(look, POLL_MS);
  poll.unref();
  return () => {
    stopDirectory();
    clearInterval(poll);
    clearTimeout(settling);
  };
}

interface Look {
  /** What changes whenever the content may have changed. */
  readonly stamp: string;
  /** Of the content; empty when it can not be read. */
  readonly digest: string;
}

/** The same object as `before` when nothing was touched. Reads are synchronous, short and rare. */
function lookAt(path: string, before: Look | undefined): Look {
  try {
    const stats = statSync(path, { bigint: true });
    const stamp = stampOf(stats);
    if (stamp === before?.stamp) return before;
    return { stamp, digest: stats.isFile() ? hash("sha256", readFileSync(path), "hex") : "" };
  } catch {
    return before?.stamp === "" ? before : { stamp: "", digest: "" };
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

/** Polling goes on when the directory can not be watched. */
function watchDirectory(folder: string, touched: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, touched);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
