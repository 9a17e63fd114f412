/** A2A requests beside their operations: versions, ids, conflicts, addresses, cards, early answers. */
import { describe, expect, it } from "vitest";
import type { RequestProgress } from "../../../src/request/read-request.ts";
import { readRequest } from "../../../src/request/read-request.ts";
import { route } from "../../support/samples.ts";
import { a2aGrpc, a2aRest, a2aRpc } from "./a2a-requests.ts";
import { attributes, type Changes, read, reasonOf, rules } from "./attributes.ts";

const send = (message: object, more: object = {}, changes = {}) =>
  a2aRpc("SendMessage", { message: { messageId: "m", parts: [], ...message }, ...more }, changes);
const get = (changes: Parameters<typeof a2aRpc>[2]) => a2aRpc("GetTask", { id: "t-1" }, changes);
const reason = (changes: Changes) => reasonOf(() => read(changes));

describe("version", () => {
  const legacy = (headers: object, query?: string) =>
    a2aRpc("tasks/get", { id: "t-1" }, { headers: { ...headers }, ...(query ? { query } : {}) });

  it.each([
    ["the header", get({}), "1.0"],
    ["the query", get({ headers: { "a2a-version": undefined }, query: "A2A-Version=1.0" }), "1.0"],
    ["a query key in lower case", get({ headers: {}, query: "a2a-version=1.0" }), "1.0"],
    ["both, when they agree", get({ query: "A2A-Version=1.0" }), "1.0"],
    ["nobody", legacy({ "a2a-version": undefined }), "0.3"],
    ["an empty header", legacy({ "a2a-version": "" }), "0.3"],
  ])("is named by %s", (_, changes, version) => {
    expect(read(changes).a2a?.protocolVersion).toBe(version);
  });

  it.each(["2.0", "1", "1.0.0", "1.1", "0.2", "v1.0", "latest", "1.0 "])(
    "a2a.version_unsupported: %j",
    (name) => {
      expect(reason(get({ headers: { "a2a-version": name } }))).toBe("a2a.version_unsupported");
    },
  );

  it("a2a.version_unsupported: one that the route does not speak", () => {
    const a2a = { ...route().a2a, versions: new Set(["1.0" as const]) };
    const only = route({ pathPrefix: "/a2a/worker", path: undefined, surface: "a2a", a2a });
    const routes = rules([{ ...only, agentId: "worker-1", serverName: undefined }]);
    const act = () =>
      readRequest(attributes(get({ headers: { "a2a-version": undefined } })), routes, {});
    expect(reasonOf(act)).toBe("a2a.version_unsupported");
  });

  it.each([
    ["differ", { "a2a-version": "1.0" }, "A2A-Version=0.3"],
    ["differ by an empty header", { "a2a-version": "" }, "A2A-Version=1.0"],
  ])("a2a.version_conflict: header and query %s", (_, headers, query) => {
    expect(reason(get({ headers, query }))).toBe("a2a.version_conflict");
  });
});

describe("extensions", () => {
  const listing = (headers: Readonly<Record<string, string>>) => get({ headers });

  it("of both headers reach policy, each once", () => {
    const request = read(
      listing({
        "a2a-extensions": "https://e.example/a, urn:b",
        "x-a2a-extensions": "urn:b,urn:c",
      }),
    );
    expect(request.a2a?.extensions).toEqual(["https://e.example/a", "urn:b", "urn:c"]);
    expect(read(get({})).a2a?.extensions).toEqual([]);
  });

  it.each([
    ["a relative one", "a/b"],
    ["one with a space", "urn:a b"],
    ["seventeen", Array.from({ length: 17 }, (_, at) => `urn:${at}`).join(",")],
    ["too many bytes", `urn:${"a".repeat(2_048)}`],
  ])("rpc.params_invalid: %s", (_, list) => {
    expect(reason(listing({ "a2a-extensions": list }))).toBe("rpc.params_invalid");
  });
});

