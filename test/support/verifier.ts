/** A token verifier over test issuers, with a hand clock and key sets that a test can swap. */
import type { Issuer } from "../../src/identity/issuer.ts";
import { admitKeys, type KeySet } from "../../src/identity/key-admission.ts";
import type { KeyFigures } from "../../src/identity/key-source.ts";
import { TokenVerifier } from "../../src/identity/token-verifier.ts";
import { type HandClock, handClock } from "./hand-clock.ts";
import type { TestIssuer } from "./tokens.ts";

export interface VerifierEntry {
  readonly issuer: Pick<TestIssuer, "name" | "audience" | "jwks">;
  readonly kind?: "user" | "agent";
  readonly change?: Partial<Issuer>;
}

export function keySet(document: object): KeySet {
  return admitKeys(Buffer.from(JSON.stringify(document)));
}

const NO_FIGURES: KeyFigures = {
  ageMs: undefined,
  active: 1,
  leaving: 0,
  revision: 1,
  refreshes: new Map(),
  rejected: new Map(),
};

export function verifierFor(...entries: readonly VerifierEntry[]) {
  return verifierAt(handClock(1_764_000_000_000), ...entries);
}

export function verifierAt(clock: HandClock, ...entries: readonly VerifierEntry[]) {
  let missed = 0;
  const sets = new Map<string, KeySet | undefined>();
  const issuers = entries.map(({ issuer, kind = "user", change = {} }): Issuer => {
    if (change.keys === undefined) sets.set(issuer.name, keySet(issuer.jwks()));
    return {
      name: issuer.name,
      kind,
      audiences: new Set([issuer.audience]),
      algorithms: new Set(["RS256", "PS256", "ES256", "ES384", "EdDSA"]),
      keys: {
        get current() {
          return sets.get(issuer.name);
        },
        missed: () => {
          missed++;
        },
        figures: NO_FIGURES,
        stop: () => undefined,
      },
      requireAccessTyp: false,
      acceptsMissingName: false,
      subjectPrefix: "",
      uuidProvider: undefined,
      mapsTrustLadder: false,
      trustsAttributes: false,
      policyClaims: [],
      tokenAgeSecondsMax: 86_400,
      ...change,
    };
  });
  const verifier = new TokenVerifier({
    issuers,
    configRevision: "c1",
    clock,
    clockSkewSeconds: 30,
    cacheEntriesMax: 100,
    cacheBytesMax: 1_048_576,
    cacheTtlMsMax: 300_000,
    hashId: () => undefined,
  });
  const verify = (token: string) => verifier.verify(token, Number.POSITIVE_INFINITY);
  return { clock, verifier, verify, sets, missed: () => missed };
}

/** The reason of a refusal, or what came instead. */
export async function reasonOf(verification: Promise<unknown>): Promise<string> {
  try {
    return `accepted ${JSON.stringify(await verification)}`;
  } catch (error) {
    const { reason } = error as { reason?: string };
    return reason ?? `threw ${String(error)}`;
  }
}
