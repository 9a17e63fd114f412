/**
 * What Envoy's own MCP filter has read, beside or instead of the body. Its word counts only as a whole:
 * a filter that gave up half-way says so in fields of their own, and one that reads something else than
 * the sidecar has found an ambiguity.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { JsonNode } from "../json/json-node.ts";
import { isStruct, type StructFields, type StructValue } from "../wire/struct.ts";
import { CLIENT_RESPONSE, type McpMethod, NAMING_MEMBERS } from "./mcp-methods.ts";

/** Envoy's name for a message that answers a call of the server's. */
const RESPONSE_METHOD = "__jsonrpc_response";
const COMPARED = ["name", "uri", "taskId"] as const;

/**
 * Metadata that stands for one whole, well-formed message.
 *
 * @throws {DenyError} `mcp.metadata_mismatch`
 */
export function requireWhole(metadata: StructFields | undefined): StructFields {
  const isWhole =
    metadata !== undefined &&
    metadata.get("is_mcp_request") === true &&
    metadata.get("status") === "mcp_ok" &&
    isUnset(metadata.get("is_exceeding_limit")) &&
    isUnset(metadata.get("passthrough_reason"));
  if (!isWhole) throw mismatch("Envoy has not read the message as a whole");
  return metadata;
}

/**
 * @param root the message as the sidecar has read it
 * @throws {DenyError} `mcp.metadata_mismatch`
 */
export function requireAgreement(
  metadata: StructFields | undefined,
  methodName: string,
  method: McpMethod,
  root: JsonNode,
): void {
  const whole = requireWhole(metadata);
  const read = whole.get("method");
  const isSameMethod = (read === RESPONSE_METHOD ? CLIENT_RESPONSE : read) === methodName;
  if (!isSameMethod) throw mismatch("Envoy has read another method");
  const fields = whole.get("params");
  const params = root.member("params");
  const needed = method.isHiddenFromEnvoy === true ? undefined : NAMING_MEMBERS[method.names];
  for (const name of COMPARED) {
    const theirs = isStruct(fields) ? fields.get(name) : undefined;
    if (theirs === undefined && name !== needed) continue;
    if (theirs !== params?.member(name)?.text) throw mismatch("Envoy has read another name");
  }
}

/**
 * Envoy holds every number as a double, so only the safe ones can be compared.
 *
 * @throws {DenyError} `mcp.metadata_mismatch`
 */
export function requireSameId(metadata: StructFields, root: JsonNode): void {
  const theirs = metadata.get("id");
  const ours = root.member("id");
  const isSame =
    typeof theirs === "number"
      ? ours?.kind === "number" && Number(ours.json) === theirs
      : theirs === ours?.text && ours?.kind !== "number";
  if (!isSame) throw mismatch("Envoy has read another id");
}

/**
 * The message again as far as Envoy has read it, so that it goes through the same reader as a body.
 * Members are sorted: Envoy's maps have no order, and equal messages must give equal bytes.
 */
export function messageOf(metadata: StructFields): Uint8Array {
  const message = new Map<string, StructValue>([["jsonrpc", "2.0"]]);
  for (const name of ["id", "params"]) {
    const value = metadata.get(name);
    if (value !== undefined) message.set(name, value);
  }
  const method = metadata.get("method") ?? null;
  if (method === RESPONSE_METHOD) message.set("result", null);
  else message.set("method", method);
  return Buffer.from(jsonOf(message));
}

/** The depth is bounded where the metadata was read. */
function jsonOf(value: StructValue): string {
  if (isStruct(value)) {
    const members = [...value]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${jsonOf(member)}`);
    return `{${members.join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  return JSON.stringify(value);
}

function isUnset(value: StructValue | undefined): boolean {
  return value === undefined || value === null || value === false;
}

function mismatch(message: string): DenyError {
  return new DenyError("mcp.metadata_mismatch", message);
}