describe("ids", () => {
  it.each(["t", "a-b_c.d:e~f", "\\", "a".repeat(256)])("%j is one", (id) => {
    expect(read(a2aRpc("GetTask", { id })).a2a?.taskId).toBe(id);
  });

  it.each([
    ["a slash", "a/b"],
    ["a space", "a b"],
    ["a letter beyond ASCII", "t\u0430sk"],
    ["U+FFFD", "a\ufffd"],
    ["257 characters", "a".repeat(257)],
    ["nothing", ""],
    ["a number", 7],
    ["an object", {}],
    ["null", null],
  ])("rpc.params_invalid: %s", (_, id) => {
    expect(reason(a2aRpc("GetTask", { id }))).toBe("rpc.params_invalid");
  });

  it("json.lone_surrogate: a zero, which would cut it short", () => {
    expect(reason(a2aRpc("GetTask", { id: "a\0b" }))).toBe("json.lone_surrogate");
  });

  it("are decoded from a path once", () => {
    expect(read(a2aRest("GET", "/tasks/a%3Ab")).a2a?.taskId).toBe("a:b");
  });

  it.each([
    ["with a plain colon", "GET", "/tasks/a:b"],
    ["with a plain colon before a verb", "POST", "/tasks/a:b:cancel"],
    ["that hides a verb", "GET", "/tasks/a%3Asubscribe"],
    ["that is empty", "GET", "/tasks/"],
    ["that is empty before a verb", "POST", "/tasks/:cancel"],
    ["that is only encoded letters", "GET", "/tasks/%C3%A9"],
    ["of a config with a colon", "GET", "/tasks/t/pushNotificationConfigs/a:b"],
    ["with a space", "GET", "/tasks/a%20b"],
  ])("rpc.params_invalid: in a path %s", (_, method, below) => {
    expect(reason(a2aRest(method, below))).toBe("rpc.params_invalid");
  });

  it.each([
    ["GET", "/message:send"],
    ["POST", "/message:sends"],
    ["POST", "/message%3Asend"],
    ["POST", "/tasks/t"],
    ["GET", "/tasks/t:cancel"],
    ["POST", "/tasks/t:other"],
    ["PUT", "/tasks/t"],
    ["GET", "/tasks/t/pushNotificationConfigs/c/d"],
    ["POST", "/tasks/t/pushNotificationConfigs/c"],
    ["GET", "/tasks/t/other"],
    ["GET", "/a/b/tasks"],
    ["GET", "/v1/tasks/t"],
    ["GET", "/v1/extendedAgentCard"],
    ["GET", "/tasks/tasks/t"],
    ["GET", "/message%3Asend/tasks"],
    ["GET", "/extendedAgentCard/tasks"],
    ["POST", "/.well-known/agent-card.json"],
    ["GET", "/.well-known/agent.json"],
  ])("rpc.method_unknown: %s %s", (method, below) => {
    expect(reason(a2aRest(method, below))).toBe("rpc.method_unknown");
  });
});

describe("a request that contradicts itself", () => {
  const rest = (method: string, below: string, body?: object, query?: string) =>
    a2aRest(method, below, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(query === undefined ? {} : { query }),
    });
  const config = { url: "https://hooks.example/" };
  const configs = "/tasks/t/pushNotificationConfigs";
  const message = { messageId: "m", parts: [] };

  it.each<[string, Changes]>([
    ["path and body", rest("POST", "/a/tasks/t:cancel", { tenant: "b" })],
    ["path and query", rest("GET", "/a/tasks/t", undefined, "tenant=b")],
    ["query and body", rest("POST", "/message:send", { message, tenant: "a" }, "tenant=b")],
    [
      "body and push config",
      send({}, { tenant: "a", configuration: { taskPushNotificationConfig: { tenant: "b" } } }),
    ],
  ])("a2a.tenant_conflict: %s", (_, changes) => {
    expect(reason(changes)).toBe("a2a.tenant_conflict");
  });

  it.each<[string, Changes]>([
    ["path and body", rest("POST", "/tasks/t:cancel", { id: "u" })],
    ["path and query", rest("GET", "/tasks/t", undefined, "id=u")],
    ["path and new config", rest("POST", configs, { ...config, taskId: "u" })],
    ["path and name", rest("POST", configs, { ...config, name: "tasks/u" })],
    ["path and parent", rest("POST", configs, { ...config, parent: "tasks/u" })],
    ["message and push config", send({ taskId: "t" }, withPush({ ...config, taskId: "u" }))],
    ["config in path and body", rest("GET", `${configs}/a`, { id: "b" })],
    ["context of query and body", rest("GET", "/tasks", { contextId: "a" }, "contextId=b")],
    ["two keys of the query", rest("GET", "/tasks/t", undefined, "id=t&taskId=u")],
    [
      "a config's path and the task of its query",
      rest("DELETE", "/tasks/t/pushNotificationConfigs/c", undefined, "taskId=u"),
    ],
    [
      "a config's path and the config of its query",
      rest("DELETE", "/tasks/t/pushNotificationConfigs/c", undefined, "id=d"),
    ],
  ])("a2a.id_conflict: %s", (_, changes) => {
    expect(reason(changes)).toBe("a2a.id_conflict");
  });

  it("is fine when everything agrees", () => {
    const agreed = rest("POST", "/a/tasks/t:cancel", { id: "t", tenant: "a" }, "tenant=a&id=t");
    expect(read(agreed).a2a).toMatchObject({ tenant: "a", taskId: "t" });
  });

  it.each(["Tenant=a", "tenant[]=a", "tenant.x=a", "context_id=a", "ContextId=a", "id[0]=a"])(
    "rpc.params_invalid: the query key of %s",
    (query) => {
      expect(reason(rest("GET", "/tasks", undefined, query))).toBe("rpc.params_invalid");
    },
  );

  it.each(["name=tasks/u", "Parent=tasks/u", "message.task_id=u", "config.name=u", "url=a"])(
    "rpc.params_invalid: a field of path or body in the query, %s",
    (query) => {
      const changes = rest("GET", "/tasks/t", undefined, query);
      expect(reason(changes)).toBe("rpc.params_invalid");
    },
  );

  it("rpc.method_unknown: a parameter in the path, even where the route lets it through", () => {
    const on = route({
      path: undefined,
      pathPrefix: "/a2a/worker",
      surface: "a2a",
      agentId: "worker-1",
      pathAllow: new Set(["semicolon"]),
    });
    const outcome = (below: string) =>
      reasonOf(() => readRequest(attributes(rest("GET", below)), rules([on]), {}));
    for (const below of ["/tasks/t;x", "/tasks/t%3Bx", "/a;x/tasks/t"]) {
      expect(outcome(below)).toBe("rpc.method_unknown");
    }
    expect(outcome("/tasks/t")).toBe("accepted");
  });

  it("query.repeated_key: a context twice", () => {
    const twice = rest("GET", "/tasks", undefined, "contextId=a&contextId=a");
    expect(reason(twice)).toBe("query.repeated_key");
  });
});

