/**
 * What an MCP call is about, as its parameters name it: a tool, a prompt, a resource, a task, or only
 * the server.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { MCP_SUBSCRIPTIONS_MAX, MCP_TASK_ID_BYTES_MAX } from "../domain/limits.ts";
import type { ResourceName, ResourceType } from "../domain/request.ts";
import type { JsonNode } from "../json/json-node.ts";
import { isName, requireNoNul } from "./identifier.ts";
import type { McpMethod, Named } from "./mcp-methods.ts";
import { requireUri } from "./resource-uri.ts";
import { NO_RESOURCES } from "./surface.ts";

export interface NamedResources {
  readonly resource: ResourceName;
  readonly moreResources: readonly ResourceName[];
  /** The name, URI or id in `params`, which a header may repeat; null where there is none. */
  readonly name: string | null;
}

type Params = JsonNode | undefined;

const LIST_CHANGES = ["toolsListChanged", "promptsListChanged", "resourcesListChanged"] as const;
const TASK_ID = /^[!-~]+$/;

/** @throws {DenyError} `rpc.params_invalid`, `mcp.name_invalid`, `mcp.uri_invalid` */
export function resourcesOf(method: McpMethod, server: string, params: Params): NamedResources {
  return READERS[method.names](server, params);
}

export function serverResource(server: string): ResourceName {
  return { type: "server", server, tool: null, name: null, claimedSensitivity: undefined };
}

const READERS: Readonly<Record<Named, (server: string, params: Params) => NamedResources>> = {
  server: (server) => one(serverResource(server), null),
  level: (server, params) => {
    textOf(params?.member("level"));
    return one(serverResource(server), null);
  },
  tool: (server, params) => {
    const tool = nameOf(params?.member("name"));
    return one({ ...serverResource(server), type: "tool", tool }, tool);
  },
  prompt: (server, params) => part("prompt", server, nameOf(params?.member("name"))),
  resource: (server, params) => part("resource", server, uriOf(params?.member("uri"))),
  task: (server, params) => part("task", server, taskIdOf(params?.member("taskId"))),
  reference: (server, params) => {
    const reference = params?.member("ref");
    switch (reference?.member("type")?.text) {
      case "ref/prompt":
        return part("prompt", server, nameOf(reference.member("name")));
      case "ref/resource":
        return part("resource", server, uriOf(reference.member("uri")));
      default:
        throw invalid("there is no reference of a known type");
    }
  },
  subscriptions: (server, params) => subscriptionsOf(server, params?.member("notifications")),
};

/** Every resource by itself, and the server for whatever is not one of its resources. */
function subscriptionsOf(server: string, wanted: JsonNode | undefined): NamedResources {
  if (wanted?.kind !== "object") throw invalid("the subscription names nothing");
  const uris = urisOf(wanted.member("resourceSubscriptions"));
  const changes = LIST_CHANGES.map((name) => wanted.member(name));
  if (changes.some((change) => change !== undefined && change.kind !== "boolean")) {
    throw invalid("a flag of the subscription is not a boolean");
  }
  const resources: ResourceName[] = uris.map((uri) => partName("resource", server, uri));
  const needsServer =
    uris.length === 0 ||
    wanted.hasOtherMembers ||
    changes.some((change) => change?.json === "true");
  if (needsServer) resources.unshift(serverResource(server));
  const [resource = serverResource(server), ...moreResources] = resources;
  return { resource, moreResources, name: null };
}

function urisOf(list: JsonNode | undefined): readonly string[] {
  if (list === undefined) return [];
  const { elements } = list;
  if (elements === undefined || elements.length > MCP_SUBSCRIPTIONS_MAX) {
    throw invalid("the subscription is no list, or too long");
  }
  return elements.map(uriOf);
}

function one(resource: ResourceName, name: string | null): NamedResources {
  return { resource, moreResources: NO_RESOURCES, name };
}

function part(type: ResourceType, server: string, name: string): NamedResources {
  return one(partName(type, server, name), name);
}

function partName(type: ResourceType, server: string, name: string): ResourceName {
  return { ...serverResource(server), type, name };
}

function nameOf(node: JsonNode | undefined): string {
  const name = textOf(node);
  if (!isName(name)) throw new DenyError("mcp.name_invalid", "a tool or prompt is not a name");
  return name;
}

function uriOf(node: JsonNode | undefined): string {
  const uri = textOf(node);
  requireUri(uri);
  return uri;
}

/** A handle of the server's making: any visible characters, and never a proof of identity. */
function taskIdOf(node: JsonNode | undefined): string {
  const id = textOf(node);
  if (id.length > MCP_TASK_ID_BYTES_MAX || !TASK_ID.test(id)) throw invalid("the task is no id");
  return id;
}

function textOf(node: JsonNode | undefined): string {
  const text = node?.text;
  if (text === undefined) throw invalid("what the call is about is not named");
  requireNoNul(text);
  return text;
}

function invalid(message: string): DenyError {
  return new DenyError("rpc.params_invalid", message);
}
