/**
 * Samples of keys and tokens, read from the parts that keep them.
 *
 * @module
 */
import type { IssuerReading, Readings } from "./readings.ts";
import { type Sample, single } from "./samples.ts";

const MS_PER_S = 1_000;

export function identityCollectors({ issuers, tokens }: Pick<Readings, "issuers" | "tokens">) {
  return {
    sark_authz_jwks_age_seconds: () =>
      issuers().flatMap(({ issuer, ageMs }) =>
        ageMs === undefined ? [] : [{ labels: { issuer }, value: ageMs / MS_PER_S }],
      ),
    sark_authz_jwks_keys: () =>
      issuers().flatMap(({ issuer, active, leaving }) => [
        { labels: { issuer, state: "active" }, value: active },
        { labels: { issuer, state: "leaving" }, value: leaving },
      ]),
    sark_authz_jwks_refresh_total: () => byIssuer(issuers(), "result", (one) => one.refreshes),
    sark_authz_jwks_rejected_keys_total: () => byIssuer(issuers(), "rule", (one) => one.rejected),
    sark_authz_token_checks_total: () =>
      Array.from(tokens().checks, ([result, value]) => ({ labels: { result }, value })),
    sark_authz_inflight_verifications: () => single(tokens().verificationsInFlight),
    sark_authz_waiting_verifications: () => single(tokens().verificationsWaiting),
    sark_authz_clock_jumps_total: () => single(tokens().clockJumps),
  } as const;
}

function byIssuer(
  issuers: readonly IssuerReading[],
  label: string,
  countsOf: (issuer: IssuerReading) => ReadonlyMap<string, number>,
): Sample[] {
  return issuers.flatMap((one) =>
    Array.from(countsOf(one), ([word, value]) => ({
      labels: { issuer: one.issuer, [label]: word },
      value,
    })),
  );
}
