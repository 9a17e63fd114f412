/**
 * The members of an A2A request that mean something to the protocol, in either version: the parameters
 * of every operation together, because a reader for one may not stumble over the names of another.
 *
 * @module
 */
import { type LevelShape, protocolLevel } from "../json/protocol-level.ts";

const PUSH: LevelShape = {
  id: null,
  taskId: null,
  tenant: null,
  url: null,
  token: null,
  authentication: null,
};

const PART: LevelShape = {
  kind: null,
  text: null,
  raw: null,
  url: null,
  data: null,
  metadata: null,
  filename: null,
  mediaType: null,
  file: {
    uri: null,
    bytes: null,
    name: null,
    mimeType: null,
    fileWithUri: null,
    fileWithBytes: null,
  },
};

const MESSAGE: LevelShape = {
  kind: null,
  messageId: null,
  role: null,
  taskId: null,
  contextId: null,
  referenceTaskIds: [null],
  extensions: null,
  metadata: null,
  parts: [PART],
  // As version 0.3 names the parts in its REST binding.
  content: [PART],
};

const PARAMS: LevelShape = {
  tenant: null,
  id: null,
  taskId: null,
  contextId: null,
  url: null,
  token: null,
  authentication: null,
  pushNotificationConfigId: null,
  pushNotificationConfig: PUSH,
  metadata: null,
  message: MESSAGE,
  configuration: {
    acceptedOutputModes: null,
    blocking: null,
    returnImmediately: null,
    historyLength: null,
    taskPushNotificationConfig: PUSH,
    pushNotificationConfig: PUSH,
    pushNotification: PUSH,
  },
  // Version 0.3 in its REST binding.
  request: MESSAGE,
  name: null,
  parent: null,
  configId: null,
  config: { name: null, pushNotificationConfig: PUSH },
};

/** A whole body of the JSON-RPC binding. */
export const A2A_RPC_LEVEL = protocolLevel(
  { jsonrpc: null, id: null, method: null, result: null, error: null, params: PARAMS },
  "ProtoJSON",
);

/** A whole body of the REST binding. */
export const A2A_REST_LEVEL = protocolLevel(PARAMS, "ProtoJSON");
