/**
 * What the parameters of an A2A operation are about: task, context, tenant, addresses. Every place that
 * a reader could take an id from counts, and all of them have to agree.
 *
 * @module
 */
import { A2A_PART_HOSTS_MAX, A2A_REFERENCE_TASKS_MAX } from "../domain/limits.ts";
import type { JsonNode } from "../json/json-node.ts";
import { agreed, paramsInvalid, requireA2aId } from "./a2a-ids.ts";
import type { A2aOperation } from "./a2a-operations.ts";
import { fileHostOf, pushHostOf } from "./push-url.ts";

/** What path and query say already; undefined = nothing. */
export interface PlaceNames {
  readonly tenant: string | undefined;
  readonly taskId: string | undefined;
  readonly contextId: string | undefined;
  readonly configId: string | undefined;
  /** A query may name a task as the path does, so both count. */
  readonly otherTaskId: string | undefined;
  readonly otherTenant: string | undefined;
}

export interface A2aNames {
  readonly tenant: string | undefined;
  readonly taskId: string | undefined;
  readonly contextId: string | undefined;
  readonly configId: string | undefined;
  readonly referenceTaskIds: readonly string[];
  readonly pushHost: string | null;
  readonly isPushUrlValid: boolean;
  readonly partHosts: readonly string[];
}

/** `tasks/{id}` or `tasks/{id}/pushNotificationConfigs/{id}`, as version 0.3 names its resources. */
const RESOURCE_NAME = /^tasks\/([^/]+)(?:\/pushNotificationConfigs(?:\/([^/]*))?)?$/;

/**
 * @param isLegacy JSON-RPC of version 0.3, where the id of a push config's task is called `id`
 * @throws {DenyError} `rpc.params_invalid`, `a2a.tenant_conflict`, `a2a.id_conflict`
 */
export function readA2aNames(
  operation: A2aOperation,
  isLegacy: boolean,
  params: JsonNode | undefined,
  place: PlaceNames,
): A2aNames {
  const message = operation.subject === "message" ? requireMessage(params) : undefined;
  const pushes = pushConfigs(operation, params);
  const bodyTenants = [idOf(params, "tenant"), ...pushes.map((push) => idOf(push, "tenant"))];
  const taskId = taskIdOf(operation, isLegacy, params, message, pushes, place);
  const configId = agreed(
    [place.configId, configIdOf(operation, isLegacy, params)],
    "a2a.id_conflict",
  );
  requireNames(operation, isLegacy, taskId, configId);
  return {
    tenant: agreed([place.tenant, place.otherTenant, ...bodyTenants], "a2a.tenant_conflict"),
    taskId,
    contextId: agreed([place.contextId, idOf(message ?? params, "contextId")], "a2a.id_conflict"),
    configId,
    referenceTaskIds: referencesOf(message),
    ...pushFacts(operation, params, pushes),
    partHosts: message === undefined ? NONE : partHostsOf(message),
  };
}

const NONE: readonly string[] = Object.freeze([]);

function requireMessage(params: JsonNode | undefined): JsonNode {
  const message = objectOf(params, "message");
  const legacy = objectOf(params, "request");
  if (message !== undefined && legacy !== undefined) throw paramsInvalid("there are two messages");
  const found = message ?? legacy;
  if (found === undefined) throw paramsInvalid("there is no message");
  return found;
}

function taskIdOf(
  { subject }: A2aOperation,
  isLegacy: boolean,
  params: JsonNode | undefined,
  message: JsonNode | undefined,
  pushes: readonly JsonNode[],
  place: PlaceNames,
): string | undefined {
  const named = [place.taskId, place.otherTaskId, idOf(params, "taskId")];
  for (const resource of [textOf(params, "name"), textOf(params, "parent")]) {
    named.push(taskInName(resource));
  }
  named.push(taskInName(textOf(objectOf(params, "config"), "name")));
  if (subject === "task") named.push(idOf(params, "id"));
  if (isLegacy && (subject === "config" || subject === "configs")) named.push(idOf(params, "id"));
  if (message !== undefined) named.push(idOf(message, "taskId"));
  named.push(...pushes.map((push) => idOf(push, "taskId")));
  return agreed(named, "a2a.id_conflict");
}

function taskInName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const id = RESOURCE_NAME.exec(name)?.[1];
  if (id === undefined) throw paramsInvalid("a resource name has another form");
  return requireA2aId(id);
}

function configIdOf(
  { subject }: A2aOperation,
  isLegacy: boolean,
  params: JsonNode | undefined,
): string | undefined {
  if (subject !== "config") return undefined;
  return idOf(params, isLegacy ? "pushNotificationConfigId" : "id");
}

