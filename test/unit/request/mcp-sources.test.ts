/** Body, Envoy's metadata and headers may each tell what is asked; two of them never tell two stories. */
import { describe, expect, it } from "vitest";
import type { McpSource } from "../../../src/domain/route.ts";
import type { RequestProgress } from "../../../src/request/read-request.ts";
import type { StructValue } from "../../../src/wire/struct.ts";
import { type Changes, message, reasonOf } from "./attributes.ts";
import { legacy, mcpRoute, modern, readOn, withHeaders } from "./mcp-messages.ts";

const on = (source: McpSource) => mcpRoute({ source, headerVerifier: "envoy" });
const struct = (fields: Readonly<Record<string, StructValue>>) => new Map(Object.entries(fields));

/** As Envoy 1.40.0 describes a whole message. */
function metadata(
  method: string,
  params: Readonly<Record<string, StructValue>> | undefined,
  change: Readonly<Record<string, StructValue>> = {},
) {
  return struct({
    jsonrpc: "2.0",
    method,
    id: 7,
    is_mcp_request: true,
    status: "mcp_ok",
    ...(params === undefined ? {} : { params: struct(params) }),
    ...change,
  });
}

const call = legacy("tools/call", { name: "get_weather", arguments: { city: "Paris" } });
const agreed = metadata("tools/call", { name: "get_weather" });
const without = (name: string) => {
  const rest = new Map(agreed);
  rest.delete(name);
  return rest;
};

describe.each(["body", "both"] as const)("source %s with metadata", (source) => {
  const read = (changes: Changes) => reasonOf(() => readOn(on(source), changes));

  it.each<[string, Changes]>([
    ["a call", { ...call, mcpMetadata: agreed }],
    ["a list", { ...legacy("tools/list"), mcpMetadata: metadata("tools/list", undefined) }],
    [
      "a text as id",
      {
        ...message({ id: "a", method: "tools/list" }),
        mcpMetadata: metadata("tools/list", undefined, { id: "a" }),
      },
    ],
    [
      "a resource",
      {
        ...legacy("resources/read", { uri: "a:b" }),
        mcpMetadata: metadata("resources/read", { uri: "a:b" }),
      },
    ],
    [
      "a task",
      {
        ...legacy("tasks/get", { taskId: "t" }),
        mcpMetadata: metadata("tasks/get", { taskId: "t" }),
      },
    ],
    [
      "a task result, whose id Envoy does not take out",
      {
        ...legacy("tasks/result", { taskId: "t" }),
        mcpMetadata: metadata("tasks/result", undefined),
      },
    ],
    [
      "an answer",
      {
        ...withHeaders(message({ id: 7, result: {} }), { "mcp-session-id": "s" }),
        mcpMetadata: metadata("__jsonrpc_response", undefined),
      },
    ],
  ])("accepts %s that both have read alike", (_, changes) => {
    expect(read(changes)).toBe("accepted");
  });

  it.each<[string, Changes["mcpMetadata"]]>([
    ["another method", metadata("tools/list", { name: "get_weather" })],
    ["another name", metadata("tools/call", { name: "delete_index" })],
    ["no name", metadata("tools/call", {})],
    ["no params", metadata("tools/call", undefined)],
    ["a name that is a number", metadata("tools/call", { name: 7 })],
    ["a URI beside the name", metadata("tools/call", { name: "get_weather", uri: "a:b" })],
    ["a task beside the name", metadata("tools/call", { name: "get_weather", taskId: "t" })],
    ["another id", metadata("tools/call", { name: "get_weather" }, { id: 8 })],
    ["a text as id", metadata("tools/call", { name: "get_weather" }, { id: "7" })],
    ["no id", without("id")],
    ["no method", without("method")],
    ["an answer", metadata("__jsonrpc_response", undefined)],
    ["no word that it is MCP", without("is_mcp_request")],
    ["the word that it is not", new Map([...agreed, ["is_mcp_request", false]])],
    ["is_mcp_request as text", new Map([...agreed, ["is_mcp_request", "true"]])],
    ["a passed limit", new Map([...agreed, ["is_exceeding_limit", true]])],
    ["a reason to let it pass", new Map([...agreed, ["passthrough_reason", "mcp_parse_error"]])],
    ["another status", new Map([...agreed, ["status", "mcp_duplicate_keys"]])],
    ["no status", without("status")],
    ["nothing at all", new Map()],
  ])("refuses %s as mcp.metadata_mismatch", (_, mcpMetadata) => {
    expect(read({ ...call, mcpMetadata })).toBe("mcp.metadata_mismatch");
  });
});

