/** Each A2A operation, in both versions and all bindings: what it is about and what it takes. */
import { describe, expect, it } from "vitest";
import { A2A_OPERATION_NAMES } from "../../../src/domain/route.ts";
import { A2A_OPERATIONS } from "../../../src/request/a2a-operations.ts";
import { a2aGrpc, a2aRest, a2aRpc, type Version } from "./a2a-requests.ts";
import { read, reasonOf } from "./attributes.ts";

interface Case {
  readonly action: "a2a:execute" | "a2a:query";
  /** What `resource` and the facts of the request have to be. */
  readonly resource: readonly [type: string, name: string | null];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly rpc: unknown;
  /** Undefined where version 0.3 has no such operation. */
  readonly legacy?: readonly [method: string, params: unknown];
  readonly rest: readonly (readonly [method: string, below: string, body?: object])[];
  readonly legacyRest: readonly (readonly [method: string, below: string, body?: object])[];
}

const message = { messageId: "m", role: "user", taskId: "t-1", contextId: "c-1", parts: [] };
const told = { taskId: "t-1", contextId: "c-1", pushHost: null };
const push = { url: "https://hooks.example/n" };
const aTask = { taskId: "t-1", contextId: null };

const CASES: Readonly<Record<string, Case>> = {
  SendMessage: {
    action: "a2a:execute",
    resource: ["task", "t-1"],
    facts: told,
    rpc: { message },
    legacy: ["message/send", { message: { kind: "message", ...message } }],
    rest: [["POST", "/message:send", { message }]],
    legacyRest: [
      ["POST", "/v1/message:send", { message: { ...message, parts: undefined, content: [] } }],
      ["POST", "/v1/message:send", { request: message }],
    ],
  },
  SendStreamingMessage: {
    action: "a2a:execute",
    resource: ["task", "t-1"],
    facts: told,
    rpc: { message },
    legacy: ["message/stream", { message }],
    rest: [["POST", "/message:stream", { message }]],
    legacyRest: [["POST", "/v1/message:stream", { message }]],
  },
  GetTask: {
    action: "a2a:query",
    resource: ["task", "t-1"],
    facts: aTask,
    rpc: { id: "t-1" },
    legacy: ["tasks/get", { id: "t-1" }],
    rest: [["GET", "/tasks/t-1"]],
    legacyRest: [["GET", "/v1/tasks/t-1"]],
  },
  ListTasks: {
    action: "a2a:query",
    resource: ["agent", null],
    facts: { taskId: null, contextId: null },
    rpc: {},
    rest: [["GET", "/tasks"]],
    legacyRest: [],
  },
  CancelTask: {
    action: "a2a:execute",
    resource: ["task", "t-1"],
    facts: aTask,
    rpc: { id: "t-1" },
    legacy: ["tasks/cancel", { id: "t-1" }],
    rest: [
      ["POST", "/tasks/t-1:cancel"],
      ["POST", "/tasks/t-1:cancel", { id: "t-1" }],
    ],
    legacyRest: [
      ["POST", "/v1/tasks/t-1:cancel"],
      ["POST", "/v1/tasks/t-1:cancel", { name: "tasks/t-1" }],
    ],
  },
  SubscribeToTask: {
    action: "a2a:query",
    resource: ["task", "t-1"],
    facts: aTask,
    rpc: { id: "t-1" },
    legacy: ["tasks/resubscribe", { id: "t-1" }],
    rest: [
      ["GET", "/tasks/t-1:subscribe"],
      ["POST", "/tasks/t-1:subscribe"],
    ],
    legacyRest: [["GET", "/v1/tasks/t-1:subscribe"]],
  },
  CreateTaskPushNotificationConfig: {
    action: "a2a:execute",
    resource: ["task", "t-1"],
    facts: { ...aTask, pushHost: "hooks.example", isPushUrlValid: true },
    rpc: { taskId: "t-1", id: "p-1", ...push },
    legacy: [
      "tasks/pushNotificationConfig/set",
      { taskId: "t-1", pushNotificationConfig: { id: "p-1", ...push } },
    ],
    rest: [["POST", "/tasks/t-1/pushNotificationConfigs", { id: "p-1", ...push }]],
    legacyRest: [
      [
        "POST",
        "/v1/tasks/t-1/pushNotificationConfigs",
        { name: "tasks/t-1/pushNotificationConfigs/", pushNotificationConfig: push },
      ],
      [
        "POST",
        "/v1/tasks/t-1/pushNotificationConfigs",
        { parent: "tasks/t-1", configId: "p", config: { pushNotificationConfig: push } },
      ],
    ],
  },
  GetTaskPushNotificationConfig: {
    action: "a2a:query",
    resource: ["task", "t-1"],
    facts: { ...aTask, pushConfigId: "p-1" },
    rpc: { taskId: "t-1", id: "p-1" },
    legacy: ["tasks/pushNotificationConfig/get", { id: "t-1", pushNotificationConfigId: "p-1" }],
    rest: [["GET", "/tasks/t-1/pushNotificationConfigs/p-1"]],
    legacyRest: [["GET", "/v1/tasks/t-1/pushNotificationConfigs/p-1"]],
  },
  ListTaskPushNotificationConfigs: {
    action: "a2a:query",
    resource: ["task", "t-1"],
    facts: { ...aTask, pushConfigId: null },
    rpc: { taskId: "t-1" },
    legacy: ["tasks/pushNotificationConfig/list", { id: "t-1" }],
    rest: [["GET", "/tasks/t-1/pushNotificationConfigs"]],
    legacyRest: [["GET", "/v1/tasks/t-1/pushNotificationConfigs"]],
  },
  DeleteTaskPushNotificationConfig: {
    action: "a2a:execute",
    resource: ["task", "t-1"],
    facts: { ...aTask, pushConfigId: "p-1" },
    rpc: { taskId: "t-1", id: "p-1" },
    legacy: ["tasks/pushNotificationConfig/delete", { id: "t-1", pushNotificationConfigId: "p-1" }],
    rest: [["DELETE", "/tasks/t-1/pushNotificationConfigs/p-1"]],
    legacyRest: [["DELETE", "/v1/tasks/t-1/pushNotificationConfigs/p-1"]],
  },
  GetExtendedAgentCard: {
    action: "a2a:query",
    resource: ["card", null],
    rpc: undefined,
    legacy: ["agent/getAuthenticatedExtendedCard", undefined],
    rest: [["GET", "/extendedAgentCard"]],
    legacyRest: [["GET", "/v1/card"]],
  },
};

