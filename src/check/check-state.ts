/**
 * What the spine carries through one Check, and the parts it is joined with.
 *
 * @module
 */
import type { Call } from "../domain/call.ts";
import type { Clock } from "../domain/clock.ts";
import type { Decision } from "../domain/decision.ts";
import type { Principal } from "../domain/principal.ts";
import type { Source } from "../domain/record.ts";
import type { Registry, Resource } from "../domain/registry.ts";
import type { AuthzRequest } from "../domain/request.ts";
import type { WorkHours } from "../policy/host-time.ts";
import type { RequestProgress, RequestRules } from "../request/read-request.ts";
import type { StoredReply } from "../response/write-response.ts";
import type { HeaderSelection } from "../wire/check-request.ts";
import type {
  ActivePolicy,
  AuditPort,
  DecisionCachePort,
  IdentityPort,
  MetricsPort,
  RevocationPort,
  RolloutPort,
} from "./ports.ts";

export interface CheckOptions {
  /** Budget of one Check; Envoy's own time-out may be shorter. */
  readonly checkMs: number;
  /** Checks that wait for a verification at the same time; more are refused as overload. */
  readonly checksInFlightMax: number;
  readonly entrypoints: {
    readonly sark: string;
    readonly a2a: string;
    readonly mcp: string;
    readonly http: string;
  };
  readonly workHours: WorkHours;
  readonly ttlSecondsMax: number;
  /** What a caller is told at most: its own cache can not hear of a revocation. */
  readonly advertisedTtlSecondsMax: number;
  readonly denyTtlSecondsMax: number;
}

export interface CheckDeps {
  readonly clock: Pick<Clock, "unixMs" | "monotonicMs">;
  readonly newAuditId: () => string;
  readonly headers: HeaderSelection;
  readonly rules: RequestRules;
  readonly identity: IdentityPort;
  readonly revocation: RevocationPort;
  readonly rollout: RolloutPort;
  readonly cache: DecisionCachePort<CachedDecision>;
  /** Undefined until a policy is active. */
  readonly policy: () => ActivePolicy | undefined;
  readonly registry: () => Registry;
  readonly audit: AuditPort;
  readonly metrics: MetricsPort;
  /** Told when not even a record could be kept. */
  readonly onDefect: (thrown: unknown) => void;
  readonly options: CheckOptions;
}

/** A decision with the reply it became. Frozen by use: nobody writes to it. */
export interface CachedDecision {
  readonly decision: Decision;
  readonly reply: StoredReply;
  /** For the record: the key holds these bytes, so a hit has the same digest. */
  readonly parametersDigest: string;
}

/** What is known so far, so that a refusal at any point can be answered and recorded. */
export interface CheckState {
  readonly startedMs: number;
  readonly unixMs: number;
  readonly deadlineMonotonicMs: number;
  readonly call: Call;
  /** Read once: a swap can not mix two states in one Check. */
  readonly policy: ActivePolicy | undefined;
  readonly registry: Registry;
  readonly progress: RequestProgress;
  request: AuthzRequest | undefined;
  principal: Principal | undefined;
  /** Unix seconds of the credential's end. */
  expiresAtS: number | undefined;
  resource: Resource | undefined;
  parametersDigest: string | undefined;
  bucket: number;
  evaluationMs: number;
  isCancelled: boolean;
}

/** How a Check ended, before it is recorded and answered. */
export interface Outcome {
  readonly decision: Decision;
  readonly source: Source;
  /** Built already for a hit or a stored miss. */
  readonly reply: StoredReply | undefined;
  /** Remaining life of the stored decision; 0 = not stored. */
  readonly remainingMs: number;
  /** The unexpected error behind `check.internal`. */
  readonly defect: unknown;
}
