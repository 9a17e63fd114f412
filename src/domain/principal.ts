/**
 * Who a verified credential proves. Frozen; made once per credential and shared by many Checks.
 *
 * @module
 */
import type { Capability } from "./request.ts";

interface PrincipalFacts {
  readonly id: string;
  readonly issuer: string;
  /** Nested `act` claims: how many agents stand between the caller and the subject. */
  readonly delegationDepth: number;
  readonly actors: readonly string[];
  /** SHA-256 of every field that policy can see: part of the decision key. */
  readonly digest: string;
  /** First 16 hex digits of HMAC-SHA-256(pepper, id); undefined without a pepper. */
  readonly hash: string | undefined;
}

export interface UserPrincipal extends PrincipalFacts {
  readonly kind: "user";
  readonly email: string | null;
  readonly name: string | null;
  /** The first role present in SARK's order of roles. */
  readonly role: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly mfaVerified: boolean;
  /** Nanoseconds since the epoch as a whole number of milliseconds × 1,000,000; 0 = unknown. */
  readonly mfaTimestampNs: number;
  readonly mfaMethods: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

export const AGENT_TYPES = ["service", "worker", "query", "orchestrator", "monitor"] as const;
export type AgentType = (typeof AGENT_TYPES)[number];
export const TRUST_LEVELS = ["trusted", "limited", "untrusted"] as const;
export type TrustLevel = (typeof TRUST_LEVELS)[number];

export interface AgentPrincipal extends PrincipalFacts {
  readonly kind: "agent";
  readonly agentType: AgentType;
  readonly trustLevel: TrustLevel;
  /** The token's own word where another ladder was mapped. */
  readonly trustLevelClaimed?: string | undefined;
  readonly capabilities: readonly Capability[];
  readonly environment: string;
  readonly scopes: readonly string[];
}

export type Principal = UserPrincipal | AgentPrincipal;

/** The facts of a signature. What depends on the route is checked again on every use. */
export interface VerifiedToken {
  readonly principal: Principal;
  /** All of the token's audiences. */
  readonly audiences: readonly string[];
  /** Unix time in seconds (`exp`, RFC 7519 section 4.1.4). */
  readonly expiresAtS: number;
  /** Unix time in seconds; 0 without `nbf`. */
  readonly notBeforeS: number;
  readonly tokenId: string | undefined;
  /** Key id or thumbprint of the key that verified the token. */
  readonly keyId: string;
}