function withPush(push: object) {
  return { configuration: { taskPushNotificationConfig: push } };
}

describe("names in the spelling of ProtoJSON", () => {
  it.each([
    '{"task_id":"t"}',
    '{"TASKID":"t"}',
    '{"message":{"task_id":"t"}}',
    '{"message":{"reference_task_ids":["t"]}}',
    '{"message":{"parts":[{"file":{"file_with_uri":"https://a.example"}}]}}',
    '{"configuration":{"push_notification_config":{}}}',
    '{"configuration":{"pushNotificationConfig":{"URL":"https://a.example"}}}',
  ])("json.case_variant: %s", (params) => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":${params}}`;
    expect(reason(a2aRpc("", undefined, { body }))).toBe("json.case_variant");
    expect(reason(a2aRest("POST", "/message:send", { body: params }))).toBe("json.case_variant");
  });

  it("are free inside data and metadata", () => {
    const parts = [{ data: { task_id: "x", URL: "y" }, metadata: { Text: 1 } }];
    expect(reason(send({ parts, metadata: { task_id: 1 } }))).toBe("accepted");
  });
});

describe("messages", () => {
  it("name reference tasks, which are all asked for", () => {
    const request = read(send({ referenceTaskIds: ["a", "b"] }));
    expect(request.resource).toMatchObject({ type: "agent", name: null });
    expect(request.moreResources).toMatchObject([
      { type: "task", name: "a" },
      { type: "task", name: "b" },
    ]);
    expect(request.a2a?.referenceTaskIds).toEqual(["a", "b"]);
  });

  it.each<[string, Changes]>([
    ["no message", a2aRpc("SendMessage", {})],
    ["no params", a2aRpc("SendMessage")],
    ["a message of another type", a2aRpc("SendMessage", { message: [] })],
    ["two messages", a2aRpc("SendMessage", { message: {}, request: {} })],
    ["references that are no list", send({ referenceTaskIds: "a" })],
    ["references that are no strings", send({ referenceTaskIds: [1] })],
    ["too many references", send({ referenceTaskIds: Array.from({ length: 65 }, () => "t") })],
    ["parts that are no list", send({ parts: {} })],
    ["a part that is no object", send({ parts: ["a"] })],
    ["a REST body that is no object", a2aRest("POST", "/message:send", { body: "[]" })],
    ["files on too many hosts", send({ parts: manyFiles(65) })],
  ])("rpc.params_invalid: %s", (_, changes) => {
    expect(reason(changes)).toBe("rpc.params_invalid");
  });

  it("tell the hosts of their files, however they are written", () => {
    const parts = [
      { url: "https://a.example/1" },
      { kind: "file", file: { uri: "https://b.example/1" } },
      { text: "none" },
      { url: "https://a.example/2" },
    ];
    const content = [{ file: { fileWithUri: "https://c.example/1" } }];
    expect(read(send({ parts, content })).a2a?.partHosts).toEqual([
      "a.example",
      "b.example",
      "c.example",
    ]);
  });

  it.each([["taskPushNotificationConfig"], ["pushNotificationConfig"], ["pushNotification"]])(
    "tell where %s pushes to",
    (name) => {
      const to = (url: string) => read(send({}, { configuration: { [name]: { url } } })).a2a;
      expect(to("https://hooks.example/")).toMatchObject({
        pushHost: "hooks.example",
        isPushUrlValid: true,
      });
      expect(to("http://hooks.example/")).toMatchObject({ pushHost: null, isPushUrlValid: false });
    },
  );

  it("have no valid address when there are two", () => {
    const configuration = {
      taskPushNotificationConfig: { url: "https://a.example" },
      pushNotificationConfig: { url: "https://b.example" },
    };
    expect(read(send({}, { configuration })).a2a?.isPushUrlValid).toBe(false);
    expect(read(send({}, withPush({}))).a2a?.isPushUrlValid).toBe(false);
  });

  it("carry a claimed skill as a claim", () => {
    const claims = (request: Changes) => ({ ...read(request).untrusted.value() });
    expect(claims(send({ metadata: { skill: "translate" } }))).toEqual({ skill: "translate" });
    expect(claims(send({}, { metadata: { skill: "route" } }))).toEqual({ skill: "route" });
    expect(claims(send({ metadata: { skill: "not a name" } }))).toEqual({});
  });

  it("are the parameters that policy sees", () => {
    expect(JSON.parse(JSON.stringify(read(send({ taskId: "t" })).parameters.value()))).toEqual({
      message: { messageId: "m", parts: [], taskId: "t" },
    });
  });
});

