/**
 * The checks on an agent's message that come before cache and policy, in SARK's order (contract 14).
 * Pure; answers are never stored.
 *
 * @module
 */
import { type Decision, deny } from "../domain/decision.ts";
import { DELEGATION_DEPTH_MAX } from "../domain/limits.ts";
import type { Principal } from "../domain/principal.ts";
import type { RegistryAgent } from "../domain/registry.ts";
import type { AgentMessage } from "../domain/request.ts";

/** The refusal, or undefined when policy may decide. */
export function refuseAgentMessage(
  message: AgentMessage,
  principal: Principal,
  target: RegistryAgent,
  delegationDepth: number,
): Decision | undefined {
  if (principal.kind !== "agent") return deny("a2a.caller_kind", "Agent credential required");
  if (message.sourceAgentId !== undefined && message.sourceAgentId !== principal.id) {
    return deny("a2a.source_mismatch", "Source agent does not match credential");
  }
  const claimed = message.targetEnvironment;
  const registered = target.known ? target.environment : null;
  if (claimed !== "" && registered !== null && registered !== claimed) {
    return deny("a2a.target_environment", "Target environment does not match registry");
  }
  if (principal.trustLevel === "untrusted" && principal.environment !== (registered ?? claimed)) {
    return deny(
      "a2a.untrusted_environment",
      "Untrusted agents cannot communicate across environments",
    );
  }
  if (!principal.capabilities.includes(message.capability)) {
    return deny("a2a.capability", `Agent lacks required capability: ${message.capability}`);
  }
  if (delegationDepth > DELEGATION_DEPTH_MAX) {
    return deny("a2a.delegation_depth", "Maximum delegation depth exceeded");
  }
  return undefined;
}
