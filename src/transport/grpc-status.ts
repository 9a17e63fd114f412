/**
 * The gRPC status codes that a transport itself answers with, and the error that carries one.
 *
 * @module
 */
export const GRPC_STATUS = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A call that ends with a status instead of a message. The details are fixed text. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}