function manyFiles(count: number) {
  return Array.from({ length: count }, (_, at) => ({ url: `https://h${at}.example/` }));
}

describe("bodies", () => {
  it.each(["application/json", "application/a2a+json", "Application/A2A+JSON; charset=utf-8"])(
    "may be %s",
    (type) => {
      expect(reason(get({ headers: { "content-type": type } }))).toBe("accepted");
    },
  );

  it.each(["text/json", "application/a2a", "application/problem+json", undefined])(
    "body.content_type: %s",
    (type) => {
      expect(reason(get({ headers: { "content-type": type } }))).toBe("body.content_type");
    },
  );

  it("may be `null` or empty where none is needed", () => {
    for (const body of ["null", ""]) {
      expect(read(a2aRest("POST", "/tasks/t:cancel", { body })).operation).toBe("CancelTask");
    }
  });

  it("body.truncated: one that is announced and not there", () => {
    const headers = { "content-length": "20" };
    expect(reason(a2aRest("POST", "/tasks/t:cancel", { headers }))).toMatch(/^body\./);
  });

  it("body.missing: a message without any", () => {
    expect(reason(a2aRest("POST", "/message:send"))).toBe("body.missing");
  });

  it("method.refused: JSON-RPC with GET", () => {
    expect(reason(a2aRest("GET", ""))).toBe("method.refused");
  });
});

it("route.unknown: a route that names no agent", () => {
  const nobody = route({ path: undefined, pathPrefix: "/a2a/worker", surface: "a2a" });
  const act = () => readRequest(attributes(get({})), rules([nobody]), {});
  expect(reasonOf(act)).toBe("route.unknown");
});

it("takes the capability that the route has for an operation", () => {
  const a2a = { ...route().a2a, capabilityMap: new Map([["GetTask", "delegate" as const]]) };
  const worker = route({ path: undefined, pathPrefix: "/a2a/worker", surface: "a2a", a2a });
  const routes = rules([{ ...worker, agentId: "worker-1" }]);
  expect(readRequest(attributes(get({})), routes, {})).toMatchObject({
    action: "a2a:delegate",
    agentMessage: { capability: "delegate" },
  });
});

describe("a refusal is answered in the caller's dialect", () => {
  it.each<[string, Changes, object]>([
    ["JSON-RPC", get({ headers: { "a2a-version": "9.0" } }), rpcEcho("1.0")],
    ["JSON-RPC 0.3", get({ headers: { "a2a-version": "0.9" } }), rpcEcho("0.3")],
    ["JSON-RPC with its id", a2aRpc("Nothing"), { ...rpcEcho("1.0"), rpcId: '"r-1"' }],
    ["REST", a2aRest("GET", "/nothing"), { dialect: "a2a-rest", a2aVersion: "1.0" }],
    ["gRPC", a2aGrpc("Nothing"), { dialect: "grpc" }],
  ])("%s", (_, changes, echo) => {
    const progress: RequestProgress = {};
    expect(reasonOf(() => read(changes, progress))).not.toBe("accepted");
    expect(progress.echo).toMatchObject(echo);
  });
});

function rpcEcho(a2aVersion: string) {
  return { dialect: "a2a-jsonrpc", a2aVersion };
}
