/**
 * Replies that Envoy gives by itself: a body in the caller's dialect behind a status and headers.
 *
 * @module
 */
import type { Decision } from "../domain/decision.ts";
import type { JsonObject } from "../domain/json.ts";
import {
  DECISION_BODY_BYTES_MAX,
  DENIAL_BODY_BYTES_MAX,
  RPC_ID_BYTES_MAX,
} from "../domain/limits.ts";
import type { Principal } from "../domain/principal.ts";
import type { Reason } from "../domain/reasons.ts";
import type { Echo } from "../domain/request.ts";
import type { Route } from "../domain/route.ts";
import { encodeCheckResponse, type HeaderPair, type ReplyParts } from "../wire/check-response.ts";
import { a2aDocument } from "./a2a-documents.ts";
import type { BodyTemplate } from "./body-template.ts";
import { denialDocument, grpcLine, rpcErrorDocument, sarkErrorDocument } from "./documents.ts";
import { isSendable } from "./headers.ts";
import { INVALID_REQUEST, type Row } from "./reply-rows.ts";

/** What a reply may depend on beside the decision; whatever is unknown at a refusal is undefined. */
export interface ReplyFacts {
  readonly route: Route | undefined;
  readonly echo: Echo | undefined;
  readonly principal: Principal | undefined;
  readonly action: string | undefined;
  readonly toolName: string | undefined;
  readonly filteredParameters: JsonObject | undefined;
  /** JSON Pointers for `x-sark-remove-parameters`. */
  readonly removedPointers: readonly string[];
  readonly policyRevision: string;
  /** 0-99, or -1 when nobody is known. */
  readonly bucket: number;
  /** RFC 3339. */
  readonly evaluatedAt: string;
}

export interface StoredReply {
  /** What this reply tells: another one than was asked for when that did not fit its bounds. */
  readonly decision: Decision;
  readonly fixed: Uint8Array;
  readonly member: "ok" | "denied" | "error";
  /** What the caller sees; 0 = the request goes on. */
  readonly httpStatus: number;
  readonly body: BodyTemplate | undefined;
}

const JSON_TYPE = "application/json";
const NO_STORE: HeaderPair = ["cache-control", "no-store"];
/** A line is no JSON. Envoy names the type: `application/grpc` in trailers, else `text/plain` (gRPC-Web). */
const GRPC_HEADERS: readonly HeaderPair[] = [NO_STORE];

/** JSON-RPC code of every denial that has no code of its own (SARK's published one). */
const SARK_DENIAL_CODE = -32000;
const ACCESS_DENIED = "Access denied";

/**
 * The document of a refusal or failure in the caller's dialect. Its texts are the fixed ones of the
 * reply table, never those of a policy: they could tell what exists.
 */
export function bodyFor(row: Row, httpStatus: number, facts: ReplyFacts): BodyTemplate {
  const { text } = row;
  const surface = facts.route?.surface;
  if (facts.echo?.dialect === "grpc") return grpcLine(text);
  const code = rpcCodeOf(row, facts);
  const message =
    row.rpc === undefined && text !== ACCESS_DENIED ? `${ACCESS_DENIED}: ${text}` : text;
  const a2a = a2aDocument(facts.echo, { row, httpStatus, code, message });
  if (a2a !== undefined) return a2a;
  if (surface === "mcp" || facts.echo?.dialect === "jsonrpc") {
    return rpcErrorDocument({
      code,
      message,
      publicReason: row.publicReason,
      data: row.publicReason === "mcp.version_unsupported" ? versionsOf(facts) : {},
    });
  }
  if (surface === "sark") return sarkErrorDocument(httpStatus, text);
  return denialDocument(text, row.publicReason);
}

/**
 * A modern client takes -32000 in a 400 for the word of a server that is older than its revision, and
 * starts over with `initialize`.
 */
function rpcCodeOf(row: Row, facts: ReplyFacts): number {
  if (row.rpc !== undefined) return row.rpc;
  if (facts.route?.jsonrpcDenialCode === "own") return row.ownCode;
  return row.http === 400 && facts.echo?.isModern === true ? INVALID_REQUEST : SARK_DENIAL_CODE;
}

/** What the protocol wants a client to choose another version by. */
function versionsOf({ route, echo }: ReplyFacts): JsonObject {
  const requested = echo?.requestedVersion;
  return {
    supported: [...(route?.mcp.acceptVersions ?? [])],
    ...(requested === undefined ? {} : { requested }),
  };
}

interface Outcome {
  readonly word: "deny" | "decide" | "error";
  readonly decision: Decision;
  readonly facts: ReplyFacts;
}

/** Oversized bodies become a plain denial: the status stands, the text does not. */
export function local(
  member: "denied" | "error",
  grpc: number,
  httpStatus: number,
  extra: readonly HeaderPair[],
  body: BodyTemplate,
  outcome: Outcome,
): StoredReply {
  const bytesMax = outcome.word === "decide" ? DECISION_BODY_BYTES_MAX : DENIAL_BODY_BYTES_MAX;
  const small = sizeBytes(body) <= bytesMax ? body : denialDocument(ACCESS_DENIED, "policy.denied");
  const type: HeaderPair = ["content-type", small.contentType ?? JSON_TYPE];
  const own = outcome.facts.echo?.dialect === "grpc" ? GRPC_HEADERS : [type, NO_STORE];
  const headers = [...own, ...extra.filter(([name, value]) => isSendable(name, value))];
  const part = { httpStatus, headers };
  const parts: ReplyParts = {
    status: grpc,
    metadata: metadataOf(outcome.word, outcome.decision.reason, outcome.facts),
    ...(member === "error" ? { error: part } : { denied: part }),
  };
  const { decision } = outcome;
  return { decision, fixed: encodeCheckResponse(parts), member, httpStatus, body: small };
}

/** Dynamic metadata that every Check with this reply shares. */
export function metadataOf(
  decision: string,
  reason: Reason,
  facts: ReplyFacts,
): readonly (readonly [string, string | number])[] {
  const metadata: [string, string | number][] = [
    ["decision", decision],
    ["reason_code", reason],
    ["policy_revision", facts.policyRevision],
    ["mode", facts.route?.mode ?? "strict"],
  ];
  if (facts.bucket >= 0) metadata.push(["bucket", facts.bucket]);
  if (facts.principal?.hash !== undefined) metadata.push(["user_hash", facts.principal.hash]);
  return metadata;
}

const AUDIT_ID_BYTES = 36;
const TTL_DIGITS_MAX = 10;
/** Every byte of an id can be an escape of six characters; name, quotes and comma beside it. */
const ID_MEMBER_BYTES_MAX = RPC_ID_BYTES_MAX * 6 + '"id":"",'.length;

/** Largest size the filled template can have. */
export function sizeBytes(body: BodyTemplate): number {
  let bytes = 0;
  for (const piece of body.pieces) bytes += Buffer.byteLength(piece);
  for (const slot of body.slots) {
    if (slot === "auditId") bytes += AUDIT_ID_BYTES;
    else bytes += slot === "ttlS" ? TTL_DIGITS_MAX : ID_MEMBER_BYTES_MAX;
  }
  return bytes;
}
