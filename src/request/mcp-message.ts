/**
 * Where an MCP message is read: in the body, in what Envoy has read of it, or in the headers that
 * repeat it. Whichever it is, the rest of the stage sees one message read by one reader.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { JsonNode } from "../json/json-node.ts";
import { readStrictJson } from "../json/strict-json.ts";
import { requireJsonBody, requireJsonType } from "./body-rules.ts";
import { MCP_LEVEL } from "./mcp-level.ts";
import { messageOf, requireAgreement, requireSameId, requireWhole } from "./mcp-metadata.ts";
import { MCP_METHODS, type McpMethod, NAMING_MEMBERS } from "./mcp-methods.ts";
import { looksModern } from "./mcp-version.ts";
import { mirroredText } from "./mirrored-text.ts";
import type { PlacedRequest } from "./surface.ts";

export interface McpMessage {
  readonly root: JsonNode;
  /** Anything but a body tells what is asked for, but neither arguments nor how it goes on. */
  readonly source: "body" | "metadata" | "headers";
}

/** @throws {DenyError} `body.*`, `json.*`, `mcp.metadata_mismatch`, `mcp.header_*` */
export function readMessage(placed: PlacedRequest): McpMessage {
  const { attributes, headers, route } = placed;
  if (route.mcp.source === "metadata") {
    requireJsonType(headers);
    const bytes = messageOf(requireWhole(attributes.mcpMetadata));
    return { root: readStrictJson(bytes, MCP_LEVEL), source: "metadata" };
  }
  if (route.mcp.source === "headers" && looksModern(route, headers.get("mcp-protocol-version"))) {
    const bytes = messageOfHeaders(placed);
    if (bytes !== undefined) return { root: readStrictJson(bytes, MCP_LEVEL), source: "headers" };
  }
  const body = requireJsonBody(attributes, headers, placed.bodyBytesMax);
  return { root: readStrictJson(body, MCP_LEVEL, route.mcp.bigIntegers), source: "body" };
}

/**
 * That Envoy's filter, where it has read the message too, has read the same.
 *
 * @throws {DenyError} `mcp.metadata_mismatch`
 */
export function requireEnvoyAgrees(
  placed: PlacedRequest,
  message: McpMessage,
  methodName: string,
  method: McpMethod,
): void {
  const metadata = placed.attributes.mcpMetadata;
  if (metadata === undefined && placed.route.mcp.source !== "both") return;
  requireAgreement(metadata, methodName, method, message.root);
  if (message.source === "body") requireSameId(requireWhole(metadata), message.root);
}

/** Undefined for a method that names something no header repeats: its body has to be there. */
function messageOfHeaders({ headers }: PlacedRequest): Uint8Array | undefined {
  const methodName = headers.get("mcp-method");
  if (methodName === undefined) {
    throw new DenyError("mcp.header_missing", "no header repeats the method");
  }
  const method = MCP_METHODS.get(methodName);
  const params: Record<string, string> = {};
  if (method !== undefined && method.names !== "server") {
    const member = NAMING_MEMBERS[method.names];
    const name = headers.get("mcp-name");
    if (member === undefined || method.isMirrored !== true) return undefined;
    if (name === undefined) throw new DenyError("mcp.header_missing", "no header repeats the name");
    params[member] = mirroredText(name);
  }
  return Buffer.from(JSON.stringify({ jsonrpc: "2.0", method: methodName, params }));
}
