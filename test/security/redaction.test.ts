/** What a caller presents in secret is in no audit record, metric or log line, wherever it was put. */
import { describe, expect, it } from "vitest";
import { AuditTrail } from "../../src/audit/audit-trail.ts";
import { redact } from "../../src/audit/redact.ts";
import type { CheckRecord } from "../../src/domain/record.ts";
import { CheckLog } from "../../src/observability/check-log.ts";
import { createLog } from "../../src/observability/log.ts";
import { Metrics } from "../../src/observability/metrics.ts";
import { checkRecord } from "../support/check-record.ts";
import { handClock } from "../support/hand-clock.ts";
import { facts, readings } from "../support/metric-readings.ts";
import { request, resource, user } from "../support/samples.ts";

const CANARY = "c4n4ryc4n4ry";
const base64 = (text: string) => Buffer.from(text).toString("base64url");
const TOKEN = `${base64('{"alg":"RS256","kid":"k"}')}.${base64('{"sub":"alice"}')}.${CANARY}${"s".repeat(60)}`;
const API_KEY = `sark_sk_live_a1b2c3d4_${CANARY}${"k".repeat(20)}`;

function secretRecord(): CheckRecord {
  const bytes = Buffer.from(JSON.stringify({ city: CANARY, deep: { [CANARY]: TOKEN } }));
  const secret = { bytes, value: () => ({ city: CANARY }) };
  return checkRecord({
    request: request({
      credential: { kind: "bearer", token: TOKEN },
      query: `access_token=${TOKEN}`,
      userAgent: `curl Bearer ${TOKEN}`,
      requestId: API_KEY,
      clientIp: `Basic ${base64(`user:${CANARY}`)}`,
      parameters: secret,
      untrusted: secret,
      claimedUserId: CANARY,
    }),
    principal: user({
      email: `${CANARY}@example.org`,
      name: CANARY,
      permissions: [CANARY],
      attributes: { note: CANARY },
    }),
    resource: resource({ server: `x-${TOKEN}`, tool: TOKEN, sensitiveParams: [CANARY] }),
    effect: "error",
    reason: "check.internal",
    defect: new Error(`unexpected token ${TOKEN}`, { cause: new TypeError(CANARY) }),
  });
}

function leaks(text: string): string[] {
  const secrets = [CANARY, TOKEN, TOKEN.split(".")[1] ?? "", base64(`user:${CANARY}`)];
  return secrets.filter((secret) => text.includes(secret));
}

describe("a secret", () => {
  it("is in no audit record", async () => {
    const clock = handClock();
    const written: string[] = [];
    const sink = {
      write: async (batch: Uint8Array) => void written.push(Buffer.from(batch).toString()),
      close: async () => {},
    };
    const trail = new AuditTrail({
      sink,
      clock,
      random: { float: () => 0 },
      defer: queueMicrotask,
      instance: "pod-1",
      queueRecordsMax: 10,
      queueBytesMax: 100_000,
    });
    trail.record(secretRecord());
    await trail.close(1_000);
    expect(written.join("")).toContain('"user_id":"alice"');
    expect(written.join("")).toContain("[redacted]");
    expect(leaks(written.join(""))).toEqual([]);
  });

  it("is in no metric", async () => {
    const metrics = new Metrics({ readings: readings(), facts: facts(), withProcess: false });
    metrics.observe(secretRecord());
    const text = await metrics.exposition();
    expect(text).toContain('sark_authz_errors_total{reason="check.internal"} 1');
    expect(leaks(text)).toEqual([]);
  });

  it("is in no log line", () => {
    const lines: string[] = [];
    const clock = handClock();
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLog({ level: "debug", clock, destination }).component("check");
    new CheckLog({ logger, clock }).observe(secretRecord());
    logger.error("careless", { authorization: TOKEN, deep: { token: TOKEN }, err: TOKEN });
    expect(lines).toHaveLength(3);
    expect(leaks(lines.join(""))).toEqual([]);
  });
});

describe("redact", () => {
  it.each([
    ["a token", TOKEN, "[redacted]"],
    ["a token that was cut", TOKEN.slice(0, 30), "[redacted]"],
    ["a token in a text", `tool ${TOKEN} called`, "tool [redacted] called"],
    ["an API key", `key=${API_KEY};`, "key=[redacted];"],
    ["a gateway key", `sark_gw_${"0123456789abcdef".repeat(2)}`, "[redacted]"],
    ["a scheme", "Authorization: Bearer abcdefgh12345", "Authorization: [redacted]"],
  ])("takes out %s", (_, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    "get_weather",
    "550e8400-e29b-41d4-a716-446655440000",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "Allowed: gateway:tool:invoke by user alice (role: developer, team member)",
    "https://gateway.example/mcp/demo",
    "basic_authentication_reset",
    "sark_authz_checks_total",
  ])("leaves %s alone", (text) => {
    expect(redact(text)).toBe(text);
  });
});
