/** The environment overrides the file, key by key, and a problem names the variable. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isServiceLink, variableName } from "../../../src/config/environment.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { ConfigError } from "../../../src/domain/errors.ts";
import { configRows } from "../../../tools/config-rows.ts";

const MINIMAL = readFileSync("test/fixtures/config/minimal.yaml", "utf8");

function read(env: Record<string, string>, more = "") {
  return parseConfig(`${MINIMAL}${more}`, "/etc/a.yaml", env);
}

it("sets numbers, lists, texts and null", () => {
  const config = read(
    {
      SARK_AUTHZ_CACHE__ENTRIES_MAX: "500",
      SARK_AUTHZ_POLICY__WORK_HOURS__DAYS: "[1, 2]",
      SARK_AUTHZ_ROLLOUT__FEATURE: "007",
      SARK_AUTHZ_AUDIT__PEPPER_FILE: "null",
      SARK_AUTHZ_REGISTRY__FILE: "other.yaml",
    },
    "audit: { pepper_file: pepper }\n",
  );
  expect(config.cache.entries_max).toBe(500);
  expect(config.policy.work_hours.days).toEqual([1, 2]);
  expect(config.rollout.feature).toBe("007");
  expect(config.audit.pepper_file).toBeNull();
  expect(config.registry.file).toBe("/etc/other.yaml");
});

it("wins over the file and leaves the rest of the section", () => {
  const { cache } = read(
    { SARK_AUTHZ_CACHE__ENTRIES_MAX: "5" },
    "cache: { entries_max: 9, cleanup_seconds: 7 }\n",
  );
  expect(cache).toMatchObject({ entries_max: 5, cleanup_seconds: 7 });
});

it.each([
  ["SARK_AUTHZ_CACHE__ENTRIES_MAX", "0", "cache.entries_max: must be at least 1"],
  ["SARK_AUTHZ_CACHE__ENTRIES_MAX", "{", "cache.entries_max: must be a whole number"],
  ["SARK_AUTHZ_CACHE", "5", "cache: must be a section of keys"],
  [
    "SARK_AUTHZ_CASHE__ENTRIES_MAX",
    "5",
    'cashe.entries_max: unknown key; did you mean "SARK_AUTHZ_CACHE"?',
  ],
  ["SARK_AUTHZ_CONFIG", "5", "config: unknown key"],
  ["SARK_AUTHZ_ROUTES__0__NAME", "x", "routes.0.name: unknown key"],
  ["SARK_AUTHZ_CACHE____PROTO__", "{}", "cache..proto.: unknown key"],
])("names %s=%s", (variable, text, message) => {
  expect(() => read({ [variable]: text })).toThrow(new ConfigError([`${variable} ${message}`]));
});

it("does not read what Kubernetes writes for Services", () => {
  expect(() =>
    read({
      SARK_AUTHZ_SERVICE_HOST: "10.0.0.1",
      SARK_AUTHZ_SERVICE_PORT_GRPC: "9191",
      SARK_AUTHZ_PORT: "tcp://10.0.0.1:9191",
      SARK_AUTHZ_METRICS_PORT_9090_TCP_ADDR: "10.0.0.1",
    }),
  ).not.toThrow();
});

it("has no key that looks like one of those", () => {
  const keys = [...configRows().values()].flat().map((row) => row.split("`")[1] ?? "");
  expect(keys.length).toBeGreaterThan(50);
  expect(keys.filter((key) => isServiceLink(variableName(key.split("."))))).toEqual([]);
});
