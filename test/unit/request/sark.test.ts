/** SARK documents: every known variant means one request, and everything else is a model violation. */
import { describe, expect, it } from "vitest";
import { AGENT_DOCUMENT, authorize, authorizeAgent, read, reasonOf } from "./attributes.ts";

const INVOKE = { action: "gateway:tool:invoke", server_name: "demo", tool_name: "get_weather" };
const claims = (document: object) => JSON.stringify(read(authorize(document)).untrusted.value());

describe("authorize", () => {
  it("reads a complete document", () => {
    const request = read(
      authorize({
        ...INVOKE,
        parameters: { city: "Paris" },
        gateway_metadata: { g: 1 },
        sensitivity_level: "high",
        context: { timestamp: 0 },
        user: { id: "alice" },
      }),
    );
    expect(request).toMatchObject({
      operation: "gateway:tool:invoke",
      action: "gateway:tool:invoke",
      claimedUserId: "alice",
      agentMessage: undefined,
      mcp: undefined,
      treatment: "policy",
      echo: { dialect: "sark" },
    });
    expect(request.resource).toEqual({
      type: "tool",
      server: "demo",
      tool: "get_weather",
      name: null,
      claimedSensitivity: "high",
    });
    expect({ ...request.parameters.value() }).toEqual({ city: "Paris" });
    expect(JSON.stringify(request.untrusted.value())).toBe(
      '{"context":{"timestamp":0},"gateway_metadata":{"g":1},"sensitivity_level":"high","user":{"id":"alice"}}',
    );
  });

  it.each([
    ["gateway:tool:invoke", "gateway:tool:invoke"],
    ["mcp:invoke", "gateway:tool:invoke"],
    ["tool:invoke", "gateway:tool:invoke"],
    ["invoke", "gateway:tool:invoke"],
    ["gateway:server:info", "gateway:server:info"],
    ["gateway:server:access", "gateway:server:info"],
    ["gateway:server:list", "gateway:server:list"],
    ["gateway:servers:list", "gateway:server:list"],
    ["gateway:tool:discover", "gateway:tool:discover"],
    ["gateway:tools:list", "gateway:tool:discover"],
    ["gateway:tool:list", "gateway:tool:discover"],
  ])("reads action %s as %s", (action, expected) => {
    expect(read(authorize({ action })).action).toBe(expected);
  });

  it("reads list only for servers", () => {
    expect(read(authorize({ action: "list", resource: { type: "server" } })).action).toBe(
      "gateway:server:list",
    );
    expect(reasonOf(() => read(authorize({ action: "list" })))).toBe("model.invalid");
  });

  it.each([
    [{}, "unknown", null, null],
    [{ server_name: "demo" }, "server", "demo", null],
    [{ server_name: null, tool_name: "t" }, "tool", null, "t"],
    [{ resource: { server: "demo", tool: "t" } }, "tool", "demo", "t"],
    [{ server_name: "demo", resource: { server: "demo" } }, "server", "demo", null],
  ])("finds the resource in %j", (fields, type, server, tool) => {
    const { resource } = read(authorize({ action: "invoke", ...fields }));
    expect(resource).toMatchObject({ type, server, tool });
  });

  it.each([
    ["low", "low"],
    ["critical", "critical"],
    ["public", "low"],
    ["Internal", "medium"],
    ["CONFIDENTIAL", "high"],
    ["restricted", "critical"],
    ["secret", "critical"],
  ])("reads sensitivity %s as %s", (word, level) => {
    const flat = { action: "invoke", sensitivity_level: word };
    const nested = { action: "invoke", resource: { sensitivity: word } };
    expect(read(authorize(flat)).resource.claimedSensitivity).toBe(level);
    expect(read(authorize(nested)).resource.claimedSensitivity).toBe(level);
    expect(claims(flat)).toBe(claims(nested));
  });

  it.each([
    ["no object", []],
    ["no action", {}],
    ["unknown action", { action: "gateway:admin:delete" }],
    ["action of agents", { action: "a2a:invoke" }],
    ["action of another type", { action: 1 }],
    ["tool name", { ...INVOKE, tool_name: "a b" }],
    ["empty tool name", { ...INVOKE, tool_name: "" }],
    ["tool of another type", { ...INVOKE, tool_name: {} }],
    ["server too long", { ...INVOKE, server_name: "\u00e9".repeat(128) }],
    ["server with a line", { ...INVOKE, server_name: "a\nb" }],
    ["server with a replacement", { ...INVOKE, server_name: "a\ufffd" }],
    ["server with zero width", { ...INVOKE, server_name: "de\u200bmo" }],
    ["server with a direction", { ...INVOKE, server_name: "de\u202emo" }],
    ["server with a line separator", { ...INVOKE, server_name: "a\u2028b" }],
    ["two servers", { ...INVOKE, resource: { server: "other" } }],
    ["two tools", { ...INVOKE, resource: { tool: "other" } }],
    ["two levels", { ...INVOKE, sensitivity_level: "low", resource: { sensitivity: "high" } }],
    ["unknown level", { ...INVOKE, sensitivity_level: "extreme" }],
    ["parameters", { ...INVOKE, parameters: [] }],
    ["null parameters", { ...INVOKE, parameters: null }],
    ["context", { ...INVOKE, context: "x" }],
    ["long context", { ...INVOKE, context: { x: "y".repeat(8_192) } }],
    ["long metadata", { ...INVOKE, gateway_metadata: { x: "y".repeat(8_192) } }],
    ["user", { ...INVOKE, user: "alice" }],
    ["user id", { ...INVOKE, user: { id: 1 } }],
  ])("refuses the model: %s", (_, document) => {
    expect(reasonOf(() => read(authorize(document)))).toBe("model.invalid");
  });

  it("ignores members it does not know but not odd spellings of those it does", () => {
    expect(reasonOf(() => read(authorize({ ...INVOKE, trace: 1 })))).toBe("accepted");
    expect(reasonOf(() => read(authorize({ ...INVOKE, Tool_Name: "x" })))).toBe(
      "json.case_variant",
    );
    expect(reasonOf(() => read(authorize({ ...INVOKE, context: { ACTION: 1 } })))).toBe("accepted");
  });

  it("takes POST only", () => {
    expect(reasonOf(() => read({ ...authorize(INVOKE), method: "PUT" }))).toBe("method.refused");
  });

  it("refuses a zero in a name", () => {
    expect(reasonOf(() => read(authorize({ ...INVOKE, server_name: "a\0" })))).toBe(
      "json.lone_surrogate",
    );
  });
});

