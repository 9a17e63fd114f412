/** A2A pre-checks: SARK's five rules in SARK's order, each with its own reason. */
import { describe, expect, it } from "vitest";
import { refuseAgentMessage } from "../../../src/check/agent-checks.ts";
import type { Principal } from "../../../src/domain/principal.ts";
import type { AgentMessage } from "../../../src/domain/request.ts";
import { agent, registryAgent, user } from "../../support/samples.ts";

const message = (change: Partial<AgentMessage> = {}): AgentMessage => ({
  sourceAgentId: "planner",
  targetAgentId: "worker-1",
  capability: "execute",
  targetEnvironment: "",
  claimedDelegationDepth: 0,
  ...change,
});

it("lets a fitting message through", () => {
  expect(refuseAgentMessage(message(), agent(), registryAgent(), 0)).toBeUndefined();
});

it("takes the credential's word where the message names no source", () => {
  const unnamed = message({ sourceAgentId: undefined });
  expect(refuseAgentMessage(unnamed, agent(), registryAgent(), 0)).toBeUndefined();
});

it("accepts a claimed environment that is the registered one", () => {
  const claimed = message({ targetEnvironment: "production" });
  expect(refuseAgentMessage(claimed, agent(), registryAgent(), 2)).toBeUndefined();
});

describe("refuses", () => {
  it.each([
    ["a2a.caller_kind", message(), user(), registryAgent(), 0],
    ["a2a.caller_kind", message(), { ...user(), kind: "api_key" }, registryAgent(), 0],
    ["a2a.caller_kind", message(), { ...user(), id: "planner" }, registryAgent(), 0],
    ["a2a.source_mismatch", message({ sourceAgentId: "Planner" }), agent(), registryAgent(), 0],
    ["a2a.source_mismatch", message({ sourceAgentId: "" }), agent(), registryAgent(), 0],
    ["a2a.capability", message(), agent({ capabilities: [] }), registryAgent(), 0],
    ["a2a.source_mismatch", message({ sourceAgentId: "other" }), agent(), registryAgent(), 0],
    [
      "a2a.target_environment",
      message({ targetEnvironment: "staging" }),
      agent(),
      registryAgent(),
      0,
    ],
    [
      "a2a.untrusted_environment",
      message(),
      agent({ trustLevel: "untrusted", environment: "staging" }),
      registryAgent(),
      0,
    ],
    [
      "a2a.untrusted_environment",
      message({ targetEnvironment: "staging" }),
      agent({ trustLevel: "untrusted" }),
      registryAgent({ known: false, environment: null }),
      0,
    ],
    [
      "a2a.untrusted_environment",
      message(),
      agent({ trustLevel: "untrusted" }),
      registryAgent({ known: false, environment: null }),
      0,
    ],
    ["a2a.capability", message({ capability: "delegate" }), agent(), registryAgent(), 0],
    ["a2a.delegation_depth", message(), agent(), registryAgent(), 3],
  ] as const)("%s", (reason, said, caller, target, depth) => {
    expect(refuseAgentMessage(said, caller, target, depth)).toMatchObject({
      effect: "deny",
      reason,
      policyTtlS: 0,
    });
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
      const refused = refuseAgentMessage(said, caller, registryAgent(), depth);
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
    expect(refuseAgentMessage(everything, agent(), registryAgent(), 9)).toMatchObject({
      reason: "a2a.source_mismatch",
    });
  });
});

it("names the missing capability", () => {
  const asked = message({ capability: "delegate" });
  expect(refuseAgentMessage(asked, agent(), registryAgent(), 0)).toMatchObject({
    text: "Agent lacks required capability: delegate",
  });
});
