/**
 * Bytes to a file descriptor: standard output, or a file that is only appended to. Writes happen off
 * the event loop and one after the other, so that a slow reader never blocks a Check.
 *
 * @module
 */
import { close, constants, fsync, open, write } from "node:fs";
import { promisify } from "node:util";
import type { Clock } from "../domain/clock.ts";
import type { ByteSink } from "../domain/surroundings.ts";

const STDOUT = 1;
/** A pipe that is full and does not block. */
const RETRY_MS = 10;
/** Records name people: owner and group only. */
const FILE_MODE = 0o640;

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const writeBytes = promisify(write);

type Sleeper = Pick<Clock, "sleep">;

export function stdoutSink(clock: Sleeper): ByteSink {
  return descriptorSink(STDOUT, clock, async () => {});
}

/** @throws what the system says when the file can not be opened. */
export async function fileSink(path: string, clock: Sleeper): Promise<ByteSink> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  const descriptor = await openFile(path, flags, FILE_MODE);
  return descriptorSink(descriptor, clock, async () => {
    await syncFile(descriptor);
    await closeFile(descriptor);
  });
}

function descriptorSink(descriptor: number, clock: Sleeper, end: () => Promise<void>): ByteSink {
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;
  return {
    write: (batch) => {
      if (isClosed) return Promise.reject(new Error("the sink is closed"));
      const done = last.then(() => writeAll(descriptor, batch, clock));
      last = done.catch(() => {}); // told to its own caller; the next batch is tried again
      return done;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await last;
      await end();
    },
  };
}

async function writeAll(descriptor: number, batch: Uint8Array, clock: Sleeper): Promise<void> {
  let written = 0;
  while (written < batch.length) {
    try {
      const { bytesWritten } = await writeBytes(descriptor, batch, written);
      written += bytesWritten;
    } catch (thrown) {
      if (!isFullPipe(thrown)) throw thrown;
      await clock.sleep(RETRY_MS);
    }
  }
}

function isFullPipe(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "EAGAIN";
}
