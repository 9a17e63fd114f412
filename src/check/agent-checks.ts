/**
 * The checks on what one agent wants of another that come before cache and policy, in SARK's order
 * (contract 14), for its document and for the A2A protocol alike. Pure; answers are never stored.
 *
 * @module
 */
import { type Decision, deny } from "../domain/decision.ts";
import { DELEGATION_DEPTH_MAX } from "../domain/limits.ts";
import type { AgentPrincipal, Principal } from "../domain/principal.ts";
import type { RegistryAgent } from "../domain/registry.ts";
import type { A2aFacts, AgentMessage, Capability } from "../domain/request.ts";
import type { A2aSettings } from "../domain/route.ts";

export interface AgentQuestion {
  readonly message: AgentMessage;
  readonly principal: Principal;
  readonly target: RegistryAgent;
  readonly delegationDepth: number;
  /** Undefined for SARK's document. */
  readonly a2a: A2aFacts | undefined;
  readonly settings: Pick<A2aSettings, "pushHosts" | "extensions">;
}

/** The refusal, or undefined when policy may decide. */
export function refuseAgentMessage(question: AgentQuestion): Decision | undefined {
  const { principal, delegationDepth } = question;
  if (principal.kind !== "agent") return deny("a2a.caller_kind", "Agent credential required");
  const misplaced = refusePlace(question, principal);
  if (misplaced !== undefined) return misplaced;
  for (const capability of neededCapabilities(question)) {
    if (!principal.capabilities.includes(capability)) {
      return deny("a2a.capability", `Agent lacks required capability: ${capability}`);
    }
  }
  if (delegationDepth > DELEGATION_DEPTH_MAX) {
    return deny("a2a.delegation_depth", "Maximum delegation depth exceeded");
  }
  return question.a2a === undefined ? undefined : refuseOperation(question, question.a2a);
}

/**
 * An operation by an agent that acts for another principal is a delegation beside what it is. SARK's
 * document names its one capability itself. All have to be granted, by token and by policy.
 */
export function neededCapabilities(
  question: Pick<AgentQuestion, "message" | "principal" | "a2a">,
): readonly Capability[] {
  const { capability } = question.message;
  const isDelegated = question.a2a !== undefined && question.principal.delegationDepth > 0;
  return isDelegated && capability !== "delegate" ? ["delegate", capability] : [capability];
}

function refusePlace(
  { message, target }: AgentQuestion,
  principal: AgentPrincipal,
): Decision | undefined {
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
  return undefined;
}

function refuseOperation({ target, settings }: AgentQuestion, a2a: A2aFacts): Decision | undefined {
  const { pushHost } = a2a;
  const isPushListed =
    pushHost === null ||
    target.pushHosts.some((entry) => isListed(pushHost, entry)) ||
    settings.pushHosts.some((entry) => isListed(pushHost, entry));
  if (!a2a.isPushUrlValid || !isPushListed) {
    return deny("a2a.push_url", "Push notification address is not allowed");
  }
  const { extensions } = settings;
  if (extensions !== undefined && a2a.extensions.some((uri) => !extensions.has(uri))) {
    return deny("policy.denied", "Access denied");
  }
  return undefined;
}

/** `*.` stands for exactly one label; a port that is not 443 has to be listed with its host. */
function isListed(host: string, entry: string): boolean {
  const listed = entry.endsWith(HTTPS_PORT) ? entry.slice(0, -HTTPS_PORT.length) : entry;
  if (!listed.startsWith("*.")) return host === listed;
  const dot = host.indexOf(".");
  return dot > 0 && host.slice(dot) === listed.slice(1);
}

const HTTPS_PORT = ":443";
