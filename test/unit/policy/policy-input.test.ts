/** Policy input: only verified, registered and host facts stand outside `parameters` and `untrusted`. */
import { expect, it } from "vitest";
import { hostTime } from "../../../src/policy/host-time.ts";
import { type InputFacts, policyInput } from "../../../src/policy/policy-input.ts";
import { agent, registryAgent, request, resource, user } from "../../support/samples.ts";

const UNIX_MS = 1_764_000_000_005;
const work = { start: 9, end: 18, days: [1, 2, 3, 4, 5, 6, 7], timeSlotSeconds: 3_600 };
const facts = (change: Partial<InputFacts> = {}): InputFacts => ({
  request: request(),
  principal: user({ teams: ["platform"] }),
  resource: resource(),
  sourceAgent: undefined,
  targetAgent: undefined,
  delegationDepth: 0,
  time: hostTime(UNIX_MS, work),
  unixMs: UNIX_MS,
  ...change,
});
const json = (input: object) => JSON.parse(JSON.stringify(input));

it("describes a user's tool call", () => {
  expect(json(policyInput(facts()))).toMatchObject({
    schema: "sark.authz/1",
    action: "gateway:tool:invoke",
    user: { id: "alice", roles: ["developer"], teams: ["platform"], authenticated: true },
    resource: { type: "tool", server: "demo", tool: "get_weather", sensitivity: "low" },
    tool: { name: "get_weather", sensitivity_level: "low", parameters: {} },
    server: { name: "demo", owner_id: "bob", managed_by_team: "platform" },
    context: { client_ip: "10.0.0.7", route: "mcp-demo", phase: "enforce" },
    mcp: { method: "tools/call", protocol_version: "2025-11-25" },
  });
});

it("gives time in nanoseconds as an exact integer literal", () => {
  expect(JSON.stringify(policyInput(facts()))).toContain('"timestamp":1764000000005000000,');
});

it("never lets a caller's own context or user stand beside the verified one", () => {
  const claims = { context: { timestamp: 0, client_ip: "1.2.3.4" }, user: { roles: ["admin"] } };
  const untrusted = { bytes: new Uint8Array(1), value: () => claims };
  const input = json(policyInput(facts({ request: request({ untrusted }) })));
  expect(input.untrusted).toEqual(claims);
  expect(input.context.client_ip).toBe("10.0.0.7");
  expect(input.user.roles).toEqual(["developer"]);
});

it("describes an agent's message with the registry's view of the target", () => {
  const agentMessage = {
    sourceAgentId: "planner",
    targetAgentId: "worker-1",
    capability: "execute",
    targetEnvironment: "",
    claimedDelegationDepth: 0,
  } as const;
  const input = json(
    policyInput(
      facts({
        request: request({ agentMessage }),
        principal: agent(),
        sourceAgent: registryAgent({ id: "planner", ownerId: "carol" }),
        targetAgent: registryAgent(),
      }),
    ),
  );
  expect(input.user).toBeUndefined();
  expect(input.source_agent).toMatchObject({
    id: "planner",
    type: "orchestrator",
    owner_id: "carol",
  });
  expect(input.target_agent).toMatchObject({
    id: "worker-1",
    accepts_execution: true,
    accepts_queries: true,
    accepts_delegation: false,
  });
});

it("knows of an unregistered target only its id and the claimed environment", () => {
  const agentMessage = {
    sourceAgentId: "planner",
    targetAgentId: "stranger",
    capability: "query",
    targetEnvironment: "staging",
    claimedDelegationDepth: 0,
  } as const;
  const targetAgent = registryAgent({ id: "stranger", known: false });
  const input = json(
    policyInput(facts({ request: request({ agentMessage }), principal: agent(), targetAgent })),
  );
  expect(input.target_agent).toEqual({ id: "stranger", environment: "staging" });
});

it("holds no credential", () => {
  const credential = { kind: "bearer", token: "canary-token-value" } as const;
  expect(JSON.stringify(policyInput(facts({ request: request({ credential }) })))).not.toContain(
    "canary",
  );
});
