/**
 * The members of an MCP message that mean something to the protocol, in any revision.
 *
 * @module
 */
import { protocolLevel } from "../json/protocol-level.ts";

export const META_VERSION = "io.modelcontextprotocol/protocolVersion";

/** Names without a reader of their own are listed too: they must not come in another spelling. */
export const MCP_LEVEL = protocolLevel({
  jsonrpc: null,
  id: null,
  method: null,
  result: null,
  error: null,
  params: {
    name: null,
    arguments: "parameters",
    uri: null,
    taskId: null,
    ref: { type: null, name: null, uri: null },
    argument: null,
    level: null,
    cursor: null,
    task: null,
    protocolVersion: null,
    capabilities: null,
    clientInfo: null,
    notifications: null,
    inputResponses: null,
    requestState: null,
    requestId: null,
    progressToken: null,
    _meta: {
      [META_VERSION]: null,
      "io.modelcontextprotocol/clientCapabilities": null,
      "io.modelcontextprotocol/clientInfo": null,
      progressToken: null,
    },
  },
});
