/**
 * The seam between a transport and the spine: raw message bytes in, raw reply bytes out.
 *
 * @module
 */
export interface Call {
  /** When the caller stops waiting, on the monotonic clock; Infinity without `grpc-timeout`. */
  readonly deadlineMonotonicMs: number;
  /** gRPC request metadata by lower-case name, first value (trace context only). */
  header(name: string): string | undefined;
  /** `listener` is called at most once, if the caller goes away before the reply. */
  onCancel(listener: () => void): void;
}

/**
 * Always gives a non-empty CheckResponse and never throws or rejects: undecodable bytes are a refusal
 * with a record, never a gRPC error. `request` is only valid until the handler returns its reply.
 */
export type CheckHandler = (request: Uint8Array, call: Call) => Uint8Array | Promise<Uint8Array>;
