/**
 * Configuration → the options of the parts. Pure.
 *
 * @module
 */
import type { CheckOptions } from "./check/check-state.ts";
import { readListenAddress } from "./config/listen-address.ts";
import type { Config } from "./config/schema.ts";
import { allowTtlSecondsMax } from "./config/warnings.ts";
import type { ListenAddress } from "./transport/transport.ts";

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

/** Every rule that any route may ask; a bundle without one of them does not start. */
export function requiredEntrypoints(config: Config): readonly string[] {
  const named = config.routes.map((route) => route.policy).filter((name) => name !== undefined);
  return [...new Set([...Object.values(config.policy.entrypoints), ...named])];
}

/** Names of the settings in use that weaken the service. */
export function insecureSettings(config: Config): readonly string[] {
  const names: string[] = [];
  if (config.policy.insecure_unsigned_bundle) names.push("policy.insecure_unsigned_bundle");
  if (config.revocation.insecure_unsigned_file) names.push("revocation.insecure_unsigned_file");
  return names;
}
