/**
 * One HTTP/2 connection that keeps `streams` unary Checks in flight and notes how long each took.
 * Closed loop: a finished Check starts the next one.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import {
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
  frame,
  headerBlock,
  INITIAL_WINDOW_BYTES,
  PREFACE,
  windowUpdate,
} from "./http2-frames.ts";

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface Plan {
  readonly target: Target;
  /** Checks this connection keeps in flight. */
  readonly streams: number;
  /** Shared by all connections: gives the next message, or undefined when enough were started. */
  readonly next: () => Buffer | undefined;
  /** Called once for each answered Check. */
  readonly done: (latencyMs: number, replyBytes: number) => void;
}

const CHECK_HEADERS = headerBlock([
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/envoy.service.auth.v3.Authorization/Check"],
  [":authority", "sark_authz"],
  ["content-type", "application/grpc"],
  ["te", "trailers"],
]);
const GRPC_PREFIX_BYTES = 5;
const REPLENISH_BYTES = 32_768;

interface Open {
  readonly startedMs: number;
  dataBytes: number;
}

/** Resolves when no message is left and every Check is answered; rejects when the server fails one. */
export function runConnection(plan: Plan): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...plan.target, noDelay: true });
    const connection = new LoadConnection(socket, plan, resolve, reject);
    socket.on("connect", () => connection.start());
    socket.on("data", (chunk) => connection.read(chunk));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the connection")));
  });
}

class LoadConnection {
  readonly #socket: Socket;
  readonly #plan: Plan;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  readonly #open = new Map<number, Open>();
  #rest: Buffer = Buffer.alloc(0);
  #output: Buffer[] = [];
  #nextStream = 1;
  #sendWindowBytes = INITIAL_WINDOW_BYTES;
  #receivedBytes = 0;
  #held: Buffer | undefined;
  #isExhausted = false;

  constructor(socket: Socket, plan: Plan, resolve: () => void, reject: (error: Error) => void) {
    this.#socket = socket;
    this.#plan = plan;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    this.#output.push(PREFACE, frame(FRAME.settings, 0, 0, Buffer.alloc(0)));
    this.#fillUp();
    this.#flush();
  }

  read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= FRAME_HEADER_BYTES) {
      const length = bytes.readUIntBE(0, 3);
      const end = FRAME_HEADER_BYTES + length;
      if (bytes.length < end) break;
      const stream = bytes.readUInt32BE(5) & 0x7fffffff;
      this.#onFrame(bytes[3] ?? 0, bytes[4] ?? 0, stream, bytes.subarray(FRAME_HEADER_BYTES, end));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    this.#fillUp();
    this.#flush();
    if (this.#isExhausted && this.#open.size === 0) {
      this.#socket.removeAllListeners("close");
      this.#socket.end();
      this.#resolve();
    }
  }

  #onFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    if (type === FRAME.data) this.#onData(stream, payload.length);
    if ((type === FRAME.data || type === FRAME.headers) && (flags & FLAG.endStream) !== 0) {
      this.#onEnd(stream);
    }
    if (type === FRAME.settings && (flags & FLAG.ack) === 0) {
      this.#output.push(frame(FRAME.settings, FLAG.ack, 0, Buffer.alloc(0)));
    }
    if (type === FRAME.ping && (flags & FLAG.ack) === 0) {
      this.#output.push(frame(FRAME.ping, FLAG.ack, 0, payload));
    }
    if (type === FRAME.windowUpdate && stream === 0) {
      this.#sendWindowBytes += payload.readUInt32BE(0);
    }
    if (type === FRAME.reset || type === FRAME.goaway) {
      this.#reject(new Error(`the server sent frame type ${type}`));
    }
  }

  #onData(stream: number, bytes: number): void {
    const open = this.#open.get(stream);
    if (open !== undefined) open.dataBytes += bytes;
    this.#receivedBytes += bytes;
    if (this.#receivedBytes >= REPLENISH_BYTES) {
      this.#output.push(windowUpdate(0, this.#receivedBytes));
      this.#receivedBytes = 0;
    }
  }

  #onEnd(stream: number): void {
    const open = this.#open.get(stream);
    if (open === undefined) return;
    this.#open.delete(stream);
    this.#plan.done(performance.now() - open.startedMs, open.dataBytes - GRPC_PREFIX_BYTES);
  }

  #fillUp(): void {
    while (this.#open.size < this.#plan.streams && !this.#isExhausted) {
      const message = this.#held ?? this.#plan.next();
      if (message === undefined) {
        this.#isExhausted = true;
        return;
      }
      const bytes = GRPC_PREFIX_BYTES + message.length;
      if (bytes > this.#sendWindowBytes) {
        this.#held = message;
        return;
      }
      this.#held = undefined;
      this.#sendWindowBytes -= bytes;
      this.#send(message);
    }
  }

  #send(message: Buffer): void {
    const stream = this.#nextStream;
    this.#nextStream += 2;
    const prefix = Buffer.alloc(GRPC_PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    this.#output.push(
      frame(FRAME.headers, FLAG.endHeaders, stream, CHECK_HEADERS),
      frame(FRAME.data, FLAG.endStream, stream, Buffer.concat([prefix, message])),
    );
    this.#open.set(stream, { startedMs: performance.now(), dataBytes: 0 });
  }

  #flush(): void {
    if (this.#output.length === 0) return;
    this.#socket.write(Buffer.concat(this.#output));
    this.#output = [];
  }
}