it("has a case for each operation of the source", () => {
  expect(A2A_OPERATIONS.map(({ name }) => name)).toEqual(A2A_OPERATION_NAMES);
  expect(Object.keys(CASES).sort()).toEqual([...A2A_OPERATION_NAMES].sort());
});

function check(operation: string, expected: Case, changes: ReturnType<typeof a2aRpc>) {
  const request = read(changes);
  const [type, name] = expected.resource;
  expect(request).toMatchObject({
    operation,
    action: expected.action,
    resource: { type, name },
    treatment: "policy",
    agentMessage: {
      sourceAgentId: undefined,
      targetAgentId: "worker-1",
      capability: expected.action.slice("a2a:".length),
    },
    a2a: { operation, isPushUrlValid: true, ...expected.facts },
  });
  return request;
}

const named = Object.entries(CASES);
const restBody = (body: object | undefined) =>
  body === undefined ? {} : { body: JSON.stringify(body) };

describe("JSON-RPC", () => {
  it.each(named)("reads `%s` of version 1.0", (operation, expected) => {
    const request = check(operation, expected, a2aRpc(operation, expected.rpc));
    expect(request.a2a).toMatchObject({ binding: "jsonrpc", protocolVersion: "1.0" });
    expect(request.echo).toMatchObject({ dialect: "a2a-jsonrpc", rpcId: '"r-1"' });
  });

  it.each(named)("reads `%s` of version 0.3, if it is there", (operation, expected) => {
    if (expected.legacy === undefined) return;
    const [method, params] = expected.legacy;
    const request = check(operation, expected, a2aRpc(method, params, { version: "0.3" }));
    expect(request.a2a).toMatchObject({ binding: "jsonrpc", protocolVersion: "0.3" });
  });

  it.each(named)("rpc.method_unknown: `%s` by its name in the other version", (operation, of) => {
    const newer = a2aRpc(operation, of.rpc, { version: "0.3" });
    expect(reasonOf(() => read(newer))).toBe("rpc.method_unknown");
    if (of.legacy === undefined) return;
    const older = a2aRpc(of.legacy[0], of.legacy[1]);
    expect(reasonOf(() => read(older))).toBe("rpc.method_unknown");
  });
});

describe("REST", () => {
  const reads = (version: Version, pick: "rest" | "legacyRest") =>
    it.each(named)(`reads \`%s\` of version ${version}`, (operation, expected) => {
      for (const [method, below, body] of expected[pick]) {
        const changes = a2aRest(method, below, { version, ...restBody(body) });
        const request = check(operation, expected, changes);
        expect(request.a2a).toMatchObject({ binding: "rest", protocolVersion: version });
        expect(request.echo).toMatchObject({ dialect: "a2a-rest", a2aVersion: version });
      }
    });
  reads("1.0", "rest");
  reads("0.3", "legacyRest");

  it.each(named)("rpc.method_unknown: `%s` at its path in the other version", (_, of) => {
    for (const [method, below, body] of of.rest) {
      const changes = a2aRest(method, below, { version: "0.3", ...restBody(body) });
      expect(reasonOf(() => read(changes))).toBe("rpc.method_unknown");
    }
    for (const [method, below, body] of of.legacyRest) {
      const changes = a2aRest(method, below, restBody(body));
      expect(reasonOf(() => read(changes))).toBe("rpc.method_unknown");
    }
  });
});

describe("gRPC", () => {
  it.each(named)("reads `%s` without its body", (operation, expected) => {
    const request = read(a2aGrpc(operation));
    expect(request).toMatchObject({
      operation,
      action: expected.action,
      parametersKnown: false,
      resource: { type: operation === "GetExtendedAgentCard" ? "card" : "agent", name: null },
      a2a: { binding: "grpc", taskId: null, contextId: null, tenant: null },
      echo: { dialect: "grpc" },
    });
    const mayPush = operation !== "CreateTaskPushNotificationConfig";
    expect(request.a2a?.isPushUrlValid).toBe(mayPush);
  });

  it.each([
    ["another service", a2aGrpc("SendMessage"), { path: "/a2a.v1.A2AService/SendMessage" }],
    ["an unknown operation", a2aGrpc("SendMessages"), {}],
    ["a name of version 0.3", a2aGrpc("message/send"), {}],
    ["no operation", a2aGrpc(""), {}],
    ["version 0.3", a2aGrpc("SendMessage", { version: "0.3" }), {}],
    ["GET", a2aGrpc("SendMessage"), { method: "GET" }],
  ])("refuses %s", (_, request, change) => {
    expect(reasonOf(() => read({ ...request, ...change }))).toMatch(
      /^(rpc\.method_unknown|route\.unknown)$/,
    );
  });
});
