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
  readonly subjectPrefix: string;
  readonly mapsTrustLadder: boolean;
  readonly trustsAttributes: boolean;
  readonly tokenAgeSecondsMax: number;
}
