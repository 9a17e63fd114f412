/** Every MCP method is one action on what it names, in the revisions that have it, and nowhere else. */
import { describe, expect, it } from "vitest";
import { type Changes, message, read, reasonOf } from "./attributes.ts";
import { LEGACY, legacy, MODERN, modern, withHeaders } from "./mcp-messages.ts";

const INFO = "gateway:server:info";
const TASKS = ["2025-11-25"];
const ALL = [...LEGACY, MODERN];
const uri = "file:///notes/a.txt";
const server = { type: "server", tool: null, name: null };
const prompt = { type: "prompt", tool: null, name: "greet" };
const file = { type: "resource", tool: null, name: uri };
const task = { type: "task", tool: null, name: "t-1" };

interface Row {
  readonly method: string;
  readonly action: string;
  readonly versions: readonly string[];
  readonly resource: object;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly treatment?: "always";
}

const ROWS: readonly Row[] = [
  { method: "initialize", action: INFO, versions: LEGACY, resource: server },
  { method: "ping", action: INFO, versions: LEGACY, resource: server, treatment: "always" },
  {
    method: "logging/setLevel",
    action: INFO,
    versions: LEGACY,
    resource: server,
    params: { level: "debug" },
  },
  { method: "server/discover", action: INFO, versions: [MODERN], resource: server },
  { method: "tools/list", action: "gateway:tool:discover", versions: ALL, resource: server },
  {
    method: "tools/call",
    action: "gateway:tool:invoke",
    versions: ALL,
    resource: { type: "tool", tool: "get_weather", name: null },
    params: { name: "get_weather" },
  },
  { method: "resources/list", action: "gateway:resource:list", versions: ALL, resource: server },
  {
    method: "resources/templates/list",
    action: "gateway:resource:list",
    versions: ALL,
    resource: server,
  },
  {
    method: "resources/read",
    action: "gateway:resource:read",
    versions: ALL,
    resource: file,
    params: { uri },
  },
  {
    method: "resources/subscribe",
    action: "gateway:resource:read",
    versions: LEGACY,
    resource: file,
    params: { uri },
  },
  {
    method: "resources/unsubscribe",
    action: "gateway:resource:read",
    versions: LEGACY,
    resource: file,
    params: { uri },
  },
  {
    method: "subscriptions/listen",
    action: "gateway:subscription",
    versions: [MODERN],
    resource: server,
    params: { notifications: { toolsListChanged: true } },
  },
  { method: "prompts/list", action: "gateway:prompt:list", versions: ALL, resource: server },
  {
    method: "prompts/get",
    action: "gateway:prompt:get",
    versions: ALL,
    resource: prompt,
    params: { name: "greet" },
  },
  {
    method: "completion/complete",
    action: "gateway:completion",
    versions: ALL,
    resource: prompt,
    params: { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "a", value: "b" } },
  },
  {
    method: "tasks/get",
    action: "gateway:task",
    versions: [...TASKS, MODERN],
    resource: task,
    params: { taskId: "t-1" },
  },
  {
    method: "tasks/cancel",
    action: "gateway:task",
    versions: [...TASKS, MODERN],
    resource: task,
    params: { taskId: "t-1" },
  },
  {
    method: "tasks/result",
    action: "gateway:task",
    versions: TASKS,
    resource: task,
    params: { taskId: "t-1" },
  },
  { method: "tasks/list", action: "gateway:task", versions: TASKS, resource: server },
  {
    method: "tasks/update",
    action: "gateway:task",
    versions: [MODERN],
    resource: task,
    params: { taskId: "t-1" },
  },
  ...["initialized", "cancelled", "progress", "roots/list_changed"].map(
    (name): Row => ({
      method: `notifications/${name}`,
      action: INFO,
      versions: LEGACY,
      resource: server,
      treatment: "always",
    }),
  ),
];

const spoken = ({ method, params }: Row, version: string): Changes =>
  version === MODERN ? modern(method, params) : legacy(method, params, version);
const eraOf = ({ versions }: Row) =>
  versions === ALL ? "both eras" : versions === LEGACY ? "legacy only" : versions.join(", ");

