/** A2A through the spine: what is evaluated, what is never asked for, and what the caller is told. */
import { describe, expect, it } from "vitest";
import type { AgentPrincipal } from "../../../src/domain/principal.ts";
import type { A2aSettings } from "../../../src/domain/route.ts";
import { checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { agent, registryAgent, route, user, verified } from "../../support/samples.ts";
import { call, registry, type SpineOptions, spine } from "../../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;

const a2aRoute = (settings: Partial<A2aSettings> = {}) =>
  route({
    name: "a2a-worker",
    path: undefined,
    pathPrefix: "/a2a/worker",
    surface: "a2a",
    serverName: undefined,
    agentId: "worker-1",
    principals: new Set(["agent"]),
    a2a: { ...route().a2a, ...settings },
  });

function gateway(
  options: SpineOptions & {
    readonly caller?: Partial<AgentPrincipal>;
    readonly settings?: Partial<A2aSettings>;
  } = {},
) {
  const inputs: Readonly<Record<string, unknown>>[] = [];
  const ruled = options.policy ?? (() => [{ result: { allow: true, reason: "Allowed: test" } }]);
  const { handler, ...rest } = spine({
    routes: [a2aRoute(options.settings)],
    token: verified(agent(options.caller)),
    ...options,
    policy: (entrypoint, input) => {
      inputs.push(input as Record<string, unknown>);
      return ruled(entrypoint, input);
    },
  });
  const ask = async (bytes: Buffer) => readReply(await handler(bytes, call));
  return { ask, inputs, ...rest };
}

function rpc(method: string, params: object, change: { readonly token?: string | null } = {}) {
  const token = change.token === undefined ? TOKEN : change.token;
  return checkRequest({
    path: "/a2a/worker",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    headers: {
      "content-type": "application/json",
      "a2a-version": "1.0",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
}

const message = (change: object = {}) => ({ message: { messageId: "m", parts: [], ...change } });

it("asks the policy between agents with operation, target, capability and tasks", async () => {
  const { ask, inputs } = gateway();
  const reply = await ask(rpc("SendMessage", message({ taskId: "t-1" })));
  expect(reply.ok?.headers["x-sark-user-id"]).toBe("planner");
  expect(inputs).toMatchObject([
    {
      action: "a2a:execute",
      capability: "execute",
      source_agent: { id: "planner" },
      target_agent: { id: "worker-1", accepts_execution: true },
      resource: { type: "task", name: null },
      a2a: { operation: "SendMessage", task_id: "t-1", binding: "jsonrpc" },
      parameters: { message: { taskId: "t-1" } },
    },
  ]);
});

it("decides once for equal requests", async () => {
  const { ask, calls } = gateway();
  await ask(rpc("GetTask", { id: "t-1" }));
  expect((await ask(rpc("GetTask", { id: "t-1" }))).metadata["cache"]).toBe("hit");
  expect((await ask(rpc("GetTask", { id: "t-2" }))).metadata["cache"]).toBe("miss");
  expect(calls.filter((entry) => entry === "policy").length).toBe(2);
});

describe("everything that one request touches has to be allowed", () => {
  it("reference tasks", async () => {
    const named: unknown[] = [];
    const { ask } = gateway({
      policy: (_, input) => {
        named.push((input as { resource: { type: string } }).resource.type);
        return [{ result: named.length < 3 }];
      },
    });
    const reply = await ask(rpc("SendMessage", message({ referenceTaskIds: ["a", "b"] })));
    expect(reply.denied?.httpStatus).toBe(403);
    expect(named).toEqual(["agent", "task", "task"]);
  });

  it("both capabilities of an agent that acts for somebody", async () => {
    const acting = { delegationDepth: 1, capabilities: ["delegate", "execute"] as const };
    const { ask, inputs } = gateway({ caller: acting });
    expect((await ask(rpc("SendMessage", message()))).ok).toBeDefined();
    expect(inputs.map((input) => input["capability"])).toEqual(["delegate", "execute"]);

    const refusing = gateway({
      caller: acting,
      policy: (_, input) => [
        { result: (input as { capability: string }).capability !== "delegate" },
      ],
    });
    expect((await refusing.ask(rpc("SendMessage", message()))).denied?.httpStatus).toBe(403);
  });
});

describe("the caller", () => {
  it("identity.type: of another kind is 401, not a refusal of the operation", async () => {
    const { ask, records, calls } = gateway({ token: verified(user()) });
    const reply = await ask(rpc("SendMessage", message()));
    expect(reply.denied?.httpStatus).toBe(401);
    expect(records).toMatchObject([{ reason: "identity.type" }]);
    expect(calls).not.toContain("policy");
  });

  it("identity.missing: is always needed for the extended card", async () => {
    const { ask } = gateway({ settings: { publicCard: true } });
    const reply = await ask(rpc("GetExtendedAgentCard", {}, { token: null }));
    expect(reply.denied?.httpStatus).toBe(401);
  });

  it("a2a.capability: without the capability is refused before the policy", async () => {
    const { ask, calls } = gateway({ caller: { capabilities: ["query"] } });
    const reply = await ask(rpc("SendMessage", message()));
    expect(JSON.parse(reply.denied?.body ?? "")).toMatchObject({
      error: { data: [{ metadata: { reason_code: "a2a.capability" } }] },
    });
    expect(calls).not.toContain("policy");
  });
});

describe("the public card", () => {
  const card = checkRequest({ method: "GET", path: "/a2a/worker/.well-known/agent-card.json" });

  it("needs neither credential nor policy where the route says so", async () => {
    const { ask, calls, records } = gateway({ settings: { publicCard: true } });
    expect((await ask(card)).ok).toBeDefined();
    expect(calls).toEqual(["audit:allow", "metrics"]);
    expect(records).toMatchObject([{ reason: "allowed.always" }]);
  });

  it("identity.missing: needs one elsewhere", async () => {
    expect((await gateway().ask(card)).denied?.httpStatus).toBe(401);
  });
});

describe("push notifications", () => {
  const create = (url: string) => rpc("CreateTaskPushNotificationConfig", { taskId: "t", url });
  const listed = {
    ...registry(),
    agent: (id: string) => registryAgent({ id, pushHosts: ["a.example"] }),
  };

  it("a2a.push_url: go to hosts of the agent or of the route only", async () => {
    const { ask, state, records } = gateway({ settings: { pushHosts: ["b.example"] } });
    state.registry = listed;
    expect((await ask(create("https://a.example/"))).ok).toBeDefined();
    expect((await ask(create("https://b.example/"))).ok).toBeDefined();
    expect((await ask(create("https://c.example/"))).denied?.httpStatus).toBe(403);
    expect((await ask(create("https://10.0.0.1/"))).denied?.httpStatus).toBe(403);
    expect(records.slice(2)).toMatchObject([
      { reason: "a2a.push_url" },
      { reason: "a2a.push_url" },
    ]);
  });
});

describe("a policy that hides a task", () => {
  const hide = (reason_code: string) => () => [
    { result: { allow: false, reason: "Task of somebody else", reason_code } },
  ];

  it("a2a.task_not_visible: answers as if there were none", async () => {
    const { ask, records, calls } = gateway({ policy: hide("a2a.task_not_visible") });
    const reply = await ask(rpc("GetTask", { id: "t-1" }));
    expect(reply.denied?.httpStatus).toBe(404);
    expect(JSON.parse(reply.denied?.body ?? "")).toMatchObject({
      error: { code: -32001, message: "Task not found" },
    });
    expect(reply.denied?.body).not.toContain("somebody");
    expect(records).toMatchObject([
      { reason: "a2a.task_not_visible", text: "Task of somebody else" },
    ]);
    expect(calls.filter((entry) => entry === "cache.set").length).toBe(1);
  });

  it.each(["rate.limited", "identity.revoked", "a2a.push_url", "allowed", "a2a.task"])(
    "policy.denied: can choose nothing else, such as %s",
    async (code) => {
      const { ask, records } = gateway({ policy: hide(code) });
      expect((await ask(rpc("GetTask", { id: "t-1" }))).denied?.httpStatus).toBe(403);
      expect(records).toMatchObject([{ reason: "policy.denied" }]);
    },
  );
});