describe("an answer of a client", () => {
  const answer = withHeaders(message({ id: 7, result: {} }), { "mcp-session-id": "s" });

  it("that Envoy has read as a call is refused as mcp.metadata_mismatch", () => {
    for (const source of ["body", "both"] as const) {
      const changes = { ...answer, mcpMetadata: metadata("ping", undefined) };
      expect(reasonOf(() => readOn(on(source), changes))).toBe("mcp.metadata_mismatch");
    }
    expect(reasonOf(() => readOn(on("both"), answer))).toBe("mcp.metadata_mismatch");
  });

  it("is known from metadata alone", () => {
    const mcpMetadata = metadata("__jsonrpc_response", undefined);
    const request = readOn(on("metadata"), { ...answer, body: undefined, mcpMetadata });
    expect(request.operation).toBe("client/response");
  });
});

describe("without metadata", () => {
  it.each([
    ["body", "accepted"],
    ["both", "mcp.metadata_mismatch"],
    ["metadata", "mcp.metadata_mismatch"],
  ] as const)("source %s is %s", (source, reason) => {
    expect(reasonOf(() => readOn(on(source), call))).toBe(reason);
  });

  it("a stream and the end of a session need none", () => {
    const headers = { accept: "text/event-stream", "mcp-protocol-version": "2025-11-25" };
    for (const source of ["both", "metadata"] as const) {
      for (const method of ["GET", "DELETE"]) {
        const changes = { method, body: undefined, headers };
        expect(reasonOf(() => readOn(on(source), changes))).toBe("accepted");
      }
    }
  });
});

describe("source metadata", () => {
  const read = (mcpMetadata: Changes["mcpMetadata"], changes: Changes = call) =>
    readOn(on("metadata"), { ...changes, body: undefined, mcpMetadata });

  it("tells method, name and id without a body, and no parameters", () => {
    const request = read(agreed);
    expect(request).toMatchObject({
      operation: "tools/call",
      action: "gateway:tool:invoke",
      resource: { type: "tool", tool: "get_weather" },
      parametersKnown: false,
      isCacheable: false,
      echo: { rpcId: "7", isNotification: false },
    });
    expect(request.parameters.bytes).toHaveLength(0);
    expect(read(metadata("tools/list", undefined)).isCacheable).toBe(true);
    const notification = without("id").set("method", "notifications/initialized");
    expect(read(notification).echo.isNotification).toBe(true);
  });

  it("is read by the rules of a body", () => {
    const meta = struct({
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": struct({}),
      list: [1, "a", null, true],
    });
    const call = modern("tools/call", { name: "a" });
    const request = read(metadata("tools/call", { name: "a", _meta: meta }), call);
    expect(request.mcp?.protocolVersion).toBe("2026-07-28");
    expect(Buffer.from(request.untrusted.bytes).toString()).toBe(
      '{"_meta":{"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/protocolVersion":"2026-07-28","list":[1,"a",null,true]}}',
    );
    expect(reasonOf(() => read(metadata("tools/call", { name: "a" }), call))).toBe(
      "mcp.meta_missing",
    );
  });

  it.each<[string, string, Changes["mcpMetadata"]]>([
    ["no name", "rpc.params_invalid", metadata("tools/call", undefined)],
    ["a bad name", "mcp.name_invalid", metadata("tools/call", { name: "a b" })],
    ["a name as number", "rpc.params_invalid", metadata("tools/call", { name: 7 })],
    ["another spelling", "json.case_variant", metadata("tools/call", { name: "a", Name: "b" })],
    ["an unknown method", "rpc.method_unknown", metadata("x/y", undefined)],
    ["a large id", "json.number_range", metadata("ping", undefined, { id: 2 ** 53 })],
    ["a broken id", "rpc.id_invalid", metadata("ping", undefined, { id: 1.5 })],
    ["id null", "rpc.id_invalid", metadata("ping", undefined, { id: null })],
    ["half a message", "mcp.metadata_mismatch", new Map([...agreed, ["passthrough_reason", "x"]])],
    [
      "a listener, whose URIs Envoy drops",
      "mcp.method_not_in_version",
      metadata("subscriptions/listen", {}),
    ],
  ])("with %s is refused as %s", (_, reason, mcpMetadata) => {
    expect(reasonOf(() => read(mcpMetadata))).toBe(reason);
  });

  it("still needs a body declared as JSON", () => {
    const typed = withHeaders(call, { "content-type": "text/plain" });
    expect(reasonOf(() => read(agreed, typed))).toBe("body.content_type");
  });
});

