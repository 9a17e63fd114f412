/** What the parts would tell a scrape, with small numbers that can be told apart. */
import type { Registry } from "../../src/domain/registry.ts";
import type { Readings, ServiceFacts } from "../../src/observability/readings.ts";
import { registryAgent, resource } from "./samples.ts";

function registry(servers: readonly string[]): Registry {
  return {
    revision: "d1",
    serverNames: new Set(servers),
    resolve: () => resource(),
    agent: (id) => registryAgent({ id, type: id === "worker-1" ? "worker" : null }),
  };
}

export function readings(servers: readonly string[] = ["demo"]): Readings {
  const known = registry(servers);
  return {
    decisionCache: () => ({ entries: 3, bytes: 900, hits: 5, misses: 2, evictions: 1 }),
    tokenCache: () => ({ entries: 4, hits: 7, misses: 6, evictions: 0 }),
    tokens: () => ({
      checks: new Map([
        ["accepted", 30],
        ["key_unknown", 4],
      ]),
      verificationsInFlight: 5,
      verificationsWaiting: 1,
      clockJumps: 1,
    }),
    issuers: () => [
      {
        issuer: "https://idp.example",
        ageMs: 1_500,
        active: 2,
        leaving: 1,
        refreshes: new Map([
          ["ok", 9],
          ["timeout", 2],
        ]),
        rejected: new Map([["roca", 1]]),
      },
    ],
    checksInFlight: () => 2,
    audit: () => ({
      queued: 8,
      queuedBytes: 8_000,
      written: 90,
      droppedByCause: { queue_records: 1, shutdown: 0 },
      sinkErrors: 2,
    }),
    policy: () => ({
      revision: "p1",
      loadedUnixMs: 1_764_000_000_500,
      entrypoints: 2,
      comparisons: { same: 40, different: 0, skipped: 1, dropped: 2 },
    }),
    registry: () => known,
    revocation: () => ({
      entries: 12,
      sequence: 34,
      ageS: 1.5,
      hitsByKind: new Map([["jti", 3]]),
      faultsByCause: new Map([["signature", 1]]),
      isStoreConnected: true,
    }),
    isReady: () => true,
  };
}

export function facts(): ServiceFacts {
  return {
    version: "0.1.0",
    runtime: "node 24.21.0",
    implementation: "typescript",
    rollout: { feature: "sark_authz", percent: 100 },
    insecureSettings: ["policy.insecure_unsigned_bundle"],
  };
}
