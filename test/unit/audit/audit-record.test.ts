/** One Check becomes one JSON line with the documented fields, of bounded size, without values. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EntryCapture } from "../../../src/audit/audit-entry.ts";
import { encodeRecord } from "../../../src/audit/audit-record.ts";
import { DROP_CAUSES } from "../../../src/audit/audit-trail.ts";
import type { CheckRecord } from "../../../src/domain/record.ts";
import { checkRecord } from "../../support/check-record.ts";
import { agent, request, resource, route, user } from "../../support/samples.ts";

function line(change: Partial<CheckRecord> = {}): string {
  return encodeRecord(new EntryCapture().capture(checkRecord(change)), "pod-1");
}

// biome-ignore lint/suspicious/noExplicitAny: a record is looked at by name
function record(change: Partial<CheckRecord> = {}): any {
  return JSON.parse(line(change));
}

function parameters(json: string) {
  return { bytes: Buffer.from(json), value: () => JSON.parse(json) };
}

const message = {
  sourceAgentId: "planner",
  targetAgentId: "worker-1",
  capability: "execute",
  targetEnvironment: "",
  claimedDelegationDepth: 0,
} as const;

function fieldsOf(value: Record<string, unknown>, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? [prefix + name, ...fieldsOf(member as Record<string, unknown>, `${prefix}${name}.`)]
      : [prefix + name],
  );
}

function documented(heading: string): string[] {
  const page = readFileSync("docs/reference/audit.md", "utf8");
  const section = page.slice(page.indexOf(heading)).split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([a-z0-9_.]+)` \|/gm)].map((match) => match[1] ?? "");
}

describe("encodeRecord", () => {
  it("has the documented fields and no other", () => {
    const asked = request({ parameters: parameters('{"a":1}') });
    const fields = new Set([
      ...fieldsOf(record({ request: asked })),
      ...fieldsOf(record({ principal: agent() })),
    ]);
    expect([...fields].sort()).toEqual(documented("## Fields").sort());
  });

  it("says who did what to which tool, and how it ended", () => {
    const asked = request({ parameters: parameters('{"city":"Berlin"}'), userAgent: "curl/8.5" });
    expect(record({ request: asked, parametersDigest: "ab".repeat(32) })).toMatchObject({
      event_type: "tool_invoke",
      user_id: "alice",
      agent_id: null,
      principal_type: "human",
      server_name: "demo",
      tool_name: "get_weather",
      decision: "allow",
      timestamp: 1_764_000_000,
      time_ns: "1764000000123000000",
      latency_ms: 0.043,
      gateway_request_id: "req-1",
      sequence: 1,
      instance: "pod-1",
      schema: "sark.audit/1",
      resource_id: "demo/get_weather",
      action_parameters: { digest: "ab".repeat(32), names: ["city"], names_cut: false },
      engine: "plan",
      cache_hit: true,
      user_agent: "curl/8.5",
      route: "mcp-demo",
      bucket: 63,
      success: true,
      severity: "low",
      retention_until: 1_764_000_000 + 90 * 86_400,
    });
  });

  it("tells agents from users", () => {
    const surface = route({ surface: "sark", endpoint: "authorize-a2a" });
    const asked = request({ agentMessage: message });
    expect(record({ route: surface, request: asked, principal: agent() })).toMatchObject({
      event_type: "a2a_communication",
      user_id: null,
      agent_id: "planner",
      principal_type: "agent",
      principal_attributes: { agent_type: "orchestrator", trust_level: "trusted" },
      capability: "execute",
      target_agent_id: "worker-1",
    });
  });

  it("has a complete record of a Check that could not be read", () => {
    const known = {
      route: undefined,
      request: undefined,
      principal: undefined,
      resource: undefined,
      bucket: -1,
    };
    const text = "Bad request";
    const ending = { effect: "deny", reason: "request.malformed", text, source: "none" } as const;
    const unread = record({ ...known, ...ending });
    expect(unread).toMatchObject({
      event_type: "unreadable",
      user_id: null,
      bucket: null,
      route: null,
      engine: "none",
      severity: "medium",
      reason_code: "request.malformed",
    });
    expect(Object.keys(unread)).toEqual(Object.keys(record()));
  });

  it("calls a failure of the service a failure and a refusal none", () => {
    const failed = { effect: "error", reason: "engine.unavailable" } as const;
    const refused = { effect: "deny", reason: "policy.denied" } as const;
    expect(record(failed)).toMatchObject({
      success: false,
      error_message: "engine.unavailable",
      severity: "high",
    });
    expect(record(refused)).toMatchObject({ success: true, error_message: null });
  });

  it("tells shadow and deferral from enforcement", () => {
    const watched = { effect: "deferred", route: route({ mode: "observe" }) } as const;
    expect(record(watched)).toMatchObject({ phase: "shadow", assignment: "deferred" });
    expect(record()).toMatchObject({ phase: "enforce", assignment: "enforced" });
    expect(record({ source: "rollout" })).toMatchObject({ engine: "python" });
    expect(record({ source: "policy", policyEngine: "wasm" })).toMatchObject({ engine: "wasm" });
  });

  it("names the path of an HTTP route without its query", () => {
    const asked = request({ path: "/app/orders", query: "card=4111", userAgent: "" });
    const change = {
      route: route({ surface: "http" }),
      request: asked,
      resource: resource({ type: "http", server: "app", tool: null }),
    };
    expect(record(change)).toMatchObject({
      event_type: "http_request",
      resource_id: "/app/orders",
    });
    expect(line(change)).not.toContain("4111");
  });

  it("writes the pepper's hash only when there is one", () => {
    expect(record().user_hash).toBeNull();
    expect(record({ principal: user({ hash: "0011223344556677" }) }).user_hash).toBe(
      "0011223344556677",
    );
  });

  it("never holds a value of a parameter", () => {
    const asked = request({
      parameters: parameters('{"a":"canary-1","b":{"canary-2":["canary-3"]}}'),
    });
    expect(line({ request: asked })).not.toContain("canary");
  });

  it.each([
    ["long", "x".repeat(70_000)],
    ["control", "\u0000".repeat(70_000)],
    ["separators", "\u2028".repeat(70_000)],
    ["broken surrogates", "\udc00\ud800".repeat(35_000)],
    ["wide", "😀".repeat(35_000)],
    ["quotes", '"\\\n'.repeat(20_000)],
  ])("stays one valid line of 8 KiB with %s text everywhere", (_, text) => {
    const names = Object.fromEntries(
      Array.from({ length: 500 }, (_n, at) => [`${at}${text.slice(0, 40)}`, 1]),
    );
    const many = Array.from({ length: 64 }, () => text);
    const hostile = line({
      text,
      policyRevision: text,
      dataRevision: text,
      route: route({ name: text, policy: text, environment: text }),
      principal: user({
        id: text,
        issuer: text,
        roles: many,
        teams: many,
        actors: many,
        hash: text,
      }),
      resource: resource({ server: text, tool: text, environment: text }),
      request: request({
        requestId: text,
        clientIp: text,
        userAgent: text,
        operation: text,
        action: text,
        agentMessage: { ...message, targetAgentId: text },
        parameters: parameters(JSON.stringify(names)),
      }),
    });
    expect(Buffer.byteLength(hostile)).toBeLessThanOrEqual(8_192);
    expect(hostile.indexOf("\n")).toBe(hostile.length - 1);
    expect(JSON.parse(hostile).user_id.endsWith("…")).toBe(true);
  });

  it("bounds bytes, not characters", () => {
    const text = "€".repeat(256);
    const wide = line({
      text,
      policyRevision: text,
      dataRevision: text,
      route: route({ name: text, policy: text, environment: text }),
      principal: user({ id: text, issuer: text }),
      request: request({ requestId: text, clientIp: text, userAgent: text, action: text }),
    });
    expect(Buffer.byteLength(wide)).toBeLessThanOrEqual(8_192);
  });
});

describe("documentation", () => {
  it("has a row for each cause of a loss and no other row", () => {
    expect(documented("## When the sink").sort()).toEqual([...DROP_CAUSES].sort());
  });
});