describe("methods", () => {
  it.each(ROWS.map((row) => [row.method, row.action, eraOf(row), row] as const))(
    "`%s` is read as %s (%s)",
    (method, action, _, row) => {
      for (const version of row.versions) {
        const request = read(spoken(row, version));
        expect(request).toMatchObject({ operation: method, action, moreResources: [] });
        expect(request.treatment).toBe(row.treatment ?? "policy");
        expect(request.resource).toMatchObject({ server: "demo", ...row.resource });
        expect(request.mcp).toMatchObject({ method, protocolVersion: version, sessionId: null });
        expect(request.isCacheable).toBe(true);
        expect(request.parametersKnown).toBe(true);
      }
    },
  );

  it.each(ROWS.filter(({ versions }) => versions !== ALL).map((row) => [row.method, row] as const))(
    "`%s` in a revision without it is refused as mcp.method_not_in_version",
    (method, row) => {
      for (const version of ALL) {
        if (row.versions.includes(version)) continue;
        const isNotification = version === MODERN && method.startsWith("notifications/");
        expect(reasonOf(() => read(spoken(row, version)))).toBe(
          isNotification ? "rpc.method_unknown" : "mcp.method_not_in_version",
        );
      }
    },
  );

  it.each([
    "sampling/createMessage",
    "elicitation/create",
    "roots/list",
    "notifications/message",
    "notifications/resources/updated",
    "notifications/resources/list_changed",
    "notifications/tools/list_changed",
    "notifications/prompts/list_changed",
    "notifications/elicitation/complete",
    "notifications/subscriptions/acknowledged",
  ])("`%s` sent by a client is refused as mcp.direction", (method) => {
    expect(reasonOf(() => read(legacy(method)))).toBe("mcp.direction");
    expect(reasonOf(() => read(modern(method)))).toBe("mcp.direction");
  });

  it.each(["notifications/other", "tools/delete", "Tools/call", "tools/call/", "__proto__", "GET"])(
    "`%s` is refused as rpc.method_unknown",
    (method) => {
      expect(reasonOf(() => read(legacy(method)))).toBe("rpc.method_unknown");
      expect(reasonOf(() => read(modern(method)))).toBe("rpc.method_unknown");
    },
  );

  it("any `notifications/*` of 2026-07-28 is refused as rpc.method_unknown", () => {
    for (const name of ["initialized", "cancelled", "progress", "roots/list_changed", "x"]) {
      expect(reasonOf(() => read(modern(`notifications/${name}`)))).toBe("rpc.method_unknown");
    }
  });
});

describe("what a method names", () => {
  it.each<[string, object | undefined, string]>([
    ["tools/call", {}, "rpc.params_invalid"],
    ["tools/call", undefined, "rpc.params_invalid"],
    ["tools/call", { name: 7 }, "rpc.params_invalid"],
    ["tools/call", { name: "" }, "mcp.name_invalid"],
    ["tools/call", { name: "a b" }, "mcp.name_invalid"],
    ["tools/call", { name: "a".repeat(129) }, "mcp.name_invalid"],
    ["tools/call", { name: "dr\u043ep" }, "mcp.name_invalid"],
    ["tools/call", { name: "drop\u200b" }, "mcp.name_invalid"],
    ["tools/call", { name: "a\0" }, "json.lone_surrogate"],
    ["tools/call", { name: "a", arguments: [] }, "rpc.params_invalid"],
    ["tools/call", { name: "a", arguments: null }, "rpc.params_invalid"],
    ["prompts/get", { name: "a/b" }, "mcp.name_invalid"],
    ["prompts/get", { name: null }, "rpc.params_invalid"],
    ["resources/read", {}, "rpc.params_invalid"],
    ["resources/read", { uri: "notes/a.txt" }, "mcp.uri_invalid"],
    ["resources/read", { uri: "file:///a\0" }, "json.lone_surrogate"],
    ["tasks/get", {}, "rpc.params_invalid"],
    ["tasks/get", { taskId: "" }, "rpc.params_invalid"],
    ["tasks/get", { taskId: "a b" }, "rpc.params_invalid"],
    ["tasks/get", { taskId: "a".repeat(257) }, "rpc.params_invalid"],
    ["logging/setLevel", {}, "rpc.params_invalid"],
    ["logging/setLevel", { level: 1 }, "rpc.params_invalid"],
    ["completion/complete", { argument: {} }, "rpc.params_invalid"],
    ["completion/complete", { ref: { type: "ref/tool", name: "a" } }, "rpc.params_invalid"],
    ["completion/complete", { ref: { type: "ref/prompt", name: "a" } }, "rpc.params_invalid"],
    ["completion/complete", { ref: { type: "ref/resource", uri: "a" } }, "mcp.uri_invalid"],
    ["initialize", { protocolVersion: 1 }, "rpc.params_invalid"],
  ])("`%s` with %j is refused as %s", (method, params, reason) => {
    const changes = legacy(method, params as Record<string, unknown> | undefined);
    expect(reasonOf(() => read(changes))).toBe(reason);
  });

  it("`completion/complete` of a `ref/resource` is about that resource, with its argument", () => {
    const ref = { type: "ref/resource", uri: "file:///{path}" };
    const request = read(legacy("completion/complete", { ref, argument: { name: "path" } }));
    expect(request.resource).toMatchObject({ type: "resource", name: "file:///{path}" });
    expect({ ...request.parameters.value() }).toEqual({ name: "path" });
  });

  it("`tools/call` and `prompts/get` hand their arguments to policy, absent ones as empty", () => {
    for (const method of ["tools/call", "prompts/get"]) {
      const given = read(legacy(method, { name: "a", arguments: { city: "Paris" } }));
      expect({ ...given.parameters.value() }).toEqual({ city: "Paris" });
      expect({ ...read(legacy(method, { name: "a" })).parameters.value() }).toEqual({});
    }
  });
});

