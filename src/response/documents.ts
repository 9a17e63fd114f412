/**
 * The documents a caller can receive, one function each: SARK's decision and error documents, the
 * HTTP denial, the JSON-RPC error. All give templates; texts are fixed sentences or policy text.
 *
 * @module
 */
import type { JsonObject } from "../domain/json.ts";
import { type BodyTemplate, template } from "./body-template.ts";

const json = JSON.stringify;

/** HTTP denial of guard routes (SARK contract 17.2). */
export function denialDocument(text: string, publicReason: string): BodyTemplate {
  return template(
    [
      `{"allow":false,"reason":${json(text)},"reason_code":${json(publicReason)},"cache_ttl":`,
      ',"audit_id":"',
      '","filtered_parameters":null}',
    ],
    "ttlS",
    "auditId",
  );
}

export interface DecisionDocument {
  readonly allow: boolean;
  readonly text: string;
  readonly publicReason: string;
  readonly filteredParameters: JsonObject | null;
  readonly policyRevision: string;
  /** RFC 3339, the moment of the evaluation; also on replays. */
  readonly evaluatedAt: string;
  /** Only for agents. */
  readonly delegationDepthMax: number | undefined;
}

/** `GatewayAuthorizationResponse` of the two authorize endpoints (SARK contract 2 and 3). */
export function decisionDocument(document: DecisionDocument): BodyTemplate {
  const metadata = {
    policy_version: document.policyRevision,
    evaluated_at: document.evaluatedAt,
  };
  const depth =
    document.delegationDepthMax === undefined
      ? ""
      : `,"max_delegation_depth":${document.delegationDepthMax}`;
  return template(
    [
      `{"allow":${document.allow},"reason":${json(document.text)},"reason_code":${json(document.publicReason)},` +
        `"filtered_parameters":${json(document.filteredParameters)},"audit_id":"`,
      '","cache_ttl":',
      `,"metadata":${json(metadata)}${depth}}`,
    ],
    "auditId",
    "ttlS",
  );
}

const SARK_ERROR_CODES: Readonly<Record<number, string>> = {
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  429: "RATE_LIMIT_EXCEEDED",
  500: "POLICY_EVALUATION_ERROR",
  503: "POLICY_EVALUATION_ERROR",
  504: "GATEWAY_TIMEOUT",
};

/** SARK's error document (contract 4). */
export function sarkErrorDocument(httpStatus: number, text: string): BodyTemplate {
  const message = json(text);
  const code = SARK_ERROR_CODES[httpStatus] ?? "INVALID_REQUEST";
  return template([
    `{"detail":${message},"error":{"code":"${code}","message":${message},"details":{}}}`,
  ]);
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly publicReason: string;
  /** Further members of `data` that the protocol asks for. */
  readonly data: JsonObject;
}

/**
 * JSON-RPC 2.0 error response (section 5.1 there; SARK contract 17.3). A denial is not to be kept by
 * the caller: its time to live would tell a known tool from an unknown one.
 */
export function rpcErrorDocument(error: RpcError): BodyTemplate {
  const data = json(error.data).slice(1, -1);
  return template(
    [
      '{"jsonrpc":"2.0",',
      `"error":{"code":${error.code},"message":${json(error.message)},` +
        `"data":{${data === "" ? "" : `${data},`}"reason_code":${json(error.publicReason)},"audit_id":"`,
      '","cache_ttl":0}}}',
    ],
    "idMember",
    "auditId",
  );
}

/** gRPC callers read no body: Envoy makes this line the `grpc-message` of trailers. */
export function grpcLine(text: string): BodyTemplate {
  return template([text]);
}
