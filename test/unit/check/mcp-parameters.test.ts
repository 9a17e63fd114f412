/** The spine and MCP: headers that repeat arguments, arguments nobody saw, several resources, preflights. */
import { describe, expect, it } from "vitest";
import type { McpSettings } from "../../../src/domain/route.ts";
import { type CheckRequestOptions, checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { resource, route, user, verified } from "../../support/samples.ts";
import { call, registry, type SpineOptions, spine } from "../../support/spine.ts";

const VERSION = "2026-07-28";
const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
const META = {
  "io.modelcontextprotocol/protocolVersion": VERSION,
  "io.modelcontextprotocol/clientCapabilities": {},
};

function modern(
  method: string,
  params: object,
  headers: Readonly<Record<string, string>> = {},
  more: CheckRequestOptions = {},
): Buffer {
  return checkRequest({
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { _meta: META, ...params } }),
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "mcp-protocol-version": VERSION,
      "mcp-method": method,
      ...headers,
    },
    ...more,
  });
}

const onRoute = (settings: Partial<McpSettings>) => {
  const plain = route();
  return [route({ mcp: { ...plain.mcp, ...settings } })];
};
const withTool = (change: Parameters<typeof resource>[0], options: SpineOptions = {}) => {
  const made = spine(options);
  made.state.registry = registry({ resolve: (name) => resource({ ...change, tool: name.tool }) });
  return made;
};

describe("headers that repeat arguments", () => {
  const mapped = { parameterHeaders: new Map([["city", "city"]]) };
  const ask = (city: string, header: string) =>
    modern(
      "tools/call",
      { name: "get_weather", arguments: { city } },
      { "mcp-name": "get_weather", "mcp-param-city": header },
    );

  it("are compared again for a decision that was kept", async () => {
    const { handler, records } = withTool(mapped);
    expect(readReply(await handler(ask("Bern", "Bern"), call)).ok).toBeDefined();
    const refused = readReply(await handler(ask("Bern", "Paris"), call));
    expect(refused.denied?.httpStatus).toBe(400);
    expect(records.at(-1)).toMatchObject({ reason: "mcp.header_mismatch" });
    expect(readReply(await handler(ask("Bern", "Bern"), call)).metadata["cache"]).toBe("hit");
  });

  it("tell nobody who is denied that the tool has any", async () => {
    const policy = () => [{ result: { allow: false } }];
    const replies = [withTool(mapped, { policy }), withTool({}, { policy })].map(
      async ({ handler }) => readReply(await handler(ask("Bern", "Paris"), call)).denied,
    );
    const [known, unknown] = await Promise.all(replies);
    expect(known?.httpStatus).toBe(403);
    expect(known?.httpStatus).toBe(unknown?.httpStatus);
  });

  it("mean nothing for a tool that declares none", async () => {
    const { handler } = withTool({});
    expect(readReply(await handler(ask("Bern", "Paris"), call)).ok).toBeDefined();
  });
});

describe("arguments nobody saw", () => {
  const routes = onRoute({ source: "headers", headerVerifier: "upstream" });
  const bytes = checkRequest({
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "mcp-protocol-version": VERSION,
      "mcp-method": "tools/call",
      "mcp-name": "get_weather",
    },
  });

  it("are absent from the policy's input, and the answer is not kept", async () => {
    const inputs: object[] = [];
    const policy = (_: string, input: object) => {
      inputs.push(input);
      return [{ result: { allow: true } }];
    };
    const { handler, calls } = withTool({}, { routes, policy });
    expect(readReply(await handler(bytes, call)).ok).toBeDefined();
    await handler(bytes, call);
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).not.toHaveProperty("parameters");
    expect(inputs[0]).not.toHaveProperty("tool.parameters");
    expect(calls).not.toContain("cache.set");
  });

  it.each([
    ["sensitive parameters", { sensitiveParams: ["password"] }],
    ["a level at which some are taken away", { sensitivity: "high" }],
  ] as const)("refuse a tool with %s, whatever the policy says", async (_, change) => {
    const { handler, records } = withTool(change, { routes });
    expect(readReply(await handler(bytes, call)).denied?.httpStatus).toBe(403);
    expect(records.at(-1)).toMatchObject({ effect: "deny", reason: "policy.parameters" });
  });

  it("may be anything for an admin, from whom nothing is taken away", async () => {
    const token = verified(user({ roles: ["admin"] }));
    const { handler } = withTool({ sensitiveParams: ["password"] }, { routes, token });
    expect(readReply(await handler(bytes, call)).ok).toBeDefined();
  });
});

describe("a subscription", () => {
  const listen = modern("subscriptions/listen", {
    notifications: { resourceSubscriptions: ["file:///a", "file:///b"] },
  });

  it("is allowed when every URI is, and denied when one is not", async () => {
    for (const [denied, isAllowed] of [
      ["file:///c", true],
      ["file:///b", false],
    ] as const) {
      const asked: unknown[] = [];
      const policy = (_: string, input: object) => {
        const { name } = (input as { resource: { name: string } }).resource;
        asked.push(name);
        return [{ result: { allow: name !== denied } }];
      };
      const made = spine({ policy });
      made.state.registry = registry({ resolve: (name) => resource({ ...name, tool: null }) });
      const reply = readReply(await made.handler(listen, call));
      expect(reply.ok !== undefined).toBe(isAllowed);
      expect(asked).toEqual(["file:///a", "file:///b"]);
    }
  });
});

describe("a preflight", () => {
  it("of a listed origin goes on without credential, policy and identity", async () => {
    const { handler, calls, records } = spine({
      routes: [route({ corsOrigins: new Set(["https://app.example"]) })],
    });
    const headers = { origin: "https://app.example", "access-control-request-method": "POST" };
    expect(
      readReply(await handler(checkRequest({ method: "OPTIONS", headers }), call)).ok,
    ).toBeDefined();
    expect(calls).toEqual(["audit:allow", "metrics"]);
    expect(records[0]).toMatchObject({ reason: "allowed.always" });
  });
});

describe("a session", () => {
  it("of another id is another question, and is bound to who asks in the input", async () => {
    const sessions: unknown[] = [];
    const policy = (_: string, input: object) => {
      sessions.push((input as { mcp: { session_id: unknown } }).mcp.session_id);
      return [{ result: { allow: true } }];
    };
    const { handler } = spine({ policy });
    const ask = (id: string) =>
      checkRequest({
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          "content-type": "application/json",
          "mcp-protocol-version": "2025-11-25",
          "mcp-session-id": id,
        },
      });
    for (const id of ["s-1", "s-2", "s-1"]) await handler(ask(id), call);
    expect(sessions).toEqual(["alice:s-1", "alice:s-2"]);
  });
});
