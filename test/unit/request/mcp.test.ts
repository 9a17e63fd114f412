/** MCP: each HTTP request becomes one action on one server or tool, named by configuration and body. */
import { describe, expect, it } from "vitest";
import type { RequestProgress } from "../../../src/request/read-request.ts";
import { type Changes, message, read, reasonOf } from "./attributes.ts";

const call = (params: unknown, more: Changes = {}): Changes => ({
  ...message({ method: "tools/call", params }),
  ...more,
});
const version = (name: string) => ({ "mcp-protocol-version": name });

describe("methods", () => {
  it.each([
    ["initialize", "gateway:server:info", "policy"],
    ["server/discover", "gateway:server:info", "policy"],
    ["logging/setLevel", "gateway:server:info", "policy"],
    ["ping", "gateway:server:info", "always"],
    ["tools/list", "gateway:tool:discover", "policy"],
    ["notifications/initialized", "gateway:server:info", "always"],
    ["notifications/cancelled", "gateway:server:info", "always"],
    ["notifications/progress", "gateway:server:info", "always"],
    ["notifications/roots/list_changed", "gateway:server:info", "always"],
  ])("reads %s as %s, %s", (method, action, treatment) => {
    const request = read(message({ method }));
    expect(request).toMatchObject({ operation: method, action, treatment });
    expect(request.resource).toEqual({
      type: "server",
      server: "demo",
      tool: null,
      name: null,
      claimedSensitivity: undefined,
    });
    expect(request.mcp?.method).toBe(method);
  });

  it.each([
    "tools/delete",
    "notifications/other",
    "resources/read",
    "__proto__",
    "sampling/createMessage",
  ])("does not know %s", (method) => {
    expect(reasonOf(() => read(message({ method })))).toBe("rpc.method_unknown");
  });
});

describe("tool calls", () => {
  it("name the tool and carry its arguments", () => {
    const request = read();
    expect(request).toMatchObject({ operation: "tools/call", action: "gateway:tool:invoke" });
    expect(request.resource).toMatchObject({ type: "tool", server: "demo", tool: "get_weather" });
    expect(Buffer.from(request.parameters.bytes).toString()).toBe('{"city":"Paris"}');
    expect({ ...request.parameters.value() }).toEqual({ city: "Paris" });
  });

  it("have no arguments when they are left out", () => {
    expect({ ...read(call({ name: "a" })).parameters.value() }).toEqual({});
  });

  it.each([
    [{ name: "a", arguments: [] }, "rpc.params_invalid"],
    [{ name: "a", arguments: null }, "rpc.params_invalid"],
    [{ name: "a", _meta: 1 }, "rpc.params_invalid"],
    [{ name: "a", _meta: { x: "y".repeat(8_192) } }, "rpc.params_invalid"],
    [{ name: 7 }, "rpc.params_invalid"],
    [{}, "rpc.params_invalid"],
    [undefined, "rpc.params_invalid"],
    [{ name: "" }, "mcp.name_invalid"],
    [{ name: "a".repeat(129) }, "mcp.name_invalid"],
    [{ name: "dr\u043ep" }, "mcp.name_invalid"],
    [{ name: "drop\u200b" }, "mcp.name_invalid"],
    [{ name: "a\0" }, "json.lone_surrogate"],
  ])("with %j are refused as %s", (params, reason) => {
    expect(reasonOf(() => read(call(params)))).toBe(reason);
  });

  it("hand claims to policy apart from arguments", () => {
    const claims = read(call({ name: "a", _meta: { note: 1 } })).untrusted.value();
    expect(JSON.stringify(claims)).toBe('{"_meta":{"note":1}}');
    const info = read(message({ method: "initialize", params: { clientInfo: { name: "c" } } }));
    expect(JSON.stringify(info.untrusted.value())).toBe('{"clientInfo":{"name":"c"}}');
  });
});

describe("server name", () => {
  it("comes from the route, else from the path", () => {
    expect(read().resource.server).toBe("demo");
    expect(read({ path: "/mcp/files" }).resource.server).toBe("files");
    expect(read({ path: "/mcp/files/v1" }).resource.server).toBe("files");
  });

  it.each([
    ["/mcp", "route.unknown"],
    ["/mcp/", "route.unknown"],
    ["/mcp/a%20b", "mcp.name_invalid"],
  ])("is not in %s", (path, reason) => {
    expect(reasonOf(() => read({ path }))).toBe(reason);
  });
});

describe("headers that repeat the body", () => {
  it.each([
    [{ "mcp-method": "tools/call", "mcp-name": "get_weather" }, "accepted"],
    [{ "mcp-method": "Tools/call" }, "mcp.header_mismatch"],
    [{ "mcp-name": "get_Weather" }, "mcp.header_mismatch"],
    [{ "mcp-name": "" }, "mcp.header_mismatch"],
  ])("%j: %s", (headers, reason) => {
    expect(reasonOf(() => read({ headers: { ...headers } }))).toBe(reason);
  });

  it("are not read where the method has no name", () => {
    const headers = { "mcp-name": "anything" };
    expect(reasonOf(() => read({ ...message({ method: "ping" }), headers }))).toBe("accepted");
  });
});

