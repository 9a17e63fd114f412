/** A configuration file with one fault gives one message: file, line, column, key and remedy. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { ConfigError } from "../../../src/domain/errors.ts";

const FOLDER = "test/fixtures/config";

/** File without `.yaml`, then what stands after its name. */
const FAULTS: readonly (readonly [string, string])[] = [
  ["admin-not-yet", "7:18 listen.admin: the admin listener is not supported yet; leave it out"],
  [
    "a2a-without-agent",
    "2:5 routes[0].agent_id: is needed with surface a2a: it names the agent behind the route",
  ],
  [
    "agent-on-http",
    "2:53 routes[0].principals: agents are accepted on mcp, a2a and authorize-a2a only",
  ],
  ["alias", "7:11 anchors are not supported; write the value out"],
  [
    "audience-of-nobody",
    "2:51 routes[0].audience: no issuer lists this audience, so no token could ever be accepted here",
  ],
  ["audience-of-wrong-type", "5:60 identity.issuers[0].audience: must be a text"],
  ["bad-address", "7:18 listen.check: must be a text"],
  ["bad-metrics-address", "7:20 listen.metrics: must be host:port or [ipv6]:port"],
  [
    "bad-route-name",
    "2:13 routes[0].name: must be 1-64 characters of a-z, 0-9, dot, underscore, hyphen",
  ],
  [
    "bad-scope-action",
    "2:51 routes[0].scopes.Invoke: must be an action such as gateway:tool:invoke",
  ],
  ["bodiless-mcp", "2:61 routes[0].body: surface mcp is decided by its body"],
  [
    "cors-without-options",
    "2:48 routes[0].match.methods: must name OPTIONS where cors is set: preflights use it",
  ],
  ["budget-too-small", "6:83 policy.budget.steps: must be at least 1000"],
  ["sample-above-one", "6:99 policy.both_sample_ratio: must be a number from 0 to 1"],
  ["connect-method", "2:49 routes[0].match.methods[0]: CONNECT and TRACE are never served"],
  ["doors-not-yet", "7:18 listen.doors: HTTP doors are not supported yet; leave it out"],
  ["empty-section", "7:7 cache: must be a section of keys"],
  [
    "equal-matches",
    "3:25 routes[1].match: some requests match routes[0] just as well; make path, methods or hosts differ",
  ],
  ["file-sink-without-file", "7:8 audit.file: is needed with sink file"],
  ["file-without-file-sink", "7:16 audit.file: is only used with sink file; set sink or remove it"],
  ["forgotten-unit", '7:10 cache.cleanup: unknown key; did you mean "cleanup_seconds"?'],
  [
    "host-with-default-port",
    "2:47 routes[0].match.hosts[0]: must be a lower-case host, with a port only if it is not 80 or 443",
  ],
  ["list-at-top", "1:1 (whole file): must be a section of keys"],
  ["lower-case-method", "2:49 routes[0].match.methods[0]: must be an upper-case HTTP method"],
  [
    "headers-unverified",
    "2:67 routes[0].mcp_source: headers needs mcp.header_verifier: somebody must compare them with the body",
  ],
  ["mcp-section-on-http", "2:46 routes[0].mcp: only allowed with surface mcp"],
  [
    "message-below-body",
    "7:26 limits.message_bytes: must be above body_bytes + 262144: headers travel in the same message",
  ],
  [
    "metadata-url-elsewhere",
    "8:30 routes[0].mcp.resource_metadata_url: its path must be /.well-known/oauth-protected-resource and the path of the audience; leave it out and it is",
  ],
  [
    "metadata-without-audience",
    "2:5 routes[0].audience: is needed with mcp.authorization_servers: the https URL of this MCP server without query or fragment, host in lower case",
  ],
  [
    "migration-forwards",
    "2:47 routes[0].mode: migration is supported on surface sark only: a forwarded request would need a signed assertion",
  ],
  [
    "mtls-over-tcp",
    "2:54 routes[0].mtls: needs listen.check on unix:/path: over TCP anybody could name a workload",
  ],
  [
    "mtls-without-workloads",
    "2:54 routes[0].mtls: identity.workloads is empty, so no peer could ever be accepted here",
  ],
  ["missing-bundle", "6:9 policy.bundle: is missing"],
  ["missing-policy", "1:1 policy: is missing"],
  ["misspelled-key", '7:10 cache.entris_max: unknown key; did you mean "entries_max"?'],
  ["no-routes", "1:9 routes: must list at least 1"],
  [
    "path-not-canonical",
    "2:33 routes[0].match.path: must be a canonical path: no //, dot segments, query or needless escapes",
  ],
  [
    "semicolon-not-allowed",
    "2:25 routes[0].match: a semicolon in the path needs path_allow: [semicolon]",
  ],
  [
    "prefix-ends-in-slash",
    "2:40 routes[0].match.path_prefix: must be a canonical path that does not end in /",
  ],
  ["prototype-key", "7:8 this key is reserved"],
  ["repeated-key", "8:1 the key is repeated"],
  ["repeated-name", "3:13 routes[1].name: the name is used twice"],
  ["route-key-not-yet", "2:41 routes[0].assertion: not supported yet; leave it out"],
  [
    "sark-on-other-path",
    "2:25 routes[0].match: surface sark needs an exact path that ends in /authorize or /authorize-a2a",
  ],
  [
    "socket-mode-without-quotes",
    '7:30 listen.check_socket_mode: must be four octal digits in quotes, such as "0660"',
  ],
  ["store-not-yet", "7:19 rollout.store: this value is not supported yet; must be static"],
  [
    "symmetric-algorithm",
    "5:82 identity.issuers[0].algorithms: must be [HS256] with shared_secret_file, and asymmetric otherwise",
  ],
  ["tab-indentation", "8:1 indentation must be spaces, not tabs"],
  ["tag", "7:6 tags are not supported"],
  ["too-large", "7:21 rollout.percent: must be at most 100"],
  ["too-small", "7:23 cache.entries_max: must be at least 1"],
  ["transport-not-yet", "7:12 transport: this value is not supported yet; must be grpc-js"],
  ["two-documents", "7:1 only one document is read; remove the second one"],
  ["two-matches-in-one", "2:25 routes[0].match: needs exactly one of path and path_prefix"],
  ["unclosed-bracket", "8:1 wrong indentation, or a bracket is not closed"],
  [
    "unknown-section",
    "7:1 telemetry: unknown key; known here: listen, transport, limits, routes, identity, revocation, redis, policy, registry, cache, rollout, audit, log, shutdown",
  ],
  [
    "unsigned-not-accepted",
    "6:9 policy.insecure_unsigned_bundle: signed bundles are not supported yet; true accepts one on the strength of its file mode",
  ],
  ["user-on-a2a", "2:78 routes[0].principals: between agents only agents are accepted"],
  [
    "wide-check-listener",
    "7:18 listen.check: beyond loopback needs TLS, which is not supported yet; use unix:/path or 127.0.0.1:port",
  ],
  ["work-hours-reversed", "6:96 policy.work_hours.end: must be after start"],
  [
    "workload-pattern",
    "6:15 identity.workloads[0]: must be a SPIFFE id (spiffe://trust-domain/path) or a DNS name; there are no patterns",
  ],
  [
    "wrong-choice",
    '7:15 log.level: must be one of debug, info, warn, error, silent; did you mean "info"?',
  ],
  [
    "unknown-operation",
    "6:30 routes[0].a2a.capability_map.SendMesage: must be an A2A operation such as SendMessage",
  ],
  ["wrong-type", "7:21 limits.check_ms: must be a whole number"],
];

function problemsOf(name: string): readonly string[] {
  const file = `${name}.yaml`;
  try {
    parseConfig(readFileSync(`${FOLDER}/${file}`, "utf8"), file, {});
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems;
    throw thrown;
  }
  return [];
}

it.each(FAULTS)("names the fault of %s", (name, message) => {
  expect(problemsOf(name)).toEqual([`${name}.yaml:${message}`]);
});

const GOOD = ["complete", "minimal", "unused-port"];

it.each(GOOD)("finds nothing wrong in %s", (name) => {
  expect(problemsOf(name)).toEqual([]);
});

it("knows every fixture", () => {
  const known = [...FAULTS.map(([name]) => name), ...GOOD].map((name) => `${name}.yaml`);
  expect(readdirSync(FOLDER).sort()).toEqual(known.sort());
});
