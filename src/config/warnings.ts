/**
 * What an operator should know of a valid configuration: insecure settings, and settings that count
 * for less than they say.
 *
 * @module
 */
import { isLoopback, readListenAddress } from "./listen-address.ts";
import type { Config } from "./schema.ts";

/** An answer that was given must be forgotten about as fast as a revocation would be. */
const TTL_WITHOUT_REVOCATION_SECONDS_MAX = 60;

/** Longest life of a stored allow. */
export function allowTtlSecondsMax(config: Config): number {
  if (config.revocation.source !== "none") return config.cache.ttl_max_seconds;
  return Math.min(config.cache.ttl_max_seconds, TTL_WITHOUT_REVOCATION_SECONDS_MAX);
}

export function configWarnings(config: Config): readonly string[] {
  const warnings: string[] = [];
  if (config.policy.insecure_unsigned_bundle) {
    warnings.push("policy.insecure_unsigned_bundle: whoever can write the bundle file decides");
  }
  if (config.revocation.insecure_unsigned_file) {
    warnings.push(
      "revocation.insecure_unsigned_file: whoever can write the list lifts any revocation",
    );
  }
  const redis = readListenAddress(config.redis.address ?? "");
  if (redis?.kind === "tcp" && !config.redis.tls && !isLoopback(redis.host)) {
    warnings.push("redis.tls: without it the network can read ids and the password");
  }
  if (allowTtlSecondsMax(config) < config.cache.ttl_max_seconds) {
    warnings.push("cache.ttl_max_seconds: counts as 60, because there is no revocation list");
  }
  for (const { issuer, accept_missing_iss, shared_subjects } of config.identity.issuers) {
    if (accept_missing_iss) {
      warnings.push(
        `identity.issuers "${issuer}": accept_missing_iss takes tokens that name nobody`,
      );
    }
    if (shared_subjects) {
      warnings.push(
        `identity.issuers "${issuer}": shared_subjects lets others speak for its users`,
      );
    }
  }
  for (const route of config.routes) {
    if (route.mode === "observe") {
      warnings.push(`routes "${route.name}": mode observe decides and records, but refuses nobody`);
    }
  }
  return warnings;
}
