/** The revocation list and its store are configured whole or not at all, and never quietly unsafe. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { insecureSettings } from "../../../src/app-options.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { allowTtlSecondsMax, configWarnings } from "../../../src/config/warnings.ts";
import { ConfigError } from "../../../src/domain/errors.ts";

const MINIMAL = readFileSync("test/fixtures/config/minimal.yaml", "utf8");
const FILE = "source: file, file: list, state_file: state";
const REDIS = "source: redis, keys_file: keys, state_file: state";
const SERVER = 'redis: { address: "redis.internal:6379" }';

const parse = (revocation: string, redis = "") =>
  parseConfig(`${MINIMAL}revocation: { ${revocation} }\n${redis}\n`, "/etc/sark/a.yaml", {});

function problemsOf(revocation: string, redis?: string): string {
  try {
    parse(revocation, redis);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems.join("\n");
    throw thrown;
  }
  return "";
}

it.each([
  ["source: file, keys_file: k, state_file: s", "", /revocation\.file is needed/],
  ["source: file, file: f, keys_file: k", "", /state_file is needed/],
  [FILE, "", /keys_file is needed/],
  [`${FILE}, keys_file: k, insecure_unsigned_file: true`, "", /keys_file is not used/],
  ["keys_file: k", "", /keys_file is only used/],
  ["state_file: s", "", /state_file is only used/],
  ["file: f", "", /revocation\.file is only used/],
  ["insecure_unsigned_file: true", "", /only allowed with source file/],
  [
    "source: redis, state_file: s, insecure_unsigned_file: true",
    SERVER,
    /only allowed with source/,
  ],
  [REDIS, "", /redis needs redis\.address/],
  [`${FILE}, keys_file: k`, SERVER, /redis is only used with revocation\.source redis/],
  [REDIS, "redis: { address: redis.internal }", /host:port/],
  [REDIS, 'redis: { address: "unix:/x" }', /host:port/],
  [REDIS, 'redis: { address: "a:1", url_file: u }', /is not used with url_file/],
  [REDIS, "redis: { url_file: u, tls: true }", /rediss/],
  [REDIS, "redis: { url_file: u, username: x, password_file: p }", /is not used with url_file/],
  [REDIS, 'redis: { address: "a:1", username: x }', /only used with password_file/],
  [REDIS, 'redis: { address: "a:1", ca_file: x }', /only used with tls/],
  ["staleness: { warn_seconds: 700 }", "", /must not be below warn_seconds/],
  ["staleness: { refuse_seconds: 500 }", "", /must not be below not_ready_seconds/],
])("refuses { %s } %s", (revocation, redis, message) => {
  expect(
    problemsOf(revocation, redis)
      .replaceAll(/^.*?:\d+:\d+ /gm, "")
      .replaceAll(": ", " "),
  ).toMatch(message);
});

it("counts the TTL as written once there is a list, and as 60 s without one", () => {
  expect(allowTtlSecondsMax(parse("source: none"))).toBe(60);
  const config = parse(`${FILE}, keys_file: k`);
  expect(allowTtlSecondsMax(config)).toBe(1_800);
  expect(configWarnings(config).join()).not.toMatch(/ttl_max_seconds/);
  expect(config.revocation).toMatchObject({ file: "/etc/sark/list", keys_file: "/etc/sark/k" });
});

it("warns of a list without signature and of a server in plain text", () => {
  const unsigned = parse(`${FILE}, insecure_unsigned_file: true`);
  expect(configWarnings(unsigned).join()).toMatch(/revocation\.insecure_unsigned_file/);
  expect(insecureSettings(unsigned)).toContain("revocation.insecure_unsigned_file");
  expect(configWarnings(parse(REDIS, SERVER)).join()).toMatch(/redis\.tls/);
  for (const redis of ['{ address: "127.0.0.1:6379" }', '{ address: "a:1", tls: true }']) {
    expect(configWarnings(parse(REDIS, `redis: ${redis}`)).join()).not.toMatch(/redis/);
  }
});
