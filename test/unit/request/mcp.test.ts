/** MCP: one JSON-RPC message a body, to a server that only configuration and path can name. */
import { describe, expect, it } from "vitest";
import type { RequestProgress } from "../../../src/request/read-request.ts";
import { message, read, reasonOf } from "./attributes.ts";

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
});
