/**
 * The socket file before it is bound: one that a dead process left behind is removed; one that answers,
 * or a file that is no socket, stops the start.
 *
 * @module
 */
import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { ConfigError } from "../domain/errors.ts";

export async function clearStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw refused(path, `can not be looked at (${error.code})`, "let the service read its folder");
  });
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    throw refused(path, "exists and is no socket", "move that file away or choose another path");
  }
  const answer = await probe(path);
  if (answer === "connected") {
    throw refused(path, "is served by a running process", "stop it or choose another path");
  }
  if (answer !== "ECONNREFUSED") {
    throw refused(path, `can not be probed (${answer})`, "remove it or choose another path");
  }
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    throw refused(path, `is stale and can not be removed (${error.code})`, "remove it by hand");
  });
}

/** `connected`, or the error code. A local connect never waits: it is accepted, refused or denied. */
function probe(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve("connected");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
  });
}

function refused(path: string, fault: string, remedy: string): ConfigError {
  return new ConfigError([`listen.check: socket file ${path} ${fault}; ${remedy}`]);
}
