/** The configuration is checked as a whole: every problem at once, defaults filled in, no value shown. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { insecureSettings } from "../../../src/app-options.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { DOCUMENT_BYTES_MAX } from "../../../src/config/positioned-yaml.ts";
import { allowTtlSecondsMax, configWarnings } from "../../../src/config/warnings.ts";
import { ConfigError } from "../../../src/domain/errors.ts";

const MINIMAL = readFileSync("test/fixtures/config/minimal.yaml", "utf8");
const COMPLETE = readFileSync("test/fixtures/config/complete.yaml", "utf8");

function problemsOf(text: string, env: Record<string, string> = {}): readonly string[] {
  try {
    parseConfig(text, "bad.yaml", env);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems;
    throw thrown;
  }
  return [];
}

it("reports everything at once, in the order of the file, then the environment", () => {
  const text = `lisen: 3
listen: { check: 0.0.0.0:9191, metric: x, doors: 127.0.0.1:1 }
transport: http2
limits: { message_bytes: 65536, check_ms: "x" }
routes:
  - { name: A, match: { path: /a//b, methods: [get] }, mode: migraton, surface: grpc, assertion: {} }
  - { name: b, match: {}, surface: mcp }
  - 7
identity: { issuers: [{ issuer: i, kind: user, audience: 5, jwks_file: x }], clock_skew: 1 }
policy: {}
cache:
rollout: { percent: 101, store: redis }
`;
  const env = { SARK_AUTHZ_LOG__LEVEL: "inf", SARK_AUTHZ_CACHE__ENTRYS_MAX: "5" };
  expect(problemsOf(text, env)).toEqual([
    'bad.yaml:1:1 lisen: unknown key; did you mean "listen"?',
    "bad.yaml:2:18 listen.check: beyond loopback needs TLS, which is not supported yet; use unix:/path or 127.0.0.1:port",
    'bad.yaml:2:32 listen.metric: unknown key; did you mean "metrics"?',
    "bad.yaml:2:50 listen.doors: HTTP doors are not supported yet; leave it out",
    "bad.yaml:3:12 transport: this value is not supported yet; must be grpc-js",
    "bad.yaml:4:43 limits.check_ms: must be a whole number",
    "bad.yaml:6:13 routes[0].name: must be 1-64 characters of a-z, 0-9, dot, underscore, hyphen",
    "bad.yaml:6:31 routes[0].match.path: must be a canonical path: no //, dot segments, query or needless escapes",
    "bad.yaml:6:48 routes[0].match.methods[0]: must be an upper-case HTTP method",
    'bad.yaml:6:62 routes[0].mode: must be one of strict, migration, observe; did you mean "migration"?',
    "bad.yaml:6:81 routes[0].surface: must be one of mcp, a2a, sark, http",
    "bad.yaml:6:87 routes[0].assertion: not supported yet; leave it out",
    "bad.yaml:7:23 routes[1].match: needs exactly one of path and path_prefix",
    "bad.yaml:8:5 routes[2]: must be a section of keys",
    "bad.yaml:9:58 identity.issuers[0].audience: must be a text",
    'bad.yaml:9:78 identity.clock_skew: unknown key; did you mean "clock_skew_seconds"?',
    "bad.yaml:10:9 policy.bundle: is missing",
    "bad.yaml:11:7 cache: must be a section of keys",
    "bad.yaml:12:21 rollout.percent: must be at most 100",
    "bad.yaml:12:33 rollout.store: this value is not supported yet; must be static",
    'SARK_AUTHZ_LOG__LEVEL log.level: must be one of debug, info, warn, error, silent; did you mean "info"?',
    'SARK_AUTHZ_CACHE__ENTRYS_MAX cache.entrys_max: unknown key; did you mean "SARK_AUTHZ_CACHE__ENTRIES_MAX"?',
  ]);
});

it("fills in every default", () => {
  const { routes: _, identity: __, ...minimal } = parseConfig(MINIMAL, "/etc/sark/a.yaml", {});
  const {
    routes: ___,
    identity: ____,
    ...complete
  } = parseConfig(COMPLETE, "/etc/sark/a.yaml", {});
  expect({ ...minimal, policy: { ...minimal.policy, bundle: "" } }).toEqual({
    ...complete,
    policy: { ...complete.policy, bundle: "" },
  });
});

it("counts relative paths from the folder of the file", () => {
  const text = `${MINIMAL}listen: { check: "unix:run/authz.sock" }\naudit: { pepper_file: /run/pepper }\n`;
  const config = parseConfig(text, "/etc/sark/a.yaml", {});
  expect(config.policy.bundle).toBe("/etc/sark/bundle.tar.gz");
  expect(config.registry.file).toBe("/etc/sark/registry.yaml");
  expect(config.identity.issuers[0]?.jwks_file).toBe("/etc/sark/keys/users.jwks.json");
  expect(config.listen.check).toBe("unix:/etc/sark/run/authz.sock");
  expect(config.audit.pepper_file).toBe("/run/pepper");
});

it("gives a value that nobody can change", () => {
  const config = parseConfig(MINIMAL, "a.yaml", {}) as { cache: { entries_max: number } };
  expect(() => {
    config.cache.entries_max = 1;
  }).toThrow(TypeError);
});

it("never shows a value", () => {
  const canary = "c4nary-s3cret";
  const text = `listen: { check: ${canary} }
routes: [{ name: "${canary} ", match: { path: "${canary}" }, mode: ${canary}, scopes: { a:b: [${canary}é] } }]
identity: { issuers: [{ issuer: [${canary}], kind: ${canary}, audience: ["${canary}", 1] }] }
policy: ${canary}
log: { level: ${canary} }
`;
  const problems = problemsOf(text, { SARK_AUTHZ_CACHE__ENTRIES_MAX: canary });
  expect(problems.length).toBeGreaterThan(7);
  expect(problems.join("\n")).not.toContain("s3cret");
  expect(problemsOf(`log: "${canary}\nroutes: @${canary}\n`).join("\n")).not.toContain("s3cret");
});

it("refuses what is too large or too deep before it looks inside", () => {
  expect(problemsOf("#".repeat(DOCUMENT_BYTES_MAX + 1))).toEqual([
    `bad.yaml: larger than ${DOCUMENT_BYTES_MAX} bytes`,
  ]);
  expect(problemsOf("[".repeat(100_000)).length).toBeGreaterThan(0);
});

it("names what weakens the identity of callers", () => {
  const entry = (name: string, change: string) =>
    `{ issuer: ${name}, kind: user, audience: a, algorithms: [HS256], shared_secret_file: s, shared_subjects: true${change} }`;
  const issuers = `[${entry("sark-auth", ", accept_missing_iss: true")}, ${entry("other", "")}]`;
  const environment = { SARK_AUTHZ_IDENTITY__ISSUERS: issuers };
  const config = parseConfig(`${MINIMAL}\n`, "/etc/sark/a.yaml", environment);
  expect(configWarnings(config).filter((warning) => warning.startsWith("identity"))).toEqual([
    'identity.issuers "sark-auth": accept_missing_iss takes tokens that name nobody',
    'identity.issuers "sark-auth": shared_subjects lets others speak for its users',
    'identity.issuers "other": shared_subjects lets others speak for its users',
  ]);
  expect(insecureSettings(config)).toEqual([
    "policy.insecure_unsigned_bundle",
    "identity.issuers[].accept_missing_iss",
    "identity.issuers[].shared_subjects",
  ]);
  expect(config.identity.issuers[0]?.shared_secret_file).toBe("/etc/sark/s");
});

it("names what an operator should know", () => {
  const config = parseConfig(`${MINIMAL}cache: { ttl_max_seconds: 300 }\n`, "a.yaml", {});
  expect(configWarnings(config)).toEqual([
    "policy.insecure_unsigned_bundle: whoever can write the bundle file decides",
    "cache.ttl_max_seconds: counts as 60, because there is no revocation list",
  ]);
  expect(allowTtlSecondsMax(config)).toBe(60);
});
