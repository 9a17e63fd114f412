/**
 * What the documentation of SARK's route keys names and this version does not do. It is refused by
 * name, so that nobody believes in a protection that is not there.
 *
 * @module
 */

const KEYS: ReadonlySet<string> = new Set(["policy.signing", "routes[].assertion"]);

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "rollout.store": ["file", "redis"],
  transport: ["http2"],
};

/** `path` with `[]` for every index. */
export function isKeyNotYet(path: string): boolean {
  return KEYS.has(path);
}

export function isValueNotYet(path: string, value: unknown): boolean {
  return typeof value === "string" && (VALUES[path]?.includes(value) ?? false);
}
