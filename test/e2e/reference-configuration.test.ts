/** The reference configuration and every variant used by demo and tests are valid for the real Envoy. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { gatewayConfig, VARIANTS, type Variant } from "../../envoy/variants.ts";
import { DECISION_BODY_BYTES_MAX, DENIAL_BODY_BYTES_MAX } from "../../src/domain/limits.ts";
import { REFERENCE } from "../support/envoy.ts";
import { ENVOY, lacksEnvoy } from "../support/gateway.ts";
import { ROUTES } from "../support/sidecar-config.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "sark-envoy-"));
const reference = readFileSync(REFERENCE, "utf8");
const addresses = {
  gatewayPort: 0,
  adminPort: 0,
  sidecars: ["unix:/run/sark/a.sock", "127.0.0.1:9191"],
  upstreamPort: 8080,
  pythonPort: 8000,
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(lacksEnvoy())("envoy --mode validate", () => {
  it("accepts the file as it is in the repository", async () => {
    const { stdout, stderr } = await run(ENVOY, ["--mode", "validate", "-c", REFERENCE]);
    expect(stdout + stderr).toContain("OK");
  });

  it.each(Object.keys(VARIANTS) as Variant[])("accepts variant %s", async (variant) => {
    const file = join(folder, `${variant}.json`);
    writeFileSync(file, gatewayConfig(reference, addresses, variant));
    const { stdout, stderr } = await run(ENVOY, ["--mode", "validate", "-c", file]);
    expect(stdout + stderr).toContain("OK");
  });
});

describe("the reference file", () => {
  it("names the same routes as the sidecar's configuration", () => {
    const named = [...reference.matchAll(/sark\.route: ([a-z0-9-]+)/g)].map((match) => match[1]);
    expect(named.toSorted()).toEqual(ROUTES.map((route) => route.name).toSorted());
  });

  it("leaves room for the longest body that the sidecar sends", () => {
    const cuts = [...reference.matchAll(/max_denied_response_body_bytes: (\d+)/g)].map(numberOf);
    expect(cuts[0]).toBeGreaterThanOrEqual(DENIAL_BODY_BYTES_MAX);
    expect(cuts[1]).toBeGreaterThanOrEqual(DECISION_BODY_BYTES_MAX);
  });

  it("differs between the two filters only where failing open or closed is meant", () => {
    const text = JSON.stringify(parse(reference));
    const filters = (JSON.parse(text) as Reference).static_resources.listeners
      .flatMap((listener) => listener.filter_chains)
      .flatMap((chain) => chain.filters)
      .flatMap((filter) => filter.typed_config.http_filters);
    const [strict, migration] = filters
      .filter((filter) => filter.name.startsWith("sark.authz."))
      .map((filter) => filter.typed_config);
    const names = new Set([...Object.keys(strict ?? {}), ...Object.keys(migration ?? {})]);
    const different = [...names].filter(
      (name) => JSON.stringify(strict?.[name]) !== JSON.stringify(migration?.[name]),
    );
    expect(different.toSorted()).toEqual([
      "deny_at_disable",
      "failure_mode_allow",
      "failure_mode_allow_header_add",
      "filter_enabled",
      "include_tls_session",
      "max_denied_response_body_bytes",
      "route_metadata_context_namespaces",
      "stat_prefix",
    ]);
  });
});

interface Reference {
  readonly static_resources: {
    readonly listeners: readonly {
      readonly filter_chains: readonly {
        readonly filters: readonly {
          readonly typed_config: {
            readonly http_filters: readonly {
              readonly name: string;
              readonly typed_config: Readonly<Record<string, unknown>>;
            }[];
          };
        }[];
      }[];
    }[];
  };
}

function numberOf(match: RegExpMatchArray): number {
  return Number(match[1]);
}
