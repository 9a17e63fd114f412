/**
 * Figures that other parts keep by themselves and that are read when somebody scrapes. `app.ts` joins
 * them; nothing here runs on the path of a Check.
 *
 * @module
 */
import type { Registry } from "../domain/registry.ts";

export interface CacheReading {
  readonly entries: number;
  /** Absent where the cache does not know. */
  readonly bytes?: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
}

export interface AuditReading {
  readonly queued: number;
  readonly queuedBytes: number;
  readonly written: number;
  readonly droppedByCause: Readonly<Record<string, number>>;
  readonly sinkErrors: number;
}

export interface PolicyReading {
  readonly revision: string;
  readonly loadedUnixMs: number;
  readonly entrypoints: number;
  /** Answers compared with another engine's, by result; empty where none are. */
  readonly comparisons: Readonly<Record<string, number>>;
}

export interface IssuerReading {
  /** The configured name. */
  readonly issuer: string;
  /** Undefined where age means nothing, and before the first set. */
  readonly ageMs: number | undefined;
  readonly active: number;
  readonly leaving: number;
  /** By words of closed lists. */
  readonly refreshes: ReadonlyMap<string, number>;
  readonly rejected: ReadonlyMap<string, number>;
}

export interface TokenReading {
  /** By `accepted`, the reason without its family, or `defect`. */
  readonly checks: ReadonlyMap<string, number>;
  readonly verificationsInFlight: number;
  readonly verificationsWaiting: number;
  readonly clockJumps: number;
}

export interface RevocationReading {
  readonly entries: number;
  /** Of the list in force; 0 without one. */
  readonly sequence: number;
  /** Since it was signed; Infinity without one. */
  readonly ageS: number;
  readonly hitsByKind: ReadonlyMap<string, number>;
  readonly faultsByCause: ReadonlyMap<string, number>;
  /** Undefined when the list does not come from a store. */
  readonly isStoreConnected: boolean | undefined;
}

export interface Readings {
  readonly decisionCache: () => CacheReading;
  readonly tokenCache: () => CacheReading;
  readonly tokens: () => TokenReading;
  readonly issuers: () => readonly IssuerReading[];
  readonly checksInFlight: () => number;
  readonly audit: () => AuditReading;
  /** Undefined until a policy is active. */
  readonly policy: () => PolicyReading | undefined;
  readonly registry: () => Registry;
  /** Undefined when there is no revocation list. */
  readonly revocation: () => RevocationReading | undefined;
  readonly isReady: () => boolean;
}

/** What does not change while the process lives. */
export interface ServiceFacts {
  readonly version: string;
  /** Name and version of what runs the service, such as `node 24.21.0`. */
  readonly runtime: string;
  /** How SARK's dashboards call this path beside `python`. */
  readonly implementation: string;
  readonly rollout: { readonly feature: string; readonly percent: number };
  /** Names of the settings in use that weaken the service. */
  readonly insecureSettings: readonly string[];
}
