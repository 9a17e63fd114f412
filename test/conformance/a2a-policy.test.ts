/** A2A from bytes to bytes with the shipped policies: who may do what at which agent, in each binding. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { AgentPrincipal } from "../../src/domain/principal.ts";
import type { Capability } from "../../src/domain/request.ts";
import { readBundle } from "../../src/policy/bundle.ts";
import { DEFAULT_LIMITS } from "../../src/policy/plan/values/budget.ts";
import { PlanEngine } from "../../src/policy/plan-engine.ts";
import { registrySchema } from "../../src/registry/config.ts";
import { buildRegistry } from "../../src/registry/registry.ts";
import { A2A_OPERATIONS } from "../../src/request/a2a-operations.ts";
import { checkRequest } from "../support/check-request.ts";
import { readReply } from "../support/check-response.ts";
import { agent, route, verified } from "../support/samples.ts";
import { call, spine } from "../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
const BUNDLE = new URL("../../policies/dist/bundle.tar.gz", import.meta.url).pathname;
const ENTRYPOINT = "mcp/gateway/a2a/result";

const registry = buildRegistry(
  registrySchema.parse({
    agents: {
      "worker-1": {
        ...{ type: "worker", trust_level: "limited", environment: "production" },
        ...{ accepts: ["execute", "query"], push_hosts: ["hooks.example"] },
      },
    },
  }),
  "d1",
);

const target = {
  ...{ serverName: undefined, agentId: "worker-1", policy: ENTRYPOINT },
  principals: new Set(["agent"] as const),
};
const ROUTES = [
  route({ name: "worker", path: undefined, pathPrefix: "/worker", surface: "a2a", ...target }),
  route({
    ...{ name: "grpc", path: undefined, pathPrefix: "/lf.a2a.v1.A2AService", surface: "a2a" },
    ...target,
  }),
  route({
    name: "sark",
    path: "/authorize-a2a",
    surface: "sark",
    endpoint: "authorize-a2a",
    ...target,
  }),
];

let engine: PlanEngine;
beforeAll(() => {
  const options = { file: BUNDLE, allowUnsigned: true, engine: "plan" } as const;
  engine = PlanEngine.load(readBundle(readFileSync(BUNDLE), options), "shipped", DEFAULT_LIMITS);
});

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The reason that is recorded. */
async function decide(asked: Asked, caller: Partial<AgentPrincipal> = {}): Promise<string> {
  const gateway = spine({
    routes: ROUTES,
    token: verified(agent(caller)),
    deps: { policy: () => engine, registry: () => registry },
  });
  const bytes = checkRequest({
    method: asked.method ?? "POST",
    path: asked.path,
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "a2a-version": "1.0",
      ...asked.headers,
    },
  });
  const reply = readReply(await gateway.handler(bytes, call));
  const reason = gateway.records[0]?.reason ?? "none";
  const isAllowed =
    reply.ok !== undefined ||
    (reply.denied?.httpStatus === 200 && reply.denied.body.startsWith('{"allow":true'));
  expect(isAllowed).toBe(reason === "allowed");
  return reason;
}

const rpc = (method: string, params: object): Asked => ({
  path: "/worker",
  body: { jsonrpc: "2.0", id: 1, method, params },
});
const grpc = (name: string): Asked => ({
  path: `/lf.a2a.v1.A2AService/${name}`,
  headers: { "content-type": "application/grpc" },
});
const document = (capability: Capability): Asked => ({
  path: "/authorize-a2a",
  body: {
    ...{ source_agent_id: "planner", target_agent_id: "worker-1", capability },
    message_type: "task",
  },
});

const PARAMS = {
  ...{ id: "t-1", taskId: "t-1", url: "https://hooks.example/n" },
  message: { messageId: "m", parts: [] },
};

describe.each([
  ["a trusted orchestrator", {}, { execute: "allowed", query: "allowed" }],
  [
    "a limited service",
    { agentType: "service", trustLevel: "limited" },
    { execute: "allowed", query: "allowed" },
  ],
  ["a monitor", { agentType: "monitor" }, { execute: "policy.denied", query: "allowed" }],
  ["a query agent", { capabilities: ["query"] }, { execute: "a2a.capability", query: "allowed" }],
  [
    "an agent of staging",
    { environment: "staging" },
    { execute: "policy.denied", query: "allowed" },
  ],
  [
    "an untrusted one",
    { trustLevel: "untrusted" },
    { execute: "policy.denied", query: "policy.denied" },
  ],
] as const)("%s", (_, caller, expected) => {
  const who = caller as Partial<AgentPrincipal>;

  it.each(A2A_OPERATIONS)("`$name` follows its capability", async ({ name, capability }) => {
    expect(await decide(rpc(name, PARAMS), who)).toBe(expected[capability]);
    const overGrpc =
      name === "CreateTaskPushNotificationConfig" && expected.execute !== "a2a.capability"
        ? "a2a.push_url"
        : expected[capability];
    expect(await decide(grpc(name), who)).toBe(overGrpc);
  });

  it.each(["execute", "query"] as const)(
    "is told the same of %s by SARK's document",
    async (word) => {
      expect(await decide(document(word), who)).toBe(expected[word]);
    },
  );
});

describe("an agent that acts for somebody", () => {
  const acting = { delegationDepth: 1, capabilities: ["delegate", "execute", "query"] } as const;

  it("policy.denied: at a target that takes no delegation", async () => {
    expect(await decide(rpc("SendMessage", PARAMS), acting)).toBe("policy.denied");
  });

  it("a2a.delegation_depth: behind too many others", async () => {
    const far = { ...acting, delegationDepth: 3 };
    expect(await decide(rpc("SendMessage", PARAMS), far)).toBe("a2a.delegation_depth");
  });
});

it("a2a.push_url: an address that neither agent nor route lists", async () => {
  const params = { ...PARAMS, url: "https://evil.example/" };
  expect(await decide(rpc("CreateTaskPushNotificationConfig", params))).toBe("a2a.push_url");
});
