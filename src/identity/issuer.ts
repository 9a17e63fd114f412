/**
 * One configured issuer: whose tokens are believed, with which algorithms and keys.
 *
 * @module
 */
import type { TokenAlgorithm } from "./config.ts";
import type { KeySource } from "./key-source.ts";

export interface Issuer {
  readonly name: string;
  readonly kind: "user" | "agent";
  readonly audiences: ReadonlySet<string>;
  readonly algorithms: ReadonlySet<TokenAlgorithm>;
  readonly keys: KeySource;
  readonly requireAccessTyp: boolean;
  /** Tokens without `iss` are its own; one issuer at most. */
  readonly acceptsMissingName: boolean;
  readonly subjectPrefix: string;
  /** Users are known by SARK's UUID over this provider and their `sub`. */
  readonly uuidProvider: string | undefined;
  readonly mapsTrustLadder: boolean;
  readonly trustsAttributes: boolean;
  /** Claims that reach the policy as they are. */
  readonly policyClaims: readonly string[];
  readonly tokenAgeSecondsMax: number;
}
