/**
 * Configuration → the options of the parts. Pure.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { CheckOptions } from "./check/check-state.ts";
import { readListenAddress } from "./config/listen-address.ts";
import type { Config } from "./config/schema.ts";
import { allowTtlSecondsMax } from "./config/warnings.ts";
import type { OpenIssuersOptions } from "./identity/open-issuers.ts";
import { DEFAULT_LIMITS } from "./policy/plan/values/budget.ts";
import type { ListenAddress } from "./transport/transport.ts";

/** Part of every look-up of a token, so it is short. */
const REVISION_CHARACTERS = 12;

export function checkAddress(config: Config): ListenAddress {
  const address = readListenAddress(config.listen.check);
  if (address?.kind === "unix") return { ...address, modeOctal: config.listen.check_socket_mode };
  return address ?? { kind: "tcp", host: "127.0.0.1", port: 0 };
}

export function metricsAddress(config: Config): { readonly host: string; readonly port: number } {
  const address = readListenAddress(config.listen.metrics);
  return address?.kind === "tcp" ? address : { host: "127.0.0.1", port: 0 };
}

export function checkOptions(config: Config): CheckOptions {
  const { start, end, days, time_slot_seconds } = config.policy.work_hours;
  return {
    checkMs: config.limits.check_ms,
    checksInFlightMax: config.limits.checks_in_flight,
    entrypoints: config.policy.entrypoints,
    workHours: { start, end, days, timeSlotSeconds: time_slot_seconds },
    ttlSecondsMax: allowTtlSecondsMax(config),
    advertisedTtlSecondsMax: config.cache.advertised_ttl_max_seconds,
    denyTtlSecondsMax: config.cache.deny_ttl_max_seconds,
  };
}

export function keyOptions({ identity }: Config): OpenIssuersOptions["keys"] {
  return {
    staleMsMax: identity.jwks_stale_seconds_max * 1_000,
    keptFolder: identity.jwks_cache_dir,
  };
}

/** Everything of the verifier's options that the configuration decides. */
export function tokenOptions({ identity }: Config) {
  const { token_cache, clock_skew_seconds } = identity;
  return {
    configRevision: hash("sha256", JSON.stringify(identity), "base64url").slice(
      0,
      REVISION_CHARACTERS,
    ),
    clockSkewSeconds: clock_skew_seconds,
    cacheEntriesMax: token_cache.entries_max,
    cacheBytesMax: token_cache.bytes_max,
    cacheTtlMsMax: token_cache.ttl_max_seconds * 1_000,
  };
}

/** Who reaches a TCP port could name any workload, so none is believed there, whatever Envoy's keys say. */
export function knownWorkloads(config: Config): ReadonlySet<string> {
  return new Set(checkAddress(config).kind === "unix" ? config.identity.workloads : []);
}

/** Everything of the engine's options that the configuration decides. */
export function engineOptions(config: Config) {
  const { engine, both_sample_ratio: sampleRatio, budget } = config.policy;
  return {
    engine,
    sampleRatio,
    limits: {
      ...DEFAULT_LIMITS,
      stepsMax: budget.steps,
      valuesMax: budget.values,
      bytesMax: budget.bytes,
    },
    requiredEntrypoints: requiredEntrypoints(config),
  };
}

/** Every rule that any route may ask; a bundle without one of them does not start. */
function requiredEntrypoints(config: Config): readonly string[] {
  const named = config.routes.map((route) => route.policy).filter((name) => name !== undefined);
  return [...new Set([...Object.values(config.policy.entrypoints), ...named])];
}

/** Names of the settings in use that weaken the service. */
export function insecureSettings(config: Config): readonly string[] {
  const { issuers } = config.identity;
  return [
    ["policy.insecure_unsigned_bundle", config.policy.insecure_unsigned_bundle] as const,
    ["revocation.insecure_unsigned_file", config.revocation.insecure_unsigned_file] as const,
    [
      "identity.issuers[].accept_missing_iss",
      issuers.some((issuer) => issuer.accept_missing_iss),
    ] as const,
    [
      "identity.issuers[].shared_subjects",
      issuers.some((issuer) => issuer.shared_subjects),
    ] as const,
  ].flatMap(([name, isUsed]) => (isUsed ? [name] : []));
}
