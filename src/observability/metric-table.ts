/**
 * Every metric of the service: name, type, labels, meaning. `docs/reference/metrics.md` says the same,
 * a test compares both. Label values come from closed lists; no caller can invent one.
 *
 * @module
 */

export interface MetricShape {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

/** Names of our own. */
const OWN = {
  sark_authz_checks_total: {
    type: "counter",
    labels: ["door", "decision", "source"],
    help: "Checks answered",
  },
  sark_authz_refusals_total: {
    type: "counter",
    labels: ["reason"],
    help: "Checks refused, by what the caller caused",
  },
  sark_authz_errors_total: {
    type: "counter",
    labels: ["reason"],
    help: "Checks answered with an error, by what the service could not do",
  },
  sark_authz_check_duration_seconds: {
    type: "histogram",
    labels: ["source"],
    help: "Time from the bytes of a request to its record",
  },
  sark_authz_cancelled_checks_total: {
    type: "counter",
    labels: [],
    help: "Checks whose caller went away first",
  },
  sark_authz_shed_total: {
    type: "counter",
    labels: [],
    help: "Checks refused because too many were waiting",
  },
  sark_authz_inflight_checks: {
    type: "gauge",
    labels: [],
    help: "Checks that are being answered",
  },
  sark_authz_defects_total: {
    type: "counter",
    labels: [],
    help: "Errors nobody expected; should stay 0",
  },
  sark_authz_cache_entries: { type: "gauge", labels: ["cache"], help: "Entries held" },
  sark_authz_cache_bytes: { type: "gauge", labels: ["cache"], help: "Estimated size" },
  sark_authz_cache_hits_total: { type: "counter", labels: ["cache"], help: "Lookups that found" },
  sark_authz_cache_misses_total: {
    type: "counter",
    labels: ["cache"],
    help: "Lookups that found nothing usable",
  },
  sark_authz_cache_evictions_total: {
    type: "counter",
    labels: ["cache"],
    help: "Entries given up for room",
  },
  sark_authz_policy_info: {
    type: "gauge",
    labels: ["policy_revision", "data_revision"],
    help: "1 for the active policy and registry",
  },
  sark_authz_policy_loaded_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: "Unix time at which the active policy was loaded",
  },
  sark_authz_policy_comparisons_total: {
    type: "counter",
    labels: ["result"],
    help: "Answers of the plan that WebAssembly was to repeat; different should stay 0",
  },
  sark_authz_audit_queue_records: {
    type: "gauge",
    labels: [],
    help: "Audit records that are not written yet",
  },
  sark_authz_audit_queue_bytes: {
    type: "gauge",
    labels: [],
    help: "Size of the audit lines that are not written yet",
  },
  sark_authz_audit_written_total: {
    type: "counter",
    labels: [],
    help: "Audit records handed to the sink",
  },
  sark_authz_audit_dropped_total: {
    type: "counter",
    labels: ["cause"],
    help: "Audit records lost; should stay 0",
  },
  sark_authz_audit_sink_errors_total: {
    type: "counter",
    labels: [],
    help: "Writes that the audit sink refused",
  },
  sark_authz_revocation_age_seconds: {
    type: "gauge",
    labels: [],
    help: "Time since the revocation list in force was signed; absent without one",
  },
  sark_authz_revocation_entries: {
    type: "gauge",
    labels: [],
    help: "Entries of the revocation list in force",
  },
  sark_authz_revocation_sequence: {
    type: "gauge",
    labels: [],
    help: "Number of the revocation list in force",
  },
  sark_authz_revocation_hits_total: {
    type: "counter",
    labels: ["kind"],
    help: "Credentials refused because they were taken back",
  },
  sark_authz_revocation_faults_total: {
    type: "counter",
    labels: ["cause"],
    help: "Revocation lists that could not be read, taken or kept; the last good one stays",
  },
  sark_authz_store_connected: {
    type: "gauge",
    labels: [],
    help: "1 while the configured store can be asked",
  },
  sark_authz_ready: {
    type: "gauge",
    labels: [],
    help: "1 while the service wants to be asked",
  },
  sark_authz_insecure_setting: {
    type: "gauge",
    labels: ["setting"],
    help: "1 for each setting in use that weakens the service",
  },
  sark_authz_build_info: {
    type: "gauge",
    labels: ["version", "runtime"],
    help: "1 for the running build",
  },
} as const satisfies Record<string, MetricShape>;

