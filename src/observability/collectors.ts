/**
 * Where the samples of each metric come from. The compiler sees to it that every metric of the table
 * is here.
 *
 * @module
 */
import { EVENT_TYPES } from "../domain/event-type.ts";
import { DENY_REASONS, ERROR_REASONS } from "../domain/reasons.ts";
import { SOURCES } from "../domain/record.ts";
import type { CheckCounters } from "./check-counters.ts";
import { identityCollectors } from "./identity-collectors.ts";
import { ACTIONS, AGENT_TYPE_LABELS, DECISIONS, REASONS } from "./labels.ts";
import type { MetricName } from "./metric-table.ts";
import type { CacheReading, Readings, RevocationReading, ServiceFacts } from "./readings.ts";
import { counted, observed, type Sample, single } from "./samples.ts";

export type Collectors = Readonly<Record<MetricName, () => Sample[]>>;

export interface Counted {
  readonly checks: CheckCounters;
  readonly readings: Readings;
  readonly facts: ServiceFacts;
}

/** The one way in so far; the HTTP doors get their own value. */
const DOOR = "ext_authz";
const decision = { label: "decision", values: DECISIONS };
const source = { label: "source", values: SOURCES };

export function collectors(from: Counted): Collectors {
  return {
    ...checkCollectors(from),
    ...stateCollectors(from),
    ...identityCollectors(from.readings),
    ...revocationCollectors(from),
    ...engineCollectors(from),
    ...sarkCollectors(from),
  };
}

function checkCollectors({ checks, readings }: Counted) {
  const name = "sark_authz_check_duration_seconds";
  return {
    sark_authz_checks_total: () =>
      counted(checks.checks, [{ label: "door", values: [DOOR] }, decision, source]),
    sark_authz_refusals_total: () => byReason(checks, DENY_REASONS),
    sark_authz_errors_total: () => byReason(checks, ERROR_REASONS),
    [name]: () => observed(name, checks.durations, source),
    sark_authz_cancelled_checks_total: () => single(checks.cancelled),
    sark_authz_shed_total: () => single(reasonCount(checks, "engine.overloaded")),
    sark_authz_inflight_checks: () => single(readings.checksInFlight()),
    sark_authz_defects_total: () => single(checks.defects),
  } as const satisfies Partial<Collectors>;
}

function stateCollectors({ readings, facts }: Counted) {
  return {
    sark_authz_cache_entries: () => byCache(readings, ({ entries }) => entries),
    sark_authz_cache_bytes: () => byCache(readings, ({ bytes }) => bytes),
    sark_authz_cache_hits_total: () => byCache(readings, ({ hits }) => hits),
    sark_authz_cache_misses_total: () => byCache(readings, ({ misses }) => misses),
    sark_authz_cache_evictions_total: () => byCache(readings, ({ evictions }) => evictions),
    sark_authz_policy_info: () => policyInfo(readings),
    sark_authz_policy_loaded_timestamp_seconds: () => {
      const policy = readings.policy();
      return policy === undefined ? [] : single(policy.loadedUnixMs / 1_000);
    },
    sark_authz_policy_comparisons_total: () =>
      Object.entries(readings.policy()?.comparisons ?? {}).map(([result, value]) => ({
        labels: { result },
        value,
      })),
    sark_authz_audit_queue_records: () => single(readings.audit().queued),
    sark_authz_audit_queue_bytes: () => single(readings.audit().queuedBytes),
    sark_authz_audit_written_total: () => single(readings.audit().written),
    sark_authz_audit_dropped_total: () =>
      Object.entries(readings.audit().droppedByCause).map(([cause, value]) => ({
        labels: { cause },
        value,
      })),
    sark_authz_audit_sink_errors_total: () => single(readings.audit().sinkErrors),
    sark_authz_ready: () => single(readings.isReady() ? 1 : 0),
    sark_authz_insecure_setting: () =>
      facts.insecureSettings.map((setting) => ({ labels: { setting }, value: 1 })),
    sark_authz_build_info: () => [
      { labels: { version: facts.version, runtime: facts.runtime }, value: 1 },
    ],
  } as const satisfies Partial<Collectors>;
}

function revocationCollectors({ readings }: Counted) {
  const of = (samples: (reading: RevocationReading) => Sample[]) => () => {
    const reading = readings.revocation();
    return reading === undefined ? [] : samples(reading);
  };
  return {
    sark_authz_revocation_age_seconds: of(({ ageS }) =>
      Number.isFinite(ageS) ? single(ageS) : [],
    ),
    sark_authz_revocation_entries: of(({ entries }) => single(entries)),
    sark_authz_revocation_sequence: of(({ sequence }) => single(sequence)),
    sark_authz_revocation_hits_total: of(({ hitsByKind }) =>
      Array.from(hitsByKind, ([kind, value]) => ({ labels: { kind }, value })),
    ),
    sark_authz_revocation_faults_total: of(({ faultsByCause }) =>
      Array.from(faultsByCause, ([cause, value]) => ({ labels: { cause }, value })),
    ),
    sark_authz_store_connected: of(({ isStoreConnected }) =>
      isStoreConnected === undefined ? [] : single(isStoreConnected ? 1 : 0),
    ),
  } as const satisfies Partial<Collectors>;
}

