/**
 * One unary call of @grpc/grpc-js as the handler sees it, and the description of a method whose
 * messages stay raw bytes.
 *
 * @module
 */
import type { MethodDefinition, ServerUnaryCall } from "@grpc/grpc-js";
import type { Call } from "../domain/call.ts";
import type { Clock } from "../domain/clock.ts";

export type UnaryCall = ServerUnaryCall<Uint8Array, Uint8Array>;

export class GrpcJsCall implements Call {
  readonly deadlineMonotonicMs: number;
  readonly #call: UnaryCall;
  isAnswered = false;

  constructor(call: UnaryCall, clock: Clock) {
    this.#call = call;
    const deadline = call.getDeadline(); // on the wall clock, fixed when the headers arrived
    this.deadlineMonotonicMs =
      typeof deadline === "number" && Number.isFinite(deadline)
        ? clock.monotonicMs() + (deadline - clock.unixMs())
        : Number.POSITIVE_INFINITY;
  }

  /** The caller is gone or its deadline is over. */
  get isCancelled(): boolean {
    return this.#call.cancelled;
  }

  header(name: string): string | undefined {
    const value = this.#call.metadata.get(name)[0];
    return typeof value === "string" ? value : undefined;
  }

  onCancel(listener: () => void): void {
    // grpc-js says "cancelled" after an ordinary end as well.
    const tell = () => {
      if (!this.isAnswered) listener();
    };
    if (this.#call.cancelled) tell();
    else this.#call.once("cancelled", tell);
  }
}

export function rawMethod(
  path: string,
  responseStream = false,
): MethodDefinition<Uint8Array, Uint8Array> {
  return {
    path,
    requestStream: false,
    responseStream,
    requestSerialize: asBuffer,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: asBuffer,
    responseDeserialize: (bytes) => bytes,
  };
}

/** The same memory as a `Buffer`, which grpc-js copies from. */
function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
