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

interface UserFacts extends PrincipalFacts {
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

export interface UserPrincipal extends UserFacts {
  readonly kind: "user";
}

/** To policy a user with the id `apikey:<id>` and the role `service` (SARK contract 7.4). */
export interface ApiKeyPrincipal extends UserFacts {
  readonly kind: "api_key";
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

export type Principal = UserPrincipal | ApiKeyPrincipal | AgentPrincipal;

/** What a revocation list may name of one credential; undefined = the credential has no such id. */
export interface RevocableIds {
  /** SHA-256 of the exact token bytes in base64url; undefined for an API key. */
  readonly tokenDigest: string | undefined;
  /** Of the same token with the other signature that fits it; only ECDSA has two. */
  readonly twinDigest?: string | undefined;
  readonly issuer: string | undefined;
  /** `jti`. */
  readonly tokenId: string | undefined;
  /** `sub` as the token has it, without a configured prefix. */
  readonly subject: string | undefined;
  /** `sid`. */
  readonly sessionId: string | undefined;
  readonly agentId: string | undefined;
  /** `kid` of the key that verified the token. */
  readonly keyId: string | undefined;
  readonly apiKeyId: string | undefined;
  /** Unix seconds (`iat`); a token without counts as issued before every revocation. */
  readonly issuedAtS: number | undefined;
}

/** The facts of a credential. What depends on the route is checked again on every use. */
export interface VerifiedCredential {
  readonly principal: Principal;
  /** All of the token's audiences; empty for an API key. */
  readonly audiences: readonly string[];
  /** Unix time in seconds (`exp`, RFC 7519 section 4.1.4); Infinity for a key without an end. */
  readonly expiresAtS: number;
  /** Unix time in seconds; 0 without `nbf`. */
  readonly notBeforeS: number;
  /** RFC 7638 thumbprint of the key that verified the token; empty for an API key. */
  readonly keyThumbprint: string;
  readonly revocable: RevocableIds;
}