const NEEDS_TASK: ReadonlySet<A2aOperation["subject"]> = new Set([
  "task",
  "new-config",
  "config",
  "configs",
]);

/** Version 0.3 lets a caller ask for the config of a task without saying which. */
function requireNames(
  { subject, name }: A2aOperation,
  isLegacy: boolean,
  taskId: string | undefined,
  configId: string | undefined,
): void {
  if (NEEDS_TASK.has(subject) && taskId === undefined) throw paramsInvalid("there is no task id");
  const mayBeAny = isLegacy && name === "GetTaskPushNotificationConfig";
  if (subject === "config" && configId === undefined && !mayBeAny) {
    throw paramsInvalid("there is no config id");
  }
}

function referencesOf(message: JsonNode | undefined): readonly string[] {
  const list = message?.member("referenceTaskIds");
  if (list === undefined || list.kind === "null") return NONE;
  const { elements } = list;
  if (elements === undefined) throw paramsInvalid("referenceTaskIds is not a list");
  if (elements.length > A2A_REFERENCE_TASKS_MAX) throw paramsInvalid("too many reference tasks");
  return elements.map(({ text }) => {
    if (text === undefined) throw paramsInvalid("a reference task is not named by a string");
    return requireA2aId(text);
  });
}

/** Every object that says where to push to. */
function pushConfigs({ subject }: A2aOperation, params: JsonNode | undefined): readonly JsonNode[] {
  const at = (holder: JsonNode | undefined, name: string) => objectOf(holder, name) ?? [];
  if (subject === "new-config") {
    const legacy = objectOf(params, "config");
    return [at(params, "pushNotificationConfig"), at(legacy, "pushNotificationConfig")].flat();
  }
  if (subject !== "message") return [];
  const configuration = objectOf(params, "configuration");
  return [
    at(configuration, "taskPushNotificationConfig"),
    at(configuration, "pushNotificationConfig"),
    at(configuration, "pushNotification"),
  ].flat();
}

/** One address or none: with several, one could be checked and another used. */
function pushFacts(
  { subject }: A2aOperation,
  params: JsonNode | undefined,
  pushes: readonly JsonNode[],
): Pick<A2aNames, "pushHost" | "isPushUrlValid"> {
  const urls = new Set(pushes.map((push) => textOf(push, "url") ?? ""));
  const own = subject === "new-config" ? textOf(params, "url") : undefined;
  if (own !== undefined) urls.add(own);
  if (urls.size === 0) {
    if (subject === "new-config") throw paramsInvalid("there is no url");
    return { pushHost: null, isPushUrlValid: true };
  }
  const [url = ""] = urls;
  const host = urls.size === 1 ? pushHostOf(url) : undefined;
  return { pushHost: host ?? null, isPushUrlValid: host !== undefined };
}

function partHostsOf(message: JsonNode): readonly string[] {
  const hosts = new Set<string>();
  for (const list of [message.member("parts"), message.member("content")]) {
    if (list === undefined || list.kind === "null") continue;
    if (list.elements === undefined) throw paramsInvalid("the parts are not a list");
    for (const part of list.elements) addHosts(hosts, part);
  }
  if (hosts.size > A2A_PART_HOSTS_MAX) throw paramsInvalid("the files lie on too many hosts");
  return hosts.size === 0 ? NONE : [...hosts];
}

function addHosts(hosts: Set<string>, part: JsonNode): void {
  if (part.kind !== "object") throw paramsInvalid("a part is not an object");
  const file = objectOf(part, "file");
  const urls = [textOf(part, "url"), textOf(file, "uri"), textOf(file, "fileWithUri")];
  for (const url of urls) if (url !== undefined) hosts.add(fileHostOf(url));
}

function idOf(holder: JsonNode | undefined, name: string): string | undefined {
  const text = textOf(holder, name);
  return text === undefined ? undefined : requireA2aId(text);
}

/** To ProtoJSON null and the empty string are a field that is not set. */
function textOf(holder: JsonNode | undefined, name: string): string | undefined {
  const node = holder?.member(name);
  if (node === undefined || node.kind === "null") return undefined;
  if (node.text === undefined) throw paramsInvalid("a name is not a string");
  return node.text === "" ? undefined : node.text;
}

function objectOf(holder: JsonNode | undefined, name: string): JsonNode | undefined {
  const node = holder?.member(name);
  if (node === undefined || node.kind === "null") return undefined;
  if (node.kind !== "object") throw paramsInvalid("a member is not an object");
  return node;
}