describe("source headers", () => {
  const bare = (changes: Changes) => ({ ...changes, body: undefined });
  const read = (changes: Changes, progress: RequestProgress = {}) =>
    readOn(on("headers"), changes, progress);

  it.each([
    ["tools/call", { name: "a" }, "tool"],
    ["prompts/get", { name: "a" }, "prompt"],
    ["resources/read", { uri: "file:///a,b" }, "resource"],
    ["tasks/get", { taskId: "t" }, "task"],
    ["tools/list", {}, "server"],
  ])("reads `%s` of 2026-07-28 without a body", (method, params, type) => {
    const request = read(bare(modern(method, params)));
    expect(request.operation).toBe(method);
    expect(request.resource.type).toBe(type);
    expect(request).toMatchObject({ parametersKnown: false, isCacheable: type === "server" });
    expect(request.echo).toMatchObject({ rpcId: undefined, isNotification: false, isModern: true });
  });

  it("reads the body where headers do not tell enough, and in earlier revisions", () => {
    const listen = modern("subscriptions/listen", { notifications: {} });
    expect(read(listen).parametersKnown).toBe(true);
    expect(read(call).parametersKnown).toBe(true);
    for (const changes of [listen, call, legacy("initialize")]) {
      expect(reasonOf(() => read(bare(changes)))).toBe("body.missing");
    }
  });

  it.each<[Readonly<Record<string, string | undefined>>, string]>([
    [{ "mcp-method": undefined }, "mcp.header_missing"],
    [{ "mcp-name": undefined }, "mcp.header_missing"],
    [{ "mcp-name": "=?base64?YQ?=" }, "mcp.header_encoding"],
    [{ "mcp-name": "=?base64?YQ==?=" }, "accepted"],
    [{ "mcp-name": "a b" }, "mcp.name_invalid"],
    [{ "mcp-method": "x y" }, "rpc.invalid"],
    [{ "mcp-method": "x/y" }, "rpc.method_unknown"],
    [{ "mcp-method": "initialize" }, "mcp.method_not_in_version"],
    [{ "mcp-protocol-version": "2030-01-01" }, "mcp.version_unsupported"],
  ])("with %j is %s", (headers, reason) => {
    const changes = withHeaders(bare(modern("tools/call", { name: "a" })), headers);
    expect(reasonOf(() => read(changes))).toBe(reason);
  });

  it("still needs a body declared as JSON", () => {
    const typed = withHeaders(modern("tools/list"), { "content-type": "text/plain" });
    expect(reasonOf(() => read(bare(typed)))).toBe("body.content_type");
  });

  it("agrees with metadata where Envoy sends it", () => {
    const changes = bare(modern("tools/call", { name: "a" }));
    const same = { ...changes, mcpMetadata: metadata("tools/call", { name: "a" }) };
    const other = { ...changes, mcpMetadata: metadata("tools/call", { name: "b" }) };
    expect(reasonOf(() => read(same))).toBe("accepted");
    expect(reasonOf(() => read(other))).toBe("mcp.metadata_mismatch");
  });
});

describe("large integers in arguments", () => {
  const changes = {
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":9007199254740993}}}',
  };

  it("are refused, or handed to policy as texts", () => {
    expect(reasonOf(() => readOn(mcpRoute({}), changes))).toBe("json.number_range");
    const kept = readOn(mcpRoute({ bigIntegers: "string" }), changes);
    expect({ ...kept.parameters.value() }).toEqual({ n: "9007199254740993" });
  });
});
