/**
 * How a refusal or failure looks to callers of the A2A protocol, by binding and version. The clients of
 * both versions were read for what they take an error from.
 *
 * @module
 */
import type { Echo } from "../domain/request.ts";
import { type BodyTemplate, template } from "./body-template.ts";
import { rpcErrorDocument } from "./documents.ts";
import { GRPC, type Row } from "./reply-rows.ts";

const json = JSON.stringify;

const ERROR_INFO_TYPE = "type.googleapis.com/google.rpc.ErrorInfo";
const PROTOCOL_DOMAIN = "a2a-protocol.org";
const OWN_DOMAIN = "sark-authz";

/** Errors that the protocol itself has, by JSON-RPC code. */
const PROTOCOL_ERRORS: Readonly<
  Record<number, { readonly reason: string; readonly type: string }>
> = {
  [-32001]: {
    reason: "TASK_NOT_FOUND",
    type: "https://a2a-protocol.org/errors/task-not-found",
  },
  [-32009]: {
    reason: "VERSION_NOT_SUPPORTED",
    type: "https://a2a-protocol.org/errors/version-not-supported",
  },
};

/** Names of google.rpc.Code. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  [GRPC.invalidArgument]: "INVALID_ARGUMENT",
  [GRPC.deadlineExceeded]: "DEADLINE_EXCEEDED",
  [GRPC.notFound]: "NOT_FOUND",
  [GRPC.permissionDenied]: "PERMISSION_DENIED",
  [GRPC.resourceExhausted]: "RESOURCE_EXHAUSTED",
  [GRPC.failedPrecondition]: "FAILED_PRECONDITION",
  [GRPC.unimplemented]: "UNIMPLEMENTED",
  [GRPC.internal]: "INTERNAL",
  [GRPC.unavailable]: "UNAVAILABLE",
  [GRPC.unauthenticated]: "UNAUTHENTICATED",
};

export interface A2aError {
  readonly row: Row;
  readonly httpStatus: number;
  /** JSON-RPC code that is sent. */
  readonly code: number;
  readonly message: string;
}

/** Undefined when `echo` is of no dialect that only A2A callers speak. */
export function a2aDocument(echo: Echo | undefined, error: A2aError): BodyTemplate | undefined {
  const isLegacy = echo?.a2aVersion === "0.3";
  switch (echo?.dialect) {
    case "a2a-jsonrpc":
      return isLegacy ? legacyRpcError(error) : rpcError(error);
    case "a2a-rest":
      return isLegacy ? problem(error) : restError(error);
    default:
      return undefined;
  }
}

/** `google.rpc.ErrorInfo` up to the audit id, and what follows it. */
function errorInfo({ row }: A2aError): readonly [before: string, after: string] {
  const known = row.rpc === undefined ? undefined : PROTOCOL_ERRORS[row.rpc];
  const reason = known?.reason ?? row.publicReason.toUpperCase().replaceAll(".", "_");
  const domain = known === undefined ? OWN_DOMAIN : PROTOCOL_DOMAIN;
  return [
    `{"@type":"${ERROR_INFO_TYPE}","reason":${json(reason)},"domain":"${domain}",` +
      `"metadata":{"reason_code":${json(row.publicReason)},"audit_id":"`,
    '"}}',
  ];
}

function rpcError(error: A2aError): BodyTemplate {
  const [before, after] = errorInfo(error);
  return template(
    [
      '{"jsonrpc":"2.0","id":',
      `,"error":{"code":${error.code},"message":${json(error.message)},"data":[${before}`,
      `${after}]}}`,
    ],
    "rpcId",
    "auditId",
  );
}

/** An answer without an id would be none to these clients, so an unknown one is null. */
function legacyRpcError({ row, code, message }: A2aError): BodyTemplate {
  return rpcErrorDocument({ code, message, publicReason: row.publicReason, data: {} });
}

/** `google.rpc.Status` as Google's HTTP mapping writes it. */
function restError(error: A2aError): BodyTemplate {
  const [before, after] = errorInfo(error);
  const status = STATUS_NAMES[error.row.grpc] ?? "UNKNOWN";
  return template(
    [
      `{"error":{"code":${error.httpStatus},"status":"${status}",` +
        `"message":${json(error.message)},"details":[${before}`,
      `${after}]}}`,
    ],
    "auditId",
  );
}

/** RFC 9457, with the two members (`code`, `message`) that clients of this version look for. */
function problem({ row, httpStatus, code, message }: A2aError): BodyTemplate {
  const known = row.rpc === undefined ? undefined : PROTOCOL_ERRORS[row.rpc];
  const text = json(message);
  return {
    ...template(
      [
        `{"type":"${known?.type ?? "about:blank"}","title":${json(row.text)},"status":${httpStatus},` +
          `"detail":${text},"code":${code},"message":${text},` +
          `"reason_code":${json(row.publicReason)},"audit_id":"`,
        '"}',
      ],
      "auditId",
    ),
    contentType: "application/problem+json",
  };
}
