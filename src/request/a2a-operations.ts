/**
 * The operations of the A2A protocol: their names in both versions, where they are found in the REST
 * binding, and what they are to SARK. An operation that is not here is refused.
 *
 * @module
 */
import type { A2aOperationName, A2aVersion } from "../domain/route.ts";

/** Where an operation says what it is about. */
export type A2aSubject =
  /** A message, with the task it continues and those it refers to. */
  | "message"
  /** A task by its own id. */
  | "task"
  /** All tasks of a context, or of the agent. */
  | "tasks"
  /** A new push notification config of a task. */
  | "new-config"
  /** One push notification config of a task. */
  | "config"
  /** All push notification configs of a task. */
  | "configs"
  /** The card that only authenticated callers may read. */
  | "card";

export interface A2aOperation {
  /** In version 1.0, for JSON-RPC and gRPC. */
  readonly name: A2aOperationName;
  /** JSON-RPC method of version 0.3, which lacks some operations. */
  readonly legacyMethod: string | undefined;
  readonly subject: A2aSubject;
  readonly capability: "execute" | "query";
}

function operation(
  name: A2aOperationName,
  legacyMethod: string | undefined,
  subject: A2aSubject,
  capability: A2aOperation["capability"],
): A2aOperation {
  return { name, legacyMethod, subject, capability };
}

const CONFIG = "tasks/pushNotificationConfig";

const SEND = operation("SendMessage", "message/send", "message", "execute");
const STREAM = operation("SendStreamingMessage", "message/stream", "message", "execute");
const GET_TASK = operation("GetTask", "tasks/get", "task", "query");
const LIST_TASKS = operation("ListTasks", undefined, "tasks", "query");
const CANCEL = operation("CancelTask", "tasks/cancel", "task", "execute");
const SUBSCRIBE = operation("SubscribeToTask", "tasks/resubscribe", "task", "query");
const CREATE_CONFIG = operation(
  "CreateTaskPushNotificationConfig",
  `${CONFIG}/set`,
  "new-config",
  "execute",
);
const GET_CONFIG = operation("GetTaskPushNotificationConfig", `${CONFIG}/get`, "config", "query");
const LIST_CONFIGS = operation(
  "ListTaskPushNotificationConfigs",
  `${CONFIG}/list`,
  "configs",
  "query",
);
const DELETE_CONFIG = operation(
  "DeleteTaskPushNotificationConfig",
  `${CONFIG}/delete`,
  "config",
  "execute",
);
const GET_CARD = operation(
  "GetExtendedAgentCard",
  "agent/getAuthenticatedExtendedCard",
  "card",
  "query",
);

export const A2A_OPERATIONS: readonly A2aOperation[] = [
  SEND,
  STREAM,
  GET_TASK,
  LIST_TASKS,
  CANCEL,
  SUBSCRIBE,
  CREATE_CONFIG,
  GET_CONFIG,
  LIST_CONFIGS,
  DELETE_CONFIG,
  GET_CARD,
];

const BY_NAME: ReadonlyMap<string, A2aOperation> = new Map(
  A2A_OPERATIONS.map((known) => [known.name, known]),
);
const BY_LEGACY_METHOD = new Map(
  A2A_OPERATIONS.flatMap((known) =>
    known.legacyMethod === undefined ? [] : [[known.legacyMethod, known] as const],
  ),
);

/** A name of the other version is no name. */
export function operationByMethod(name: string, version: A2aVersion): A2aOperation | undefined {
  return (version === "1.0" ? BY_NAME : BY_LEGACY_METHOD).get(name);
}

/** HTTP method and path, with `*` for an id; in version 0.3 behind `/v1`. */
const IN_BOTH_VERSIONS: readonly (readonly [pattern: string, operation: A2aOperation])[] = [
  ["POST message:send", SEND],
  ["POST message:stream", STREAM],
  ["GET tasks/*", GET_TASK],
  ["POST tasks/*:cancel", CANCEL],
  ["GET tasks/*:subscribe", SUBSCRIBE],
  ["POST tasks/*:subscribe", SUBSCRIBE],
  ["POST tasks/*/pushNotificationConfigs", CREATE_CONFIG],
  ["GET tasks/*/pushNotificationConfigs", LIST_CONFIGS],
  ["GET tasks/*/pushNotificationConfigs/*", GET_CONFIG],
  ["DELETE tasks/*/pushNotificationConfigs/*", DELETE_CONFIG],
];

const BY_PATTERN: Readonly<Record<A2aVersion, ReadonlyMap<string, A2aOperation>>> = {
  "1.0": new Map([
    ...IN_BOTH_VERSIONS,
    ["GET tasks", LIST_TASKS],
    ["GET extendedAgentCard", GET_CARD],
  ]),
  "0.3": new Map([...IN_BOTH_VERSIONS, ["GET card", GET_CARD]]),
};

export function operationByPattern(pattern: string, version: A2aVersion): A2aOperation | undefined {
  return BY_PATTERN[version].get(pattern);
}
