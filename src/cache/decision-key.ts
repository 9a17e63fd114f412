/**
 * The key of a decision: SHA-256 over every input that policy can see, each part behind its length,
 * so that no two different tuples share a pre-image (SARK contract 15.1).
 *
 * @module
 */
import { hash } from "node:crypto";
import type { A2aFacts, Dialect, McpFacts } from "../domain/request.ts";

/** Everything a decision depends on; what is per request (ids, clock reading) is left out. */
export interface DecisionKeyParts {
  readonly entrypoint: string;
  readonly policyRevision: string;
  readonly dataRevision: string;
  /** Route name and every route key that Envoy may set. */
  readonly routeKey: string;
  /** Digest of all principal fields. */
  readonly principalDigest: string;
  /** SARK action, or the capability on the A2A endpoint. */
  readonly action: string;
  readonly capability: string;
  readonly resourceType: string;
  /** URI, prompt or task. */
  readonly resourceName: string;
  /** Further resources as one text that no other list has; empty without any. */
  readonly moreResources: string;
  readonly server: string;
  readonly tool: string;
  /** Effective level. */
  readonly sensitivity: string;
  readonly targetAgent: string;
  readonly targetEnvironment: string;
  /** Raw bytes; the strict reader has accepted them, so equal bytes are equal parameters. */
  readonly parameters: Uint8Array;
  /** Raw bytes of everything else the caller claims. */
  readonly untrusted: Uint8Array;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly clientIp: string;
  readonly delegationDepth: number;
  /** Unknown parameters are not the same as none. */
  readonly parametersKnown: boolean;
  readonly mcp: McpFacts | undefined;
  readonly a2a: A2aFacts | undefined;
  readonly peerPrincipal: string;
  /** The stored reply is in this dialect. */
  readonly dialect: Dialect;
  /** Hour slot, so that a work-hours answer can not outlive its hour. */
  readonly timeSlot: number;
}

/** Raised whenever the meaning of a part changes. */
const KEY_VERSION = "3";
const LENGTH_BYTES = 4;
const SCRATCH_BYTES = 131_072;
/** UTF-16 to UTF-8 needs at most three bytes for each unit. */
const UTF8_BYTES_PER_UNIT_MAX = 3;

const scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
const EMPTY_DIGEST = digest(new Uint8Array(0));

/** SHA-256 in hex; the empty input costs nothing. */
export function digestOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? EMPTY_DIGEST : digest(bytes);
}

function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

export function decisionKey(parts: DecisionKeyParts): string {
  const texts = [
    KEY_VERSION,
    parts.entrypoint,
    parts.policyRevision,
    parts.dataRevision,
    parts.routeKey,
    parts.principalDigest,
    parts.action,
    parts.capability,
    parts.resourceType,
    parts.resourceName,
    parts.moreResources,
    parts.server,
    parts.tool,
    parts.sensitivity,
    parts.targetAgent,
    parts.targetEnvironment,
    parts.method,
    parts.host,
    parts.path,
    parts.query,
    parts.clientIp,
    String(parts.delegationDepth),
    parts.parametersKnown ? "known" : "unknown",
    parts.mcp?.method ?? "",
    parts.mcp?.protocolVersion ?? "",
    parts.mcp?.sessionId ?? "",
    // One text per list of facts: JSON keeps null and the empty string apart.
    parts.a2a === undefined ? "" : JSON.stringify(parts.a2a),
    parts.peerPrincipal,
    parts.dialect,
    String(parts.timeSlot),
  ];
  const { parameters, untrusted } = parts;
  let units = 0;
  for (const text of texts) units += text.length;
  const bytesMax =
    units * UTF8_BYTES_PER_UNIT_MAX +
    parameters.length +
    untrusted.length +
    (texts.length + 2) * LENGTH_BYTES;
  const buffer = bytesMax <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(bytesMax);

  let offset = 0;
  for (const text of texts) {
    const written = buffer.write(text, offset + LENGTH_BYTES, "utf8");
    buffer.writeUInt32BE(written, offset);
    offset += LENGTH_BYTES + written;
  }
  for (const bytes of [parameters, untrusted]) {
    buffer.writeUInt32BE(bytes.length, offset);
    buffer.set(bytes, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + bytes.length;
  }
  return hash("sha256", buffer.subarray(0, offset), "base64url");
}
