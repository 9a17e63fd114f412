/** A2A pre-checks: SARK's rules in SARK's order, then those of the protocol, each with its own reason. */
import { describe, expect, it } from "vitest";
import {
  type AgentQuestion,
  neededCapabilities,
  refuseAgentMessage,
} from "../../../src/check/agent-checks.ts";
import type { Principal } from "../../../src/domain/principal.ts";
import type { AgentMessage } from "../../../src/domain/request.ts";
import { a2aFacts, agent, registryAgent, user } from "../../support/samples.ts";

const message = (change: Partial<AgentMessage> = {}): AgentMessage => ({
  sourceAgentId: "planner",
  targetAgentId: "worker-1",
  capability: "execute",
  targetEnvironment: "",
  claimedDelegationDepth: 0,
  ...change,
});

function refuse(change: Partial<AgentQuestion> = {}) {
  return refuseAgentMessage({
    message: message(),
    principal: agent(),
    target: registryAgent(),
    delegationDepth: 0,
    a2a: undefined,
    settings: { pushHosts: [], extensions: undefined },
    ...change,
  });
}

const reason = (change: Partial<AgentQuestion>) => {
  const decision = refuse(change);
  return decision === undefined || decision.effect === "error" ? "passes" : decision.reason;
};

it("lets a fitting message through", () => {
  expect(refuse()).toBeUndefined();
  expect(refuse({ a2a: a2aFacts() })).toBeUndefined();
});

it("takes the credential's word where the message names no source", () => {
  const unnamed = message({ sourceAgentId: undefined });
  expect(refuse({ message: unnamed })).toBeUndefined();
});

it("accepts a claimed environment that is the registered one", () => {
  const claimed = message({ targetEnvironment: "production" });
  expect(refuse({ message: claimed, delegationDepth: 2 })).toBeUndefined();
});

describe("refuses", () => {
  it.each<[string, string, Partial<AgentQuestion>]>([
    ["a2a.caller_kind", "a user", { principal: user() }],
    ["a2a.source_mismatch", "another source", { message: message({ sourceAgentId: "other" }) }],
    ["a2a.caller_kind", "an API key", { principal: { ...user(), kind: "api_key" } }],
    ["a2a.caller_kind", "a user of the same id", { principal: { ...user(), id: "planner" } }],
    ["a2a.source_mismatch", "another case", { message: message({ sourceAgentId: "Planner" }) }],
    ["a2a.source_mismatch", "an empty source", { message: message({ sourceAgentId: "" }) }],
    ["a2a.capability", "none at all", { principal: agent({ capabilities: [] }) }],
    [
      "a2a.target_environment",
      "another environment",
      { message: message({ targetEnvironment: "staging" }) },
    ],
    [
      "a2a.untrusted_environment",
      "an untrusted agent elsewhere",
      { principal: agent({ trustLevel: "untrusted", environment: "staging" }) },
    ],
    [
      "a2a.untrusted_environment",
      "an untrusted agent at an unknown target elsewhere",
      {
        message: message({ targetEnvironment: "staging" }),
        principal: agent({ trustLevel: "untrusted" }),
        target: registryAgent({ known: false, environment: null }),
      },
    ],
    [
      "a2a.untrusted_environment",
      "an untrusted agent at an unknown target",
      {
        principal: agent({ trustLevel: "untrusted" }),
        target: registryAgent({ known: false, environment: null }),
      },
    ],
    ["a2a.capability", "a missing one", { message: message({ capability: "delegate" }) }],
    ["a2a.delegation_depth", "a third level", { delegationDepth: 3 }],
  ])("%s: %s", (expected, _, change) => {
    expect(refuse(change)).toMatchObject({ effect: "deny", reason: expected, policyTtlS: 0 });
  });

  /** Everything is wrong at first; each row mends one more, and the next rule speaks. */
  it("by the first rule that applies, in SARK's order", () => {
    const wrong = {
      caller: { ...user(), kind: "api_key" } as Principal,
      said: message({
        sourceAgentId: "other",
        targetEnvironment: "staging",
        capability: "delegate",
      }),
      depth: 3,
    };
    const untrusted = agent({ trustLevel: "untrusted", environment: "staging" });
    const ofPlanner = { ...wrong.said, sourceAgentId: "planner" };
    const steps = [
      wrong,
      { ...wrong, caller: untrusted },
      { ...wrong, caller: untrusted, said: ofPlanner },
      { ...wrong, caller: untrusted, said: { ...ofPlanner, targetEnvironment: "" } },
      { ...wrong, caller: agent(), said: { ...ofPlanner, targetEnvironment: "" } },
      { ...wrong, caller: agent(), said: message() },
      { ...wrong, caller: agent(), said: message(), depth: 2 },
    ];
    const reasons = steps.map(({ caller, said, depth }) => {
      const refused = refuse({ message: said, principal: caller, delegationDepth: depth });
      return refused?.effect === "deny" ? refused.reason : refused;
    });
    expect(reasons).toEqual([
      "a2a.caller_kind",
      "a2a.source_mismatch",
      "a2a.target_environment",
      "a2a.untrusted_environment",
      "a2a.capability",
      "a2a.delegation_depth",
      undefined,
    ]);
  });

  it("in SARK's order when several rules apply", () => {
    const everything = message({
      sourceAgentId: "other",
      targetEnvironment: "staging",
      capability: "delegate",
    });
    const a2a = a2aFacts({ isPushUrlValid: false });
    const all = { message: everything, delegationDepth: 9, a2a };
    expect(reason(all)).toBe("a2a.source_mismatch");
    expect(reason({ ...all, message: message({ capability: "delegate" }) })).toBe("a2a.capability");
    expect(reason({ ...all, message: message() })).toBe("a2a.delegation_depth");
    expect(reason({ a2a })).toBe("a2a.push_url");
  });
});