describe("`subscriptions/listen`", () => {
  const listen = (notifications: unknown) =>
    read(modern("subscriptions/listen", { notifications }));
  const uris = (count: number) => Array.from({ length: count }, (_, at) => `file:///${at}`);

  it("asks for every URI, and for the server where a list is meant", () => {
    const both = listen({ promptsListChanged: true, resourceSubscriptions: uris(2) });
    expect(both.resource).toMatchObject({ type: "server", server: "demo" });
    expect(both.moreResources).toMatchObject([
      { type: "resource", server: "demo", name: "file:///0" },
      { type: "resource", server: "demo", name: "file:///1" },
    ]);
    const one = listen({ toolsListChanged: false, resourceSubscriptions: uris(1) });
    expect(one.resource).toMatchObject({ type: "resource", name: "file:///0" });
    expect(one.moreResources).toEqual([]);
  });

  it("asks for the server when it names nothing, or something unknown", () => {
    expect(listen({}).resource.type).toBe("server");
    const unknown = listen({ other: ["x"], resourceSubscriptions: uris(1) });
    expect(unknown.resource.type).toBe("server");
    expect(unknown.moreResources).toHaveLength(1);
  });

  it.each([
    ["no notifications", "rpc.params_invalid", undefined],
    ["a list of them", "rpc.params_invalid", []],
    ["a URI that is no string", "rpc.params_invalid", { resourceSubscriptions: [1] }],
    ["a URI that is none", "mcp.uri_invalid", { resourceSubscriptions: ["a"] }],
    ["no list of URIs", "rpc.params_invalid", { resourceSubscriptions: "file:///a" }],
    ["65 URIs", "rpc.params_invalid", { resourceSubscriptions: uris(65) }],
    ["a flag that is a text", "rpc.params_invalid", { toolsListChanged: "true" }],
  ])("with %s is refused as %s", (_, reason, notifications) => {
    expect(reasonOf(() => listen(notifications))).toBe(reason);
  });

  it("takes 64 URIs", () => {
    expect(listen({ resourceSubscriptions: uris(64) }).moreResources).toHaveLength(63);
  });
});

describe("`client/response`", () => {
  const answer = (fields: object, headers: Readonly<Record<string, string | undefined>> = {}) =>
    withHeaders(message(fields), {
      "mcp-protocol-version": "2025-11-25",
      "mcp-session-id": "s-1",
      ...headers,
    });

  it("is read as gateway:session within a session (legacy only), and decided anew each time", () => {
    for (const fields of [{ result: {} }, { error: { code: 1, message: "" } }]) {
      expect(read(answer(fields))).toMatchObject({
        operation: "client/response",
        action: "gateway:session",
        resource: { type: "server", server: "demo" },
        treatment: "policy",
        isCacheable: false,
        mcp: { method: "client/response", sessionId: "s-1" },
        // The id is one of the server's: sent back it would end a call of the client's.
        echo: { rpcId: undefined, isNotification: true },
      });
    }
  });

  it.each<[string, string, Changes]>([
    [
      "without a session",
      "rpc.response_unexpected",
      answer({ result: {} }, { "mcp-session-id": undefined }),
    ],
    [
      "of 2026-07-28",
      "rpc.response_unexpected",
      answer({ result: {} }, { "mcp-protocol-version": MODERN }),
    ],
    ["with result and error", "rpc.invalid", answer({ result: {}, error: {} })],
    ["with a method", "rpc.invalid", answer({ result: {}, method: "ping" })],
    ["with params", "rpc.invalid", answer({ result: {}, params: {} })],
    ["with another member", "rpc.invalid", answer({ result: {}, extra: 1 })],
    ["without an id", "rpc.id_invalid", answer({ result: {}, id: undefined })],
    ["with id null", "rpc.id_invalid", answer({ result: {}, id: null })],
    [
      "with a header that names a method",
      "mcp.header_mismatch",
      answer({ result: {} }, { "mcp-method": "tools/call" }),
    ],
  ])("%s is refused as %s", (_, reason, changes) => {
    expect(reasonOf(() => read(changes))).toBe(reason);
  });
});

describe("what is not kept", () => {
  it.each(["inputResponses", "requestState"])("is a retry with %s", (member) => {
    const retry = modern("tools/call", { name: "a", [member]: {} });
    expect(read(retry).isCacheable).toBe(false);
  });
});
