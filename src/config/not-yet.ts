/**
 * What the documentation of SARK's route keys names and this version does not do. It is refused by
 * name, so that nobody believes in a protection that is not there.
 *
 * @module
 */

const KEYS: ReadonlySet<string> = new Set([
  "identity.issuers[].accept_missing_iss",
  "identity.issuers[].claims_to_policy",
  "identity.issuers[].shared_secret_file",
  "identity.issuers[].shared_subjects",
  "policy.signing",
  "routes[].a2a",
  "routes[].agent_id",
  "routes[].assertion",
  "routes[].cors",
  "routes[].mcp.accept_versions",
  "routes[].mcp.scopes",
  "routes[].mcp.sessions",
  "routes[].mtls",
  "routes[].path_allow",
]);

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "policy.engine": ["plan", "both"],
  "rollout.store": ["file", "redis"],
  "routes[].mcp_source": ["metadata", "both", "headers"],
  "routes[].principals[]": ["api_key"],
  "routes[].surface": ["a2a"],
  transport: ["http2"],
};

/** `path` with `[]` for every index. */
export function isKeyNotYet(path: string): boolean {
  return KEYS.has(path);
}

export function isValueNotYet(path: string, value: unknown): boolean {
  return typeof value === "string" && (VALUES[path]?.includes(value) ?? false);
}
