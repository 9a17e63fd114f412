/** Metrics are the documented ones, count each Check once, and have labels from closed lists only. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../../src/domain/record.ts";
import { METRICS } from "../../../src/observability/metric-table.ts";
import { Metrics } from "../../../src/observability/metrics.ts";
import { checkRecord } from "../../support/check-record.ts";
import { facts, readings } from "../../support/metric-readings.ts";
import { agent, request, resource, route } from "../../support/samples.ts";

function metrics(servers?: readonly string[]): Metrics {
  return new Metrics({ readings: readings(servers), facts: facts(), withProcess: false });
}

async function linesOf(...records: Partial<CheckRecord>[]): Promise<string[]> {
  const counted = metrics();
  for (const record of records) counted.observe(checkRecord(record));
  return (await counted.exposition()).split("\n");
}

const LINE =
  /^([a-z_][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?[0-9][0-9.e+-]*|\+Inf)$/;

interface Family {
  type: string;
  readonly help: string;
  readonly samples: string[];
}

/** What promtool would look at: each family once, described, and its samples directly below. */
function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let name = "";
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, word, subject = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === "HELP") {
      if (families.has(subject)) throw new Error(`twice: ${subject}`);
      families.set(subject, { type: "", help: rest, samples: [] });
      name = subject;
      continue;
    }
    const family = families.get(name);
    if (family === undefined) throw new Error(`not described: ${line}`);
    if (word === "TYPE") family.type = rest;
    else family.samples.push(sampleOf(name, line));
  }
  return families;
}

function sampleOf(name: string, line: string): string {
  const sample = LINE.exec(line)?.[1];
  if (sample !== name && sample?.replace(/_(bucket|sum|count)$/, "") !== name) {
    throw new Error(`not a sample of ${name}: ${line}`);
  }
  return line;
}

function documented(): [string, string, string, string][] {
  const page = readFileSync("docs/reference/metrics.md", "utf8");
  const rows = page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \| (.*) \| (.*) \|$/gm);
  return [...rows].map(([, name = "", type = "", labels = "", help = ""]) => [
    name,
    type,
    labels.replaceAll("`", ""),
    help,
  ]);
}

describe("documentation", () => {
  it("has a row for each metric and no other row", () => {
    const table = Object.entries(METRICS).map(([name, { type, labels, help }]) => [
      name,
      type,
      labels.join(", ") || "-",
      help,
    ]);
    expect(documented()).toEqual(table);
  });
});

