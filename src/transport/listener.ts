/**
 * The listening socket of a transport: binds TCP or a socket file, turns every failure to bind into a
 * `ConfigError`, and keeps the open connections so that they can be counted and cut off.
 *
 * @module
 */
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { ConfigError } from "../domain/errors.ts";
import { clearStaleSocket } from "./socket-file.ts";
import { formatAddress, type ListenAddress } from "./transport.ts";

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken; stop the process that holds it or choose another address",
  EADDRNOTAVAIL: "is not an address of this machine; choose one that is",
  EACCES:
    "may not be bound; choose a port from 1024 on, or an existing folder the service may write",
  ENOENT: "has no folder; create it or choose another path",
  EINVAL: "is not usable; a socket path has at most 107 bytes",
  ENAMETOOLONG: "is too long; a socket path has at most 107 bytes",
  ENOTFOUND: "has an unknown host; use an IP address",
};

export class Listener {
  readonly #server: Server;
  readonly #address: ListenAddress;
  readonly #sockets = new Set<Socket>();
  #acceptErrors = 0;

  constructor(address: ListenAddress, connectionsMax: number, accept: (socket: Socket) => void) {
    this.#address = address;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      accept(socket);
    });
    this.#server.maxConnections = connectionsMax;
    this.#server.on("drop", () => {
      this.#acceptErrors += 1;
    });
  }

  async listen(): Promise<ListenAddress> {
    const address = this.#address;
    if (address.kind === "unix") await clearStaleSocket(address.path);
    await this.#bind(address).catch((error: NodeJS.ErrnoException) => {
      const remedy = REMEDIES[error.code ?? ""] ?? `can not be bound (${error.code})`;
      throw new ConfigError([`listen.check: ${formatAddress(address)} ${remedy}`], {
        cause: error,
      });
    });
    // Without a listener a failed accept (no descriptor left) would end the process.
    this.#server.on("error", () => {
      this.#acceptErrors += 1;
    });
    const bound = this.#server.address();
    if (address.kind === "unix" || bound === null || typeof bound === "string") return address;
    return { kind: "tcp", host: bound.address, port: bound.port };
  }

  #bind(address: ListenAddress): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      const bound = () => {
        this.#server.off("error", reject);
        resolve();
      };
      if (address.kind === "tcp") {
        this.#server.listen({ host: address.host, port: address.port }, bound);
        return;
      }
      this.#server.listen({ path: address.path }, bound);
      // A socket file is bound within the call above, so its mode is set before anybody is accepted.
      if (!this.#server.listening) return;
      try {
        chmodSync(address.path, Number.parseInt(address.modeOctal, 8));
      } catch (error) {
        this.#server.close();
        reject(error);
      }
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  get acceptErrors(): number {
    return this.#acceptErrors;
  }

  /**
   * No new connections; the socket file is gone when this returns. Open ones go on, and the promise
   * resolves when the last of them is closed.
   */
  stopAccepting(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      this.#server.close(() => {
        this.#sockets.clear(); // the last "close" of a socket comes a tick after this
        resolve();
      });
    });
  }

  /** Cuts off what is still open. */
  destroyConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
