/**
 * One row of the reply table, and the rows that several reasons share.
 *
 * @module
 */

/** gRPC status codes (google.rpc.Code) that replies use. */
export const GRPC = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export interface Row {
  /** HTTP status on guard routes. */
  readonly http: number;
  /** `CheckResponse.status.code`; never 0 here. */
  readonly grpc: number;
  /** JSON-RPC error code; undefined = the denial code (`sark`: -32000, `own`: `ownCode`). */
  readonly rpc: number | undefined;
  /** Sent instead of -32000 on routes with `jsonrpc_denial_code: own`. */
  readonly ownCode: number;
  /** What the caller is told; the exact reason stays in the record. */
  readonly publicReason: string;
  /** Fixed sentence for people. */
  readonly text: string;
}

export const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
const PARSE_ERROR = -32700;
const HEADER_MISMATCH = -32020;

export function row(
  http: number,
  grpc: number,
  rpc: number | undefined,
  ownCode: number,
  publicReason: string,
  text: string,
): Row {
  return { http, grpc, rpc, ownCode, publicReason, text };
}

export const unreadable = row(
  400,
  GRPC.invalidArgument,
  INVALID_REQUEST,
  0,
  "request.invalid",
  "Request is malformed",
);
export const method = row(
  405,
  GRPC.unimplemented,
  INVALID_REQUEST,
  0,
  "request.invalid",
  "Method not allowed",
);
export const tooLong = { ...unreadable, http: 414, text: "Request target is too long" };
export const accessDenied = denied(40301, "policy.denied", "Access denied");
export const unsupportedBody = (reason: string) =>
  row(415, GRPC.invalidArgument, undefined, 41501, reason, "Unsupported body type or encoding");
export const notJson = row(
  400,
  GRPC.invalidArgument,
  PARSE_ERROR,
  0,
  "json.invalid",
  "Body is not valid JSON",
);
export const refusedJson = { ...notJson, rpc: INVALID_REQUEST, text: "Body is not accepted" };
export const rpcRefused = (reason: string) =>
  row(400, GRPC.invalidArgument, INVALID_REQUEST, 0, reason, "Invalid JSON-RPC request");
export const rpcParams = row(
  400,
  GRPC.invalidArgument,
  INVALID_PARAMS,
  0,
  "rpc.params_invalid",
  "Invalid params",
);
export const rpcMethod = row(
  404,
  GRPC.unimplemented,
  METHOD_NOT_FOUND,
  0,
  "rpc.method_unknown",
  "Method not found",
);
export const mcpHeader = (reason: string) =>
  row(400, GRPC.invalidArgument, HEADER_MISMATCH, 0, reason, "Header does not match the body");
export const a2aConflict = (reason: string) =>
  row(400, GRPC.invalidArgument, INVALID_REQUEST, 0, reason, "Request contradicts itself");
export const unproven = row(
  401,
  GRPC.unauthenticated,
  undefined,
  40102,
  "identity.invalid",
  "Invalid credential",
);
export const absent = row(
  401,
  GRPC.unauthenticated,
  undefined,
  40101,
  "identity.missing",
  "Authentication required",
);
export const oneCredential = (reason: string) =>
  row(400, GRPC.invalidArgument, undefined, 40003, reason, "Exactly one credential is required");

export function denied(ownCode: number, publicReason: string, text: string): Row {
  return row(403, GRPC.permissionDenied, undefined, ownCode, publicReason, text);
}