function engineCollectors({ checks, readings, facts }: Counted) {
  const { implementation } = facts;
  const name = "opa_evaluation_duration_seconds";
  const evaluated = { label: "implementation", values: [implementation] };
  return {
    [name]: () => observed(name, checks.evaluations, evaluated),
    opa_evaluations_total: () => [
      { labels: { implementation }, value: checks.evaluations.figures(0).count },
    ],
    opa_evaluation_total: () =>
      DECISIONS.map((result, slot) => ({
        labels: { implementation, result },
        value: checks.checks.count(slot * SOURCES.length + SOURCES.indexOf("policy")),
      })).filter(({ value }) => value > 0),
    opa_evaluation_errors_total: () => [
      errorSample({ implementation }, "timeout", reasonCount(checks, "engine.deadline")),
      errorSample({ implementation }, "evaluation", reasonCount(checks, "engine.unavailable")),
    ],
    opa_rust_errors_total: () => [
      errorSample({}, "evaluation", reasonCount(checks, "engine.unavailable")),
      errorSample({}, "internal", reasonCount(checks, "check.internal")),
    ],
    cache_operations_total: () => {
      const { hits, misses } = readings.decisionCache();
      const labels = { implementation, operation: "get" };
      return [
        { labels: { ...labels, result: "hit" }, value: hits },
        { labels: { ...labels, result: "miss" }, value: misses },
      ];
    },
    rust_cache_size_entries: () => single(readings.decisionCache().entries),
    rust_cache_size_bytes: () => single(readings.decisionCache().bytes ?? 0),
    rust_opa_policies_loaded: () => single(readings.policy()?.entrypoints ?? 0),
  } as const satisfies Partial<Collectors>;
}

function sarkCollectors({ checks, facts }: Counted) {
  const { implementation, rollout } = facts;
  const { feature } = rollout;
  const name = "sark_gateway_authz_latency_seconds";
  return {
    feature_flag_assignments_total: () => [
      { labels: { feature, implementation }, value: checks.assignments.count(0) },
      { labels: { feature, implementation: "python" }, value: checks.assignments.count(1) },
    ],
    feature_flag_rollout_percentage: () => [{ labels: { feature }, value: rollout.percent }],
    sark_gateway_authz_requests_total: () =>
      counted(checks.gateway, [
        decision,
        { label: "action", values: ACTIONS },
        { label: "server", values: checks.servers.names() },
      ]),
    [name]: () => observed(name, checks.gatewayDurations, { label: "action", values: ACTIONS }),
    sark_gateway_cache_hits_total: () => single(bySource(checks, "cache")),
    sark_gateway_cache_misses_total: () => single(bySource(checks, "policy")),
    sark_a2a_authz_requests_total: () =>
      counted(checks.agents, [
        decision,
        { label: "source_type", values: AGENT_TYPE_LABELS },
        { label: "target_type", values: AGENT_TYPE_LABELS },
      ]),
    sark_gateway_audit_events_total: () =>
      counted(checks.events, [{ label: "event_type", values: EVENT_TYPES }, decision]),
  } as const satisfies Partial<Collectors>;
}

function byReason(checks: CheckCounters, reasons: readonly (typeof REASONS)[number][]): Sample[] {
  return reasons
    .map((reason) => ({ labels: { reason }, value: reasonCount(checks, reason) }))
    .filter(({ value }) => value > 0);
}

function reasonCount(checks: CheckCounters, reason: (typeof REASONS)[number]): number {
  return checks.reasons.count(REASONS.indexOf(reason));
}

function bySource(checks: CheckCounters, name: (typeof SOURCES)[number]): number {
  return checks.durations.figures(SOURCES.indexOf(name)).count;
}

function errorSample(labels: Readonly<Record<string, string>>, errorType: string, value: number) {
  return { labels: { ...labels, error_type: errorType }, value };
}

function byCache(
  readings: Readings,
  figure: (reading: CacheReading) => number | undefined,
): Sample[] {
  const samples: Sample[] = [];
  for (const [cache, read] of [
    ["decision", readings.decisionCache],
    ["token", readings.tokenCache],
  ] as const) {
    const value = figure(read());
    if (value !== undefined) samples.push({ labels: { cache }, value });
  }
  return samples;
}

function policyInfo(readings: Readings): Sample[] {
  const policy = readings.policy();
  if (policy === undefined) return [];
  const labels = {
    policy_revision: policy.revision,
    data_revision: readings.registry().revision,
  };
  return [{ labels, value: 1 }];
}
