/**
 * What of a Check is kept until its line is written.
 *
 * The request's bytes are valid until the reply is given, and a queue of records must not hold request
 * bodies in memory, so everything that is needed is taken out here, on the path of the Check. Building
 * the line is left for later.
 *
 * @module
 */
import { hash } from "node:crypto";
import { type EventType, eventTypeOf } from "../domain/event-type.ts";
import type { Principal } from "../domain/principal.ts";
import type { CheckRecord } from "../domain/record.ts";
import type { AuthzRequest } from "../domain/request.ts";
import { type MemberNames, memberNames } from "./member-names.ts";

/** Names of parameters in one record, before escapes. */
const NAMES_BYTES_MAX = 2_048;
const TOKEN_HASH_DIGITS = 16;

/** Fields of the record that are small by themselves; none refers to the request. */
type KeptOfRecord = Pick<
  CheckRecord,
  | "auditId"
  | "unixMs"
  | "durationMs"
  | "evaluationMs"
  | "effect"
  | "reason"
  | "text"
  | "httpStatus"
  | "source"
  | "cacheTtlS"
  | "policyRevision"
  | "policyEngine"
  | "dataRevision"
  | "bucket"
  | "route"
  | "principal"
  | "resource"
  | "parametersDigest"
>;

export interface AuditEntry extends KeptOfRecord {
  /** Counts the records of this process from 1; a gap in the log is a lost record. */
  readonly sequence: number;
  readonly eventType: EventType;
  readonly tokenHash: string | undefined;
  readonly parameterNames: MemberNames | undefined;
  readonly asked: Asked | undefined;
}

/** Texts of the request. */
interface Asked extends Pick<AuthzRequest, "requestId" | "clientIp" | "userAgent"> {
  readonly path: string;
  readonly action: string;
  readonly operation: string;
  readonly named: AuthzRequest["resource"];
  readonly agentMessage: AuthzRequest["agentMessage"];
}

export class EntryCapture {
  #sequence = 0;
  /** A principal is made once per credential, so a repeated token is not hashed again. */
  readonly #tokenHashes = new WeakMap<Principal, string>();

  capture(record: CheckRecord): AuditEntry {
    const { request } = record;
    const hasParameters = request !== undefined && request.parameters.bytes.length > 0;
    return {
      sequence: ++this.#sequence,
      eventType: eventTypeOf(record),
      auditId: record.auditId,
      unixMs: record.unixMs,
      durationMs: record.durationMs,
      evaluationMs: record.evaluationMs,
      effect: record.effect,
      reason: record.reason,
      text: record.text,
      httpStatus: record.httpStatus,
      source: record.source,
      cacheTtlS: record.cacheTtlS,
      policyRevision: record.policyRevision,
      policyEngine: record.policyEngine,
      dataRevision: record.dataRevision,
      bucket: record.bucket,
      route: record.route,
      principal: record.principal,
      resource: record.resource,
      parametersDigest: record.parametersDigest,
      tokenHash: this.#tokenHash(record.principal, request),
      parameterNames: hasParameters
        ? memberNames(request.parameters.bytes, NAMES_BYTES_MAX)
        : undefined,
      asked: request === undefined ? undefined : askedOf(request),
    };
  }

  #tokenHash(
    principal: Principal | undefined,
    request: AuthzRequest | undefined,
  ): string | undefined {
    if (principal === undefined) return undefined;
    const known = this.#tokenHashes.get(principal);
    if (known !== undefined || request?.credential === undefined) return known;
    // Nothing of an API key is written: its id is the principal's.
    if (request.credential.kind === "api_key") return undefined;
    const digits = hash("sha256", request.credential.token, "hex").slice(0, TOKEN_HASH_DIGITS);
    this.#tokenHashes.set(principal, digits);
    return digits;
  }
}

function askedOf(request: AuthzRequest): Asked {
  return {
    requestId: request.requestId,
    clientIp: request.clientIp,
    userAgent: request.userAgent,
    path: request.path,
    action: request.action,
    operation: request.operation,
    named: request.resource,
    agentMessage: request.agentMessage,
  };
}
