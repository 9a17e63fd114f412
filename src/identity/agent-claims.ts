/**
 * Claims → agent (SARK contract 7.3). An unknown type or trust level is refused, never replaced. Pure.
 *
 * @module
 */
import type { Json, JsonObject } from "../domain/json.ts";
import { CAPABILITIES_MAX, ENVIRONMENT_BYTES_MAX } from "../domain/limits.ts";
import {
  AGENT_TYPES,
  type AgentPrincipal,
  type AgentType,
  TRUST_LEVELS,
  type TrustLevel,
} from "../domain/principal.ts";
import { CAPABILITIES, type Capability } from "../domain/request.ts";
import { actorsOf, badClaim, scopes, sortedUnique, texts } from "./claim-readers.ts";
import type { Issuer } from "./issuer.ts";
import { principalDigest } from "./principal-digest.ts";

/** `apikey:` is how ids of API keys begin. */
const AGENT_ID = /^(?!apikey:)[A-Za-z0-9_.:-]{1,128}$/;

/** SARK's other ladders, for issuers with `trust_map: ladder`. */
const LADDER: Readonly<Record<string, TrustLevel>> = {
  critical: "trusted",
  high: "trusted",
  "3": "trusted",
  medium: "limited",
  verified: "limited",
  "2": "limited",
  low: "untrusted",
  "1": "untrusted",
  pending: "untrusted",
  revoked: "untrusted",
};

export function agentPrincipal(
  payload: JsonObject,
  issuer: Issuer,
  hashId: (id: string) => string | undefined,
): AgentPrincipal {
  const claimed = payload["agent_id"];
  if (typeof claimed !== "string" || !AGENT_ID.test(claimed)) throw badClaim("agent_id");
  const id = issuer.subjectPrefix + claimed;
  const actors = actorsOf(payload);
  const agent = {
    kind: "agent" as const,
    id,
    issuer: issuer.name,
    agentType: agentType(payload["agent_type"]),
    ...trust(payload["trust_level"], issuer),
    capabilities: capabilities(payload["capabilities"]),
    environment: environment(payload["environment"]),
    scopes: scopes(payload),
    delegationDepth: actors.length,
    actors,
  };
  return Object.freeze({ ...agent, digest: principalDigest(agent), hash: hashId(id) });
}

function agentType(value: Json | undefined): AgentType {
  if (value === undefined) return "service";
  const type = AGENT_TYPES.find((known) => known === value);
  if (type === undefined) throw badClaim("agent_type");
  return type;
}

function trust(
  value: Json | undefined,
  issuer: Issuer,
): { readonly trustLevel: TrustLevel; readonly trustLevelClaimed: string | undefined } {
  if (value === undefined) return { trustLevel: "limited", trustLevelClaimed: undefined };
  const level = TRUST_LEVELS.find((known) => known === value);
  if (level !== undefined) return { trustLevel: level, trustLevelClaimed: undefined };
  // GRID writes numbers. Nothing else is read as text: `["high"]` would become `high`.
  const claimed = typeof value === "number" ? String(value) : value;
  if (typeof claimed !== "string") throw badClaim("trust_level");
  const mapped = issuer.mapsTrustLadder && Object.hasOwn(LADDER, claimed) && LADDER[claimed];
  if (!mapped) throw badClaim("trust_level");
  return { trustLevel: mapped, trustLevelClaimed: claimed };
}

function capabilities(value: Json | undefined): readonly Capability[] {
  const found = sortedUnique(texts(value, "capabilities", CAPABILITIES_MAX));
  const isKnown = found.every((name) => CAPABILITIES.some((known) => known === name));
  if (!isKnown) throw badClaim("capabilities");
  return found as readonly Capability[];
}

function environment(value: Json | undefined): string {
  if (value === undefined) return "unknown";
  const isFine =
    typeof value === "string" && value !== "" && Buffer.byteLength(value) <= ENVIRONMENT_BYTES_MAX;
  if (!isFine) throw badClaim("environment");
  return value;
}