describe("versions", () => {
  const meta = (name: unknown) => ({ _meta: { "io.modelcontextprotocol/protocolVersion": name } });

  it.each<[string, Changes, string]>([
    ["the header's", { headers: version("2025-06-18") }, "2025-06-18"],
    ["the body's", call({ name: "a", ...meta("2026-07-28") }), "2026-07-28"],
    [
      "an offer",
      message({ method: "initialize", params: { protocolVersion: "2030-01-01" } }),
      "2030-01-01",
    ],
    ["the protocol's default", {}, "2025-03-26"],
    [
      "the default for an offer that is no date",
      message({ method: "initialize", params: { protocolVersion: "x" } }),
      "2025-03-26",
    ],
  ])("%s", (_, changes, expected) => {
    expect(read(changes).mcp?.protocolVersion).toBe(expected);
  });

  it.each<[string, Changes, string]>([
    ["unknown", { headers: version("2030-01-01") }, "mcp.version_unsupported"],
    ["unknown in the body", call({ name: "a", ...meta("1") }), "mcp.version_unsupported"],
    ["not a string", call({ name: "a", ...meta(1) }), "rpc.params_invalid"],
    [
      "two different",
      call({ name: "a", ...meta("2026-07-28") }, { headers: version("2025-06-18") }),
      "mcp.header_mismatch",
    ],
  ])("%s is refused", (_, changes, reason) => {
    expect(reasonOf(() => read(changes))).toBe(reason);
  });
});

describe("HTTP methods", () => {
  const stream = { accept: "text/event-stream" };

  it("reads the stream and the end of a session", () => {
    expect(read({ method: "GET", headers: stream, body: undefined })).toMatchObject({
      operation: "GET",
      action: "gateway:server:info",
      treatment: "policy",
    });
    expect(read({ method: "DELETE", body: undefined })).toMatchObject({
      operation: "DELETE",
      treatment: "always",
    });
  });

  it.each<[string, Changes]>([
    ["GET without a stream", { method: "GET" }],
    [
      "GET in a modern version",
      { method: "GET", headers: { ...stream, ...version("2026-07-28") } },
    ],
    ["DELETE in a modern version", { method: "DELETE", headers: version("2026-07-28") }],
    ["HEAD", { method: "HEAD" }],
    ["OPTIONS", { method: "OPTIONS" }],
  ])("refuses %s", (_, changes) => {
    expect(reasonOf(() => read(changes))).toBe("mcp.http_method");
  });
});

describe("envelope", () => {
  it.each([
    ["[]", "rpc.batch"],
    ['[{"jsonrpc":"2.0","method":"ping"}]', "rpc.batch"],
    ['"ping"', "rpc.invalid"],
    ['{"method":"ping"}', "rpc.invalid"],
    ['{"jsonrpc":2.0,"method":"ping"}', "rpc.invalid"],
    ['{"jsonrpc":"2.0"}', "rpc.invalid"],
    ['{"jsonrpc":"2.0","method":""}', "rpc.invalid"],
    ['{"jsonrpc":"2.0","method":"a b"}', "rpc.invalid"],
    [`{"jsonrpc":"2.0","method":"${"a".repeat(129)}"}`, "rpc.invalid"],
    ['{"jsonrpc":"2.0","method":"ping","result":1}', "rpc.invalid"],
    ['{"jsonrpc":"2.0","method":"ping","extra":1}', "rpc.invalid"],
    ['{"jsonrpc":"2.0","id":1,"error":{}}', "rpc.response_unexpected"],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', "rpc.id_invalid"],
    ['{"jsonrpc":"2.0","id":1e2,"method":"ping"}', "rpc.id_invalid"],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', "rpc.id_invalid"],
    [`{"jsonrpc":"2.0","id":"${"a".repeat(257)}","method":"ping"}`, "rpc.id_invalid"],
    ['{"jsonrpc":"2.0","id":9007199254740992,"method":"ping"}', "json.number_range"],
    ['{"jsonrpc":"2.0","method":"ping","params":null}', "rpc.params_invalid"],
  ])("%s is %s", (body, reason) => {
    expect(reasonOf(() => read({ body }))).toBe(reason);
  });

  it.each([
    ["-7", "-7"],
    ['"a\\u0062"', '"a\\u0062"'],
    [`"${"\u00e9".repeat(128)}"`, `"${"\u00e9".repeat(128)}"`],
  ])("echoes id %s", (id, expected) => {
    const request = read({ body: `{"jsonrpc":"2.0","id":${id},"method":"ping"}` });
    expect(request.echo).toMatchObject({
      dialect: "jsonrpc",
      rpcId: expected,
      isNotification: false,
    });
  });

  it("knows a notification", () => {
    expect(read({ body: '{"jsonrpc":"2.0","method":"ping"}' }).echo.isNotification).toBe(true);
  });

  it("keeps the id of a call it refuses, and none that is not valid", () => {
    const progress: RequestProgress = {};
    expect(reasonOf(() => read(message({ method: "x" }), progress))).toBe("rpc.method_unknown");
    expect(progress.echo?.rpcId).toBe("7");
    expect(reasonOf(() => read(message({ id: [], method: "x" }), progress))).toBe("rpc.id_invalid");
    expect(progress.echo?.rpcId).toBeUndefined();
  });

  it("tells modern from legacy", () => {
    expect(read({ headers: version("2026-07-28") }).echo.isModern).toBe(true);
    expect(read({ headers: version("2025-11-25") }).echo.isModern).toBe(false);
  });
});