/** Keys and tokens. `issuer` is the name of a configured issuer. */
const IDENTITY = {
  sark_authz_jwks_age_seconds: {
    type: "gauge",
    labels: ["issuer"],
    help: "Time since the key set of a URL was last confirmed",
  },
  sark_authz_jwks_keys: {
    type: "gauge",
    labels: ["issuer", "state"],
    help: "Keys in use",
  },
  sark_authz_jwks_refresh_total: {
    type: "counter",
    labels: ["issuer", "result"],
    help: "Attempts to load a key set",
  },
  sark_authz_jwks_rejected_keys_total: {
    type: "counter",
    labels: ["issuer", "rule"],
    help: "Keys of loaded sets that may verify nothing",
  },
  sark_authz_token_checks_total: {
    type: "counter",
    labels: ["result"],
    help: "Verifications of tokens that were not known",
  },
  sark_authz_inflight_verifications: {
    type: "gauge",
    labels: [],
    help: "Tokens that are being verified",
  },
  sark_authz_waiting_verifications: {
    type: "gauge",
    labels: [],
    help: "Tokens that wait for their verification",
  },
  sark_authz_clock_jumps_total: {
    type: "counter",
    labels: [],
    help: "Times the wall clock was set and every known token forgotten",
  },
} as const satisfies Record<string, MetricShape>;

/** Names that SARK's dashboards and alerts use, fed from the same counts. */
const SARK = {
  opa_evaluation_duration_seconds: {
    type: "histogram",
    labels: ["implementation"],
    help: "Time of one policy evaluation",
  },
  opa_evaluations_total: {
    type: "counter",
    labels: ["implementation"],
    help: "Policy evaluations",
  },
  opa_evaluation_total: {
    type: "counter",
    labels: ["implementation", "result"],
    help: "Policy evaluations by their decision",
  },
  opa_evaluation_errors_total: {
    type: "counter",
    labels: ["implementation", "error_type"],
    help: "Checks that no evaluation could decide",
  },
  opa_rust_errors_total: {
    type: "counter",
    labels: ["error_type"],
    help: "Failures of the embedded engine and its surroundings",
  },
  cache_operations_total: {
    type: "counter",
    labels: ["implementation", "operation", "result"],
    help: "Lookups in the decision cache",
  },
  rust_cache_size_entries: {
    type: "gauge",
    labels: [],
    help: "Entries of the decision cache",
  },
  rust_cache_size_bytes: {
    type: "gauge",
    labels: [],
    help: "Estimated size of the decision cache",
  },
  rust_opa_policies_loaded: {
    type: "gauge",
    labels: [],
    help: "Entrypoints of the active policy",
  },
  feature_flag_assignments_total: {
    type: "counter",
    labels: ["feature", "implementation"],
    help: "Checks of known callers by who decided",
  },
  feature_flag_rollout_percentage: {
    type: "gauge",
    labels: ["feature"],
    help: "Share of callers that this service decides for",
  },
  sark_gateway_authz_requests_total: {
    type: "counter",
    labels: ["decision", "action", "server"],
    help: "Gateway authorizations",
  },
  sark_gateway_authz_latency_seconds: {
    type: "histogram",
    labels: ["action"],
    help: "Time of a gateway authorization",
  },
  sark_gateway_cache_hits_total: {
    type: "counter",
    labels: [],
    help: "Checks answered from the decision cache",
  },
  sark_gateway_cache_misses_total: {
    type: "counter",
    labels: [],
    help: "Checks answered by an evaluation",
  },
  sark_a2a_authz_requests_total: {
    type: "counter",
    labels: ["decision", "source_type", "target_type"],
    help: "Agent-to-agent authorizations",
  },
  sark_gateway_audit_events_total: {
    type: "counter",
    labels: ["event_type", "decision"],
    help: "Audit records made",
  },
} as const satisfies Record<string, MetricShape>;

export const METRICS = { ...OWN, ...IDENTITY, ...SARK };
export type MetricName = keyof typeof METRICS;
