/**
 * What the spine needs from the parts that hold state or do I/O. The spine owns these shapes; the
 * parts do not name them, `app.ts` joins both and the compiler compares.
 *
 * @module
 */
import type { Principal, RevocableIds, VerifiedCredential } from "../domain/principal.ts";
import type { CheckRecord } from "../domain/record.ts";
import type { Credential } from "../domain/request.ts";

/** Credential → facts that were proven of it. */
export interface IdentityPort {
  /**
   * A credential known from before and still good, synchronously; undefined when it must be verified.
   * @throws {DenyError} when it is known and has become unusable since (expired, key withdrawn).
   */
  known(credential: Credential): VerifiedCredential | undefined;
  /**
   * Rejects with `DenyError` for every fault of the credential, with `UnavailableError` without keys
   * or when `deadlineMonotonicMs` comes first.
   */
  verify(credential: Credential, deadlineMonotonicMs: number): Promise<VerifiedCredential>;
}

/** What was taken back before its time. */
export interface RevocationPort {
  /** @throws {UnavailableError} when too little is known of recent revocations to answer */
  isRevoked(ids: RevocableIds): boolean;
  /**
   * How old a stored allow may be now, in milliseconds: the less is known of recent revocations, the
   * younger. Infinity = its own TTL holds.
   */
  allowAgeMsMax(): number;
}

export interface Evaluation {
  /** OPA's result set: `[]` = undefined, else `[{ result }]`. */
  readonly resultSet: unknown;
  /** The policy asked for the time, so the decision is kept for at most 60 s. */
  readonly readTime: boolean;
}

/** One immutable policy state; a Check reads it once. */
export interface ActivePolicy {
  readonly revision: string;
  /** Whose answer is given. */
  readonly answeredBy: "plan" | "wasm";
  /**
   * Synchronous; `timeNs` is what `time.now_ns` answers during this evaluation.
   * @throws {PolicyFailure} on conflicts, traps and whatever else the engine throws.
   */
  evaluate(entrypoint: string, input: object, timeNs: number): Evaluation;
}

export interface RolloutPort {
  /** 0-99 by the verified id. */
  bucket(principal: Principal): number;
  /** True when this sidecar enforces for a caller in `bucket`. */
  enforces(bucket: number): boolean;
  /** True at 100 %: nobody is left whom Python decides for. */
  readonly isComplete: boolean;
}

export interface AuditPort {
  /** Never blocks. Throws only when the record could not be kept at all. */
  record(record: CheckRecord): void;
}

export interface MetricsPort {
  observe(record: CheckRecord): void;
}

/** Decisions of before, by key. */
export interface DecisionCachePort<Value> {
  get(
    key: string,
  ): { readonly value: Value; readonly remainingMs: number; readonly ageMs: number } | undefined;
  set(key: string, value: Value, ttlMs: number, valueBytes: number): void;
}