describe("exposition", () => {
  it("is well-formed and holds the metrics of the table with their labels", async () => {
    const counted = metrics();
    counted.observe(checkRecord({ source: "policy", evaluationMs: 0.4 }));
    counted.observe(checkRecord({ effect: "deny", reason: "policy.denied" }));
    counted.observe(checkRecord({ effect: "error", reason: "engine.deadline" }));
    const agentMessage = {
      sourceAgentId: "planner",
      targetAgentId: "worker-1",
      capability: "query",
      targetEnvironment: "",
      claimedDelegationDepth: 0,
    } as const;
    counted.observe(checkRecord({ request: request({ agentMessage }), principal: agent() }));
    const families = parse(await counted.exposition());
    expect([...families.keys()]).toEqual(Object.keys(METRICS));
    for (const [name, { type, labels, help }] of Object.entries(METRICS)) {
      const family = families.get(name);
      expect({ name, type: family?.type, help: family?.help }).toEqual({ name, type, help });
      expect(family?.samples.length, name).toBeGreaterThan(0);
      for (const sample of family?.samples ?? []) {
        const found = [...sample.matchAll(/([a-z_]+)="/g)].map((match) => match[1]);
        expect(found.filter((label) => label !== "le")).toEqual(labels);
      }
    }
  });

  it("names its content type", () => {
    expect(metrics().contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("has names as promtool wants them", () => {
    for (const [name, { type }] of Object.entries(METRICS)) {
      expect(name.endsWith("_total"), name).toBe(type === "counter");
    }
  });

  it("adds the process when asked to", async () => {
    const options = { readings: readings(), facts: facts(), withProcess: true };
    const text = await new Metrics(options).exposition();
    expect(text).toContain("process_resident_memory_bytes ");
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds ");
  });
});

describe("observe", () => {
  it("counts a Check once under decision, source, duration, reason and event", async () => {
    const lines = await linesOf(
      { durationMs: 0.03 },
      { durationMs: 0.3, source: "policy", evaluationMs: 0.2 },
      { effect: "deny", reason: "policy.denied", source: "policy", evaluationMs: 0.2 },
      { effect: "deny", reason: "identity.expired", source: "none", principal: undefined },
      { effect: "deferred", reason: "rollout.deferred", source: "rollout" },
      { effect: "error", reason: "engine.overloaded", source: "none", principal: undefined },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'sark_authz_checks_total{door="ext_authz",decision="allow",source="cache"} 1',
        'sark_authz_checks_total{door="ext_authz",decision="allow",source="policy"} 1',
        'sark_authz_checks_total{door="ext_authz",decision="deny",source="none"} 1',
        'sark_authz_refusals_total{reason="identity.expired"} 1',
        'sark_authz_refusals_total{reason="policy.denied"} 1',
        'sark_authz_errors_total{reason="engine.overloaded"} 1',
        "sark_authz_shed_total 1",
        'sark_authz_check_duration_seconds_bucket{le="0.000025",source="cache"} 0',
        'sark_authz_check_duration_seconds_bucket{le="0.00005",source="cache"} 1',
        'sark_authz_check_duration_seconds_bucket{le="+Inf",source="policy"} 2',
        'opa_evaluations_total{implementation="typescript"} 2',
        'opa_evaluation_total{implementation="typescript",result="deny"} 1',
        'feature_flag_assignments_total{feature="sark_authz",implementation="typescript"} 3',
        'feature_flag_assignments_total{feature="sark_authz",implementation="python"} 1',
        "sark_gateway_cache_hits_total 1",
        "sark_gateway_cache_misses_total 2",
        'sark_gateway_audit_events_total{event_type="tool_invoke",decision="allow"} 2',
      ]),
    );
  });

  it("counts defects, cancelled Checks and Checks of which nothing is known", async () => {
    const nothing = { route: undefined, request: undefined, resource: undefined };
    const counted = metrics();
    counted.observe(checkRecord({ ...nothing, isCancelled: true, defect: new Error("x") }));
    counted.countDefect();
    const lines = (await counted.exposition()).split("\n");
    expect(lines).toContain("sark_authz_defects_total 2");
    expect(lines).toContain("sark_authz_cancelled_checks_total 1");
    expect(lines.filter((line) => line.startsWith("sark_gateway_authz_requests_total"))).toEqual(
      [],
    );
  });

  it("reads the figures of the other parts at the scrape", async () => {
    const lines = await linesOf();
    expect(lines).toEqual(
      expect.arrayContaining([
        'sark_authz_cache_entries{cache="decision"} 3',
        'sark_authz_cache_hits_total{cache="token"} 7',
        'cache_operations_total{implementation="typescript",operation="get",result="miss"} 2',
        "rust_cache_size_bytes 900",
        'sark_authz_jwks_age_seconds{issuer="https://idp.example"} 1.5',
        'sark_authz_jwks_keys{issuer="https://idp.example",state="leaving"} 1',
        'sark_authz_jwks_refresh_total{issuer="https://idp.example",result="timeout"} 2',
        'sark_authz_jwks_rejected_keys_total{issuer="https://idp.example",rule="roca"} 1',
        'sark_authz_token_checks_total{result="key_unknown"} 4',
        "sark_authz_inflight_verifications 5",
        "sark_authz_inflight_checks 2",
        "sark_authz_audit_queue_records 8",
        'sark_authz_audit_dropped_total{cause="queue_records"} 1',
        'sark_authz_policy_info{policy_revision="p1",data_revision="d1"} 1',
        "sark_authz_policy_loaded_timestamp_seconds 1764000000.5",
        'sark_authz_insecure_setting{setting="policy.insecure_unsigned_bundle"} 1',
        'feature_flag_rollout_percentage{feature="sark_authz"} 100',
      ]),
    );
    expect(lines.filter((line) => line.includes('cache_bytes{cache="token"'))).toEqual([]);
  });
});

describe("labels", () => {
  it("puts servers, actions and agents outside the lists under one value", async () => {
    const named = (server: string, action: string) => ({
      resource: resource({ server }),
      request: request({ action }),
    });
    const lines = await linesOf(
      named("demo", "gateway:tool:invoke"),
      named("made-up", "gateway:tool:invoke"),
      named("made-up-too", "made:up"),
      {
        request: request({ action: "http:read" }),
        route: route({ surface: "http" }),
        resource: undefined,
      },
    );
    expect(lines.filter((line) => line.startsWith("sark_gateway_authz_requests_total"))).toEqual([
      'sark_gateway_authz_requests_total{decision="allow",action="gateway:tool:invoke",server="demo"} 1',
      'sark_gateway_authz_requests_total{decision="allow",action="gateway:tool:invoke",server="other"} 1',
      'sark_gateway_authz_requests_total{decision="allow",action="http:read",server="demo"} 1',
      'sark_gateway_authz_requests_total{decision="allow",action="other",server="other"} 1',
    ]);
  });

  it("bounds the servers with a series of their own", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `server-${index}`);
    const counted = metrics(names);
    for (const server of names) counted.observe(checkRecord({ resource: resource({ server }) }));
    const text = await counted.exposition();
    const series = text.match(/^sark_gateway_authz_requests_total\{.*$/gm) ?? [];
    expect(series).toHaveLength(51);
    expect(series.at(-1)).toContain('server="other"} 150');
  });

  it("names the kinds of both agents", async () => {
    const agentMessage = {
      sourceAgentId: "planner",
      targetAgentId: "nobody",
      capability: "query",
      targetEnvironment: "",
      claimedDelegationDepth: 0,
    } as const;
    const to = (targetAgentId: string) =>
      request({ agentMessage: { ...agentMessage, targetAgentId } });
    const lines = await linesOf(
      { request: to("worker-1"), principal: agent() },
      { request: to("nobody"), principal: undefined, effect: "deny", reason: "a2a.capability" },
    );
    expect(lines.filter((line) => line.startsWith("sark_a2a_authz_requests_total"))).toEqual([
      'sark_a2a_authz_requests_total{decision="allow",source_type="orchestrator",target_type="worker"} 1',
      'sark_a2a_authz_requests_total{decision="deny",source_type="unknown",target_type="unknown"} 1',
    ]);
  });
});