describe("authorize-a2a", () => {
  it("reads a complete document", () => {
    const request = read(
      authorizeAgent({
        ...AGENT_DOCUMENT,
        target_environment: "production",
        payload_metadata: { p: 1 },
        parameters: { q: 1 },
        context: { delegation_depth: 2 },
        tool_name: "t",
      }),
    );
    expect(request.agentMessage).toEqual({
      sourceAgentId: "planner",
      targetAgentId: "worker-1",
      capability: "execute",
      targetEnvironment: "production",
      claimedDelegationDepth: 2,
    });
    expect(request).toMatchObject({ action: "a2a:execute", operation: "a2a:execute" });
    expect(request.resource).toMatchObject({ type: "agent", server: null, tool: "t" });
    expect({ ...request.parameters.value() }).toEqual({ q: 1 });
    expect(JSON.stringify(request.untrusted.value())).toBe(
      '{"context":{"delegation_depth":2},"message_type":"task","payload_metadata":{"p":1}}',
    );
  });

  it.each([
    ["a2a:invoke", "execute"],
    ["a2a:execute", "execute"],
    ["a2a:communicate", "execute"],
    ["agent:send_message", "execute"],
    ["a2a:query", "query"],
    ["a2a:delegate", "delegate"],
  ])("reads action %s as capability %s", (action, capability) => {
    const older = {
      action,
      source_agent: { id: "planner" },
      target_agent: { id: "worker-1", environment: "staging" },
    };
    expect(read(authorizeAgent(older)).agentMessage).toEqual({
      sourceAgentId: "planner",
      targetAgentId: "worker-1",
      capability,
      targetEnvironment: "staging",
      claimedDelegationDepth: 0,
    });
  });

  it.each([
    ["no source", { source_agent_id: undefined }],
    ["no target", { target_agent_id: null }],
    ["source of another type", { source_agent_id: 7 }],
    ["source name", { source_agent_id: "a/b" }],
    ["two sources", { source_agent: { id: "other" } }],
    ["two targets", { target_agent: { id: "other" } }],
    ["no capability", { capability: undefined }],
    ["unknown capability", { capability: "admin" }],
    ["two capabilities", { action: "a2a:query" }],
    ["unknown action", { action: "gateway:tool:invoke" }],
    ["no message type", { message_type: undefined }],
    ["long message type", { message_type: "x".repeat(65) }],
    ["long environment", { target_environment: "x".repeat(65) }],
    ["two environments", { target_environment: "a", target_agent: { environment: "b" } }],
    ["depth below zero", { context: { delegation_depth: -1 } }],
    ["depth as text", { context: { delegation_depth: "3" } }],
    ["broken depth", { context: { delegation_depth: 0.5 } }],
  ])("refuses the model: %s", (_, changes) => {
    const document = { ...AGENT_DOCUMENT, ...changes };
    expect(reasonOf(() => read(authorizeAgent(document)))).toBe("model.invalid");
  });
});