it("names the missing capability", () => {
  expect(refuse({ message: message({ capability: "delegate" }) })).toMatchObject({
    text: "Agent lacks required capability: delegate",
  });
});

describe("an agent that acts for somebody", () => {
  const acting = agent({ delegationDepth: 1, capabilities: ["execute", "query"] });
  const able = agent({ delegationDepth: 1, capabilities: ["delegate", "execute"] });

  it("a2a.capability: needs delegate beside what the operation needs", () => {
    expect(reason({ principal: acting, a2a: a2aFacts(), delegationDepth: 1 })).toBe(
      "a2a.capability",
    );
    expect(reason({ principal: able, a2a: a2aFacts(), delegationDepth: 1 })).toBe("passes");
    const query = { principal: able, a2a: a2aFacts(), message: message({ capability: "query" }) };
    expect(reason(query)).toBe("a2a.capability");
  });

  it("names its one capability itself in SARK's document", () => {
    expect(reason({ principal: acting, delegationDepth: 1 })).toBe("passes");
  });

  it("is asked for each capability once", () => {
    const asked = { message: message(), principal: able, a2a: a2aFacts() };
    expect(neededCapabilities(asked)).toEqual(["delegate", "execute"]);
    expect(neededCapabilities({ ...asked, message: message({ capability: "delegate" }) })).toEqual([
      "delegate",
    ]);
    expect(neededCapabilities({ ...asked, principal: agent() })).toEqual(["execute"]);
  });
});

describe("a2a.push_url: the host of a push notification", () => {
  const at = (pushHost: string, listed: readonly string[], onRoute: readonly string[] = []) =>
    reason({
      a2a: a2aFacts({ pushHost }),
      target: registryAgent({ pushHosts: listed }),
      settings: { pushHosts: onRoute, extensions: undefined },
    });

  it.each([
    ["hooks.example", ["hooks.example"]],
    ["a.hooks.example", ["*.hooks.example"]],
    ["hooks.example", ["hooks.example:443"]],
    ["hooks.example:8443", ["hooks.example:8443"]],
    ["a.hooks.example:8443", ["*.hooks.example:8443"]],
  ])("%s is on %j", (host, listed) => {
    expect(at(host, listed)).toBe("passes");
    expect(at(host, [], listed)).toBe("passes");
  });

  it.each([
    ["hooks.example", []],
    ["hooks.example", ["other.example"]],
    ["hooks.example", ["*.hooks.example"]],
    ["a.b.hooks.example", ["*.hooks.example"]],
    ["xhooks.example", ["*.hooks.example", "hooks.example"]],
    ["hooks.example:8443", ["hooks.example"]],
    ["hooks.example", ["hooks.example:8443"]],
    ["hooks.example.evil.example", ["hooks.example", "*.hooks.example"]],
  ])("%s is not on %j", (host, listed) => {
    expect(at(host, listed)).toBe("a2a.push_url");
  });

  it("does not matter when the address is not valid", () => {
    const a2a = a2aFacts({ isPushUrlValid: false, pushHost: null });
    const target = registryAgent({ pushHosts: ["hooks.example"] });
    expect(reason({ a2a, target })).toBe("a2a.push_url");
  });
});

describe("extensions", () => {
  const listing = (listed: readonly string[] | undefined) =>
    reason({
      a2a: a2aFacts({ extensions: ["https://ext.example/a", "https://ext.example/b"] }),
      settings: { pushHosts: [], extensions: listed === undefined ? undefined : new Set(listed) },
    });

  it("policy.denied: have to be on the route's list when there is one", () => {
    expect(listing(undefined)).toBe("passes");
    expect(listing(["https://ext.example/b", "https://ext.example/a"])).toBe("passes");
    expect(listing(["https://ext.example/a"])).toBe("policy.denied");
    expect(listing([])).toBe("policy.denied");
  });
});
