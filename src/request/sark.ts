/**
 * SARK's two decision documents: what a gateway or an agent wants to do, told in JSON. Known variants
 * are put into the one form first, then the model is checked.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { ENVIRONMENT_BYTES_MAX, MESSAGE_TYPE_BYTES_MAX } from "../domain/limits.ts";
import type { Capability, ResourceName } from "../domain/request.ts";
import { type JsonNode, lazyMembers, lazyObject } from "../json/json-node.ts";
import { protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";
import { requireJsonBody } from "./body-rules.ts";
import {
  agentField,
  boundedClaim,
  boundedText,
  modelInvalid,
  nameField,
  optionalObject,
  optionalText,
  requireKnown,
  requirePresent,
  sameOrOne,
  sensitivityField,
  serverField,
} from "./sark-fields.ts";
import {
  ACTIONS,
  ACTIONS_BY_TYPE,
  AGENT_ACTIONS,
  CAPABILITY_WORDS,
  type SarkAction,
} from "./sark-variants.ts";
import { type Meaning, type PlacedRequest, SARK_ECHO } from "./surface.ts";

const AUTHORIZE_LEVEL = protocolLevel({
  action: null,
  server_name: null,
  tool_name: null,
  parameters: null,
  gateway_metadata: null,
  sensitivity_level: null,
  context: null,
  resource: { type: null, server: null, tool: null, sensitivity: null },
  user: { id: null, email: null, roles: null },
});

const AUTHORIZE_AGENT_LEVEL = protocolLevel({
  source_agent_id: null,
  target_agent_id: null,
  capability: null,
  message_type: null,
  payload_metadata: null,
  target_environment: null,
  parameters: null,
  context: null,
  action: null,
  source_agent: { id: null },
  target_agent: { id: null, environment: null },
  tool_name: null,
  user: { id: null, email: null, roles: null },
});

export function readSark(placed: PlacedRequest): Meaning {
  const { attributes, headers, route } = placed;
  if (attributes.method !== "POST") {
    throw new DenyError("method.refused", "a decision is asked for with POST");
  }
  const isAgents = route.endpoint === "authorize-a2a";
  const body = requireJsonBody(attributes, headers, placed.bodyBytesMax);
  const document = readStrictJson(body, isAgents ? AUTHORIZE_AGENT_LEVEL : AUTHORIZE_LEVEL);
  if (document.kind !== "object") throw modelInvalid("the document", "is not an object");
  return isAgents ? readAgentDocument(document) : readDocument(document);
}

function readDocument(document: JsonNode): Meaning {
  const named = optionalObject(document, "resource");
  const action = actionOf(document, named);
  const sensitivity = sameOrOne(
    sensitivityField(optionalText(document, "sensitivity_level")),
    sensitivityField(optionalText(named, "sensitivity")),
    "sensitivity_level",
  );
  return {
    operation: action,
    action,
    resource: { ...resourceOf(document, named), claimedSensitivity: sensitivity },
    parameters: lazyObject(optionalObject(document, "parameters")),
    untrusted: lazyMembers([
      ["context", boundedClaim(document, "context")],
      ["gateway_metadata", boundedClaim(document, "gateway_metadata")],
      ["sensitivity_level", sensitivity],
      ["user", boundedClaim(document, "user")],
    ]),
    claimedUserId: optionalText(document.member("user"), "id"),
    treatment: "policy",
    echo: SARK_ECHO,
  };
}

function actionOf(document: JsonNode, named: JsonNode | undefined): SarkAction {
  const word = requirePresent(optionalText(document, "action"), "action");
  const type = optionalText(named, "type") ?? "";
  return requireKnown(ACTIONS.get(word) ?? ACTIONS_BY_TYPE.get(word)?.get(type), "action");
}

function resourceOf(
  document: JsonNode,
  named: JsonNode | undefined,
): Omit<ResourceName, "claimedSensitivity"> {
  const server = serverField(
    sameOrOne(optionalText(document, "server_name"), optionalText(named, "server"), "server_name"),
  );
  const tool = nameField(
    sameOrOne(optionalText(document, "tool_name"), optionalText(named, "tool"), "tool_name"),
    "tool_name",
  );
  if (tool !== undefined) return { type: "tool", server: server ?? null, tool, name: null };
  if (server !== undefined) return { type: "server", server, tool: null, name: null };
  return { type: "unknown", server: null, tool: null, name: null };
}

function readAgentDocument(document: JsonNode): Meaning {
  const capability = capabilityOf(document);
  const target = optionalObject(document, "target_agent");
  const context = boundedClaim(document, "context");
  const messageType = messageTypeOf(document);
  return {
    operation: `a2a:${capability}`,
    action: `a2a:${capability}`,
    resource: {
      type: "agent",
      server: null,
      tool: nameField(optionalText(document, "tool_name"), "tool_name") ?? null,
      name: null,
      claimedSensitivity: undefined,
    },
    agentMessage: {
      sourceAgentId: agentIdOf(
        document,
        "source_agent_id",
        optionalObject(document, "source_agent"),
      ),
      targetAgentId: agentIdOf(document, "target_agent_id", target),
      capability,
      targetEnvironment: environmentOf(document, target),
      claimedDelegationDepth: claimedDepthOf(context),
    },
    parameters: lazyObject(optionalObject(document, "parameters")),
    untrusted: lazyMembers([
      ["context", context],
      ["message_type", messageType],
      ["payload_metadata", boundedClaim(document, "payload_metadata")],
      ["user", boundedClaim(document, "user")],
    ]),
    claimedUserId: optionalText(document.member("user"), "id"),
    treatment: "policy",
    echo: SARK_ECHO,
  };
}

function capabilityOf(document: JsonNode): Capability {
  const word = optionalText(document, "capability");
  const action = optionalText(document, "action");
  const capability = sameOrOne(
    word === undefined ? undefined : requireKnown(CAPABILITY_WORDS.get(word), "capability"),
    action === undefined ? undefined : requireKnown(AGENT_ACTIONS.get(action), "action"),
    "capability",
  );
  return requirePresent(capability, "capability");
}

/** The older form, which names an `action`, has no message type. */
function messageTypeOf(document: JsonNode): string | undefined {
  const text = optionalText(document, "message_type");
  if (text !== undefined) return boundedText(text, MESSAGE_TYPE_BYTES_MAX, "message_type");
  if (document.member("action") === undefined) throw modelInvalid("message_type", "is required");
  return undefined;
}

function agentIdOf(document: JsonNode, field: string, object: JsonNode | undefined): string {
  const id = sameOrOne(optionalText(document, field), optionalText(object, "id"), field);
  return requirePresent(agentField(id, field), field);
}

/** Empty = not claimed. */
function environmentOf(document: JsonNode, target: JsonNode | undefined): string {
  const field = "target_environment";
  const flat = optionalText(document, field) || undefined;
  const nested = optionalText(target, "environment") || undefined;
  return boundedText(sameOrOne(flat, nested, field) ?? "", ENVIRONMENT_BYTES_MAX, field);
}

/** Taken from inside `context`, whose other members are free. */
function claimedDepthOf(context: JsonNode | undefined): number {
  const depth = lazyObject(context).value()["delegation_depth"] ?? 0;
  if (typeof depth === "number" && Number.isInteger(depth) && depth >= 0) return depth;
  throw modelInvalid("context.delegation_depth", "is not a whole number");
}
