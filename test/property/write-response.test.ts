/** Reply builder: whatever is decided, Envoy gets a complete and unambiguous reply. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { DENY_REASONS, ERROR_REASONS } from "../../src/domain/reasons.ts";
import { DENY_TABLE } from "../../src/response/reply-tables.ts";
import {
  completeReply,
  type ReplyFacts,
  writeResponse,
} from "../../src/response/write-response.ts";
import { readReply } from "../support/check-response.ts";
import { agent, route, user } from "../support/samples.ts";

const SEED = { seed: 20_261_124, numRuns: 2_000 };
const AUDIT_ID = "4f9c2e9c-7d0f-4a53-9f3a-0d5f5a3f1c11";
const TRUSTED = [
  "x-sark-authz",
  "x-sark-assertion",
  "x-sark-audit-id",
  "x-sark-user-id",
  "x-sark-tool-name",
  "x-sark-authz-shadow",
  "x-sark-remove-parameters",
];

const text = fc.string({ unit: "binary", maxLength: 300 });
const ttl = fc.constantFrom(0, 5, 60, Number.POSITIVE_INFINITY);
const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({
    effect: fc.constant("allow" as const),
    reason: fc.constantFrom("allowed" as const, "allowed.always" as const),
    text,
    policyTtlS: ttl,
    restrictions: fc.constant(undefined),
  }),
  fc.record({
    effect: fc.constant("deny" as const),
    reason: fc.constantFrom(...DENY_REASONS),
    text,
    policyTtlS: ttl,
  }),
  fc.constant({ effect: "deferred", reason: "rollout.deferred" } as const),
  fc.record({ effect: fc.constant("error" as const), reason: fc.constantFrom(...ERROR_REASONS) }),
);

const facts: fc.Arbitrary<ReplyFacts> = fc.record({
  route: fc.option(
    fc
      .record({
        surface: fc.constantFrom("mcp" as const, "sark" as const, "http" as const),
        mode: fc.constantFrom("strict" as const, "migration" as const, "observe" as const),
        stripAuthorization: fc.boolean(),
        jsonrpcDenialCode: fc.constantFrom("sark" as const, "own" as const),
        endpoint: fc.constantFrom("authorize" as const, "authorize-a2a" as const),
        resourceMetadataUrl: fc.constantFrom(undefined, "https://gateway.example/.well-known/x"),
      })
      .map((change) => route(change)),
    { nil: undefined },
  ),
  echo: fc.option(
    fc.record({
      dialect: fc.constantFrom("jsonrpc" as const, "sark" as const, "http" as const),
      rpcId: fc.constantFrom(undefined, "7", '"a"'),
      isNotification: fc.boolean(),
    }),
    { nil: undefined },
  ),
  principal: fc.option(
    text.chain((id) =>
      fc.constantFrom(user({ id: id || "alice" }), agent({ id: id || "planner" })),
    ),
    { nil: undefined },
  ),
  action: fc.constantFrom(undefined, "gateway:tool:invoke"),
  toolName: fc.option(text, { nil: undefined }),
  filteredParameters: fc.option(fc.constant({ q: "x" }), { nil: undefined }),
  removedPointers: fc.array(text, { maxLength: 5 }),
  policyRevision: fc.constantFrom("", "r1"),
  bucket: fc.integer({ min: -1, max: 99 }),
  evaluatedAt: fc.constant("2026-11-24T10:00:00.000Z"),
});

const perCheck = (rpcId: string | undefined) =>
  ({ auditId: AUDIT_ID, ttlS: 42, rpcId, cache: "miss" }) as const;

it("always sets a status, exactly one answer, and code 0 only where the request goes on", () => {
  fc.assert(
    fc.property(decision, facts, (made, known) => {
      const stored = writeResponse(made, known);
      const reply = readReply(completeReply(stored, perCheck(known.echo?.rpcId)));
      const members = [reply.ok, reply.denied, reply.error].filter(
        (member) => member !== undefined,
      );
      expect(members.length).toBe(1);
      expect(reply.code === 0).toBe(reply.ok !== undefined);
      expect(reply.metadata["decision_id"]).toBe(AUDIT_ID);
      expect(stored.httpStatus).toBe(reply.denied?.httpStatus ?? reply.error?.httpStatus ?? 0);
      const isDecided = stored.httpStatus === 200 || reply.ok !== undefined;
      if (stored.decision.effect === "allow") expect(isDecided).toBe(true);
      expect(stored.decision.effect === "error").toBe(reply.error !== undefined);
    }),
    SEED,
  );
});

it("lets nothing but an allow or a deferral go on", () => {
  fc.assert(
    fc.property(decision, facts, (made, known) => {
      const reply = readReply(completeReply(writeResponse(made, known), perCheck(undefined)));
      if (reply.ok !== undefined) expect(["allow", "deferred"]).toContain(made.effect);
      if (reply.ok?.headers["x-sark-authz"] === "enforced") expect(made.effect).toBe("allow");
    }),
    SEED,
  );
});

it("sets or removes every trusted header, and never both", () => {
  fc.assert(
    fc.property(decision, facts, (made, known) => {
      const { ok } = readReply(completeReply(writeResponse(made, known), perCheck(undefined)));
      if (ok === undefined) return;
      for (const name of TRUSTED) {
        expect([name in ok.headers, ok.remove.includes(name)].filter(Boolean).length).toBe(1);
      }
      for (const [name, value] of Object.entries(ok.headers)) {
        expect(name).toMatch(/^x-sark-[a-z-]+$/);
        expect(value).toMatch(/^[\x20-\x7e]+$/);
      }
    }),
    SEED,
  );
});

it("gives local replies a type, no caching, a bounded body and a status of their class", () => {
  fc.assert(
    fc.property(decision, facts, (made, known) => {
      const reply = readReply(completeReply(writeResponse(made, known), perCheck('"id"')));
      const local = reply.denied ?? reply.error;
      if (local === undefined) return;
      expect(local.headers["content-type"]).toBe("application/json");
      expect(local.headers["cache-control"]).toBe("no-store");
      expect(local.headers["x-sark-audit-id"]).toBe(AUDIT_ID);
      expect(Object.keys(local.headers).filter((name) => name.startsWith("access-"))).toEqual([]);
      JSON.parse(local.body);
      const isDecision = local.httpStatus === 200;
      expect(local.body.length).toBeLessThanOrEqual(isDecision ? 131_072 : 4_096);
      if (isDecision) expect(known.route?.surface).toBe("sark");
      else if (reply.error !== undefined) expect(local.httpStatus).toBeGreaterThanOrEqual(500);
      else expect(Math.floor(local.httpStatus / 100)).toBe(4);
    }),
    SEED,
  );
});

describe("fixed cases", () => {
  const none: ReplyFacts = {
    route: route({ surface: "sark", endpoint: "authorize", stripAuthorization: false }),
    echo: { dialect: "sark", rpcId: undefined, isNotification: false },
    principal: user(),
    action: "gateway:tool:invoke",
    toolName: "get_weather",
    filteredParameters: undefined,
    removedPointers: [],
    policyRevision: "r1",
    bucket: 63,
    evaluatedAt: "2026-11-24T10:00:00.000Z",
  };
  const allow: Decision = {
    effect: "allow",
    reason: "allowed",
    text: "Allowed: gateway:tool:invoke by user alice (role: developer, developer access)",
    policyTtlS: 60,
    restrictions: undefined,
  };
  const reply = (made: Decision, change: Partial<ReplyFacts> = {}, rpcId?: string) =>
    readReply(completeReply(writeResponse(made, { ...none, ...change }), perCheck(rpcId)));

  it("answers a SARK endpoint with a decision document of status 200", () => {
    const given = reply(allow, { filteredParameters: { q: 1 } });
    expect(given.code).toBe(7);
    expect(given.denied?.httpStatus).toBe(200);
    expect(JSON.parse(given.denied?.body ?? "")).toEqual({
      allow: true,
      reason: allow.text,
      reason_code: "allowed",
      filtered_parameters: { q: 1 },
      audit_id: AUDIT_ID,
      cache_ttl: 42,
      metadata: { policy_version: "r1", evaluated_at: "2026-11-24T10:00:00.000Z" },
    });
  });

  it("gives SARK's denials and pre-checks the same status 200", () => {
    for (const reason of ["policy.denied", "a2a.capability", "identity.mismatch"] as const) {
      const given = reply({ effect: "deny", reason, text: "no", policyTtlS: 0 });
      expect(given.denied?.httpStatus).toBe(200);
      expect(JSON.parse(given.denied?.body ?? "")).toMatchObject({ allow: false, reason: "no" });
    }
  });

  it("gives SARK's error document for what can not be decided", () => {
    const given = reply({ effect: "deny", reason: "json.syntax", text: "bad", policyTtlS: 0 });
    const message = DENY_TABLE["json.syntax"].text;
    expect(given.denied?.httpStatus).toBe(400);
    expect(JSON.parse(given.denied?.body ?? "")).toEqual({
      detail: message,
      error: { code: "INVALID_REQUEST", message, details: {} },
    });
  });

  it("answers a late SARK request with 504, any other late request with 503", () => {
    const late: Decision = { effect: "error", reason: "engine.deadline" };
    expect(reply(late).error?.httpStatus).toBe(504);
    expect(reply(late, { route: route() }).error?.httpStatus).toBe(503);
  });

  it("removes credentials towards the upstream unless the route keeps them", () => {
    expect(reply(allow, { route: route() }).ok?.remove).toContain("authorization");
    const kept = route({ stripAuthorization: false });
    expect(reply(allow, { route: kept }).ok?.remove).not.toContain("authorization");
  });

  it("carries an id outside ASCII percent-encoded", () => {
    const given = reply(allow, { route: route(), principal: user({ id: "ünï 100%" }) });
    expect(given.ok?.headers["x-sark-user-id"]).toBe("%C3%BCn%C3%AF%20100%25");
  });

  it("refuses a decision document above its bound instead of cutting it", () => {
    const filteredParameters = { q: "x".repeat(140_000) };
    expect(reply(allow, { filteredParameters }).denied?.httpStatus).toBe(422);
  });
});
