/** The spine: stages in order, one record for every Check, and never an allow by accident. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DenyError, UnavailableError } from "../../../src/domain/errors.ts";
import { PolicyFailure } from "../../../src/policy/policy-failure.ts";
import { checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { resource, route, user, verified } from "../../support/samples.ts";
import { call, spine } from "../../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;

function toolCall(change: { id?: unknown; args?: object; token?: string | null } = {}): Buffer {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: change.id ?? 1,
    method: "tools/call",
    params: { name: "get_weather", arguments: change.args ?? { city: "Bern" } },
  });
  const token = change.token === undefined ? TOKEN : change.token;
  return checkRequest({
    body,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  });
}

describe("order", () => {
  it("runs the stages in reading order on a miss", async () => {
    const { handler, calls } = spine();
    const reply = readReply(await handler(toolCall(), call));
    expect(calls).toEqual(["verify", "cache.get", "policy", "cache.set", "audit:allow", "metrics"]);
    expect(reply.ok?.headers["x-sark-user-id"]).toBe("alice");
    expect(reply.metadata["cache"]).toBe("miss");
  });

  it("answers a hit synchronously, without policy, with a record and an id of its own", async () => {
    const { handler, calls, records } = spine();
    const first = readReply(await handler(toolCall(), call));
    calls.length = 0;
    const bytes = handler(toolCall({ id: 2 }), call);
    expect(bytes).toBeInstanceOf(Uint8Array);
    const reply = readReply(bytes as Uint8Array);
    expect(calls).toEqual(["cache.get", "audit:allow", "metrics"]);
    expect(reply.metadata["cache"]).toBe("hit");
    expect(reply.metadata["decision_id"]).toBe(records[1]?.auditId);
    expect(reply.metadata["decision_id"]).not.toBe(first.metadata["decision_id"]);
  });

  it("tells the remaining time of a hit, never more than it has", async () => {
    const { handler, clock } = spine();
    await handler(toolCall(), call);
    clock.advance(20_500);
    expect(readReply((await handler(toolCall(), call)) as Uint8Array).metadata["cache_ttl"]).toBe(
      39,
    );
    clock.advance(40_000);
    expect(readReply(await handler(toolCall(), call)).metadata["cache"]).toBe("miss");
  });

  it("evaluates again for other arguments, another policy or other data", async () => {
    const { handler, calls, state } = spine();
    await handler(toolCall(), call);
    await handler(toolCall({ args: { city: "Rome" } }), call);
    state.policyRevision = "p2";
    await handler(toolCall(), call);
    state.registry = { ...state.registry, revision: "d2" };
    await handler(toolCall(), call);
    expect(calls.filter((entry) => entry === "policy").length).toBe(4);
  });
});

describe("refusals", () => {
  it("refuses undecodable bytes with a record", async () => {
    const { handler, records } = spine();
    const reply = readReply(await handler(Uint8Array.of(0xff, 0xff), call));
    expect(reply).toMatchObject({ code: 3, denied: { httpStatus: 400 } });
    expect(records).toMatchObject([{ effect: "deny", reason: "request.malformed" }]);
  });

  it("refuses a request without credential", async () => {
    const { handler } = spine();
    const reply = readReply(await handler(toolCall({ token: null }), call));
    expect(reply.denied).toMatchObject({
      httpStatus: 401,
      headers: { "www-authenticate": "Bearer" },
    });
  });

  it.each([
    ["denied", [{ result: { allow: false, reason: "no" } }], "policy.denied"],
    ["undefined", [], "policy.undefined"],
    ["malformed", [{ result: { allow: "yes" } }], "policy.result_invalid"],
  ])("refuses when policy is %s", async (_name, resultSet, reason) => {
    const { handler, records } = spine({ policy: () => resultSet });
    expect(readReply(await handler(toolCall(), call)).denied?.httpStatus).toBe(403);
    expect(records).toMatchObject([{ effect: "deny", reason }]);
  });

  it("refuses a conflict without falling back, and never stores it", async () => {
    const { handler, records, store } = spine({
      policy: () => {
        throw new PolicyFailure("conflict", "two values");
      },
    });
    await handler(toolCall(), call);
    expect(records).toMatchObject([{ reason: "policy.conflict" }]);
    expect(store.figures.entries).toBe(0);
  });

  it("refuses what is too large for the policy, instead of failing", async () => {
    const { handler, records } = spine({
      policy: () => {
        throw new PolicyFailure("input", "above the bound");
      },
    });
    expect(readReply(await handler(toolCall(), call)).error).toBeUndefined();
    expect(records).toMatchObject([{ effect: "deny", reason: "model.invalid" }]);
  });

  it("keeps a rule's denial for five seconds only", async () => {
    const { handler, calls, clock } = spine({ policy: () => [{ result: false }] });
    await handler(toolCall(), call);
    clock.advance(4_999);
    await handler(toolCall(), call);
    expect(calls.filter((entry) => entry === "policy").length).toBe(1);
    clock.advance(1);
    await handler(toolCall(), call);
    expect(calls.filter((entry) => entry === "policy").length).toBe(2);
  });

  it("checks the route's audience on every hit of the token", async () => {
    const { handler, state } = spine({
      routes: [route({ audience: "https://gateway.example/mcp" })],
    });
    state.token = verified(user(), { audiences: ["https://gateway.example/mcp"] });
    expect(readReply(await handler(toolCall(), call)).ok).toBeDefined();
    state.token = verified(user(), { audiences: ["other"] });
    expect(readReply(await handler(toolCall(), call)).denied?.httpStatus).toBe(401);
  });
});

describe("failures", () => {
  it.each([
    ["engine.unavailable", new PolicyFailure("trap", "unreachable"), 503],
    ["check.internal", new TypeError("bug"), 500],
  ])("answers %s as an error, never as a denial", async (reason, thrown, status) => {
    const { handler, records } = spine({
      policy: () => {
        throw thrown;
      },
    });
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.denied).toBeUndefined();
    expect(reply.error?.httpStatus).toBe(status);
    expect(records).toMatchObject([{ effect: "error", reason }]);
  });

  it("answers an error without any policy", async () => {
    const { handler } = spine({ deps: { policy: () => undefined } });
    expect(readReply(await handler(toolCall(), call)).error?.httpStatus).toBe(503);
  });

  it("answers an error when its time is over before policy runs", async () => {
    const { handler, calls, records } = spine();
    const reply = readReply(await handler(toolCall(), { ...call, deadlineMonotonicMs: 1_005 }));
    expect(reply.error).toBeDefined();
    expect(calls).not.toContain("policy");
    expect(records).toMatchObject([{ reason: "engine.deadline" }]);
  });

  it("stops working for a caller that went away, and still writes a record", async () => {
    const { handler, calls, records } = spine();
    const gone = { ...call, onCancel: (listener: () => void) => listener() };
    await handler(toolCall(), gone);
    expect(calls).not.toContain("policy");
    expect(records).toMatchObject([{ isCancelled: true }]);
  });

  it("refuses more verifications at once than it was given room for", async () => {
    const pending = new Promise<never>(() => undefined);
    const identity = { known: () => undefined, verify: () => pending };
    const base = spine();
    const { handler, records } = spine({
      deps: {
        identity,
        options: {
          checkMs: 150,
          checksInFlightMax: 1,
          entrypoints: { sark: "s", a2a: "a", mcp: "m", http: "h" },
          workHours: { start: 0, end: 24, days: [], timeSlotSeconds: 3_600 },
          ttlSecondsMax: 60,
          advertisedTtlSecondsMax: 60,
          denyTtlSecondsMax: 5,
        },
      },
    });
    void handler(toolCall(), call);
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.error?.httpStatus).toBe(503);
    expect(records).toMatchObject([{ reason: "engine.overloaded" }]);
    expect(base.records).toEqual([]);
  });

  it("gives an error answer rather than one without a record", async () => {
    const audit = {
      record: () => {
        throw new Error("disk full");
      },
    };
    const { handler, calls } = spine({ deps: { audit } });
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.ok).toBeUndefined();
    expect(reply.error?.httpStatus).toBe(500);
    expect(calls).toContain("defect");
  });
});

describe("an allow whose reply does not fit its bounds", () => {
  const names = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`${"ü".repeat(30)}${index}`, { token: 1 }]),
  );

  it("is refused, recorded as refused and not stored, when too much would be removed", async () => {
    const { handler, records, store, state } = spine({
      routes: [route({ paramFilter: "upstream" })],
    });
    state.registry = {
      ...state.registry,
      resolve: () => resource({ sensitivity: "high" }),
    };
    const reply = readReply(await handler(toolCall({ args: names }), call));
    expect(reply.denied?.httpStatus).toBe(403);
    expect(records).toMatchObject([{ effect: "deny", reason: "policy.parameters" }]);
    expect(store.figures.entries).toBe(0);
  });

  it("is refused, recorded as refused and not stored, when SARK's document grows too large", async () => {
    const sark = route({ surface: "sark", endpoint: "authorize", path: "/authorize" });
    const { handler, records, store } = spine({ routes: [sark] });
    const numbers = Array.from({ length: 9_000 }, () => "1e20").join(",");
    const body = `{"action":"gateway:tool:invoke","server_name":"demo","tool_name":"t","parameters":{"n":[${numbers}]}}`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
    const reply = readReply(
      await handler(checkRequest({ path: "/authorize", body, headers }), call),
    );
    expect(reply.denied?.httpStatus).toBe(422);
    expect(records).toMatchObject([{ effect: "deny", reason: "model.invalid" }]);
    expect(store.figures.entries).toBe(0);
  });
});

describe("who decides", () => {
  const migration = route({ mode: "migration", stripAuthorization: false });

  it("leaves a caller outside the percentage to Python", async () => {
    const { handler, calls, records } = spine({ routes: [migration], percent: 50 });
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.ok?.headers["x-sark-authz"]).toBe("deferred");
    expect(calls).not.toContain("policy");
    expect(records).toMatchObject([{ effect: "deferred", source: "rollout", bucket: 50 }]);
  });

  it("decides for a caller inside it", async () => {
    const { handler } = spine({ routes: [migration], percent: 51 });
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.ok?.headers["x-sark-authz"]).toBe("enforced");
  });

  it("leaves unknown callers to Python below 100 % and refuses them at 100 %", async () => {
    const anonymous = toolCall({ token: null });
    const partly = spine({ routes: [migration], percent: 99 });
    expect(readReply(await partly.handler(anonymous, call)).ok).toBeDefined();
    const fully = spine({ routes: [migration], percent: 100 });
    expect(readReply(await fully.handler(anonymous, call)).denied?.httpStatus).toBe(401);
  });

  it("refuses a known caller without a scope where it decides, and leaves all others to Python", async () => {
    const scopeRules = [{ action: "gateway:tool:invoke", tool: undefined, scopes: ["tools:call"] }];
    const guarded = [route({ mode: "migration", stripAuthorization: false, scopeRules })];
    const inside = spine({ percent: 51, routes: guarded });
    expect(readReply(await inside.handler(toolCall(), call)).denied?.httpStatus).toBe(403);
    expect(inside.records[0]?.reason).toBe("identity.insufficient_scope");
    const outside = spine({ percent: 50, routes: guarded });
    expect(readReply(await outside.handler(toolCall(), call)).ok).toBeDefined();
    expect(outside.records[0]?.reason).toBe("rollout.deferred");
  });

  it("refuses a revoked credential at every percentage", async () => {
    const identity = {
      known: () => {
        throw new DenyError("identity.revoked", "revoked");
      },
      verify: async () => verified(user()),
    };
    const { handler } = spine({ routes: [migration], percent: 5, deps: { identity } });
    expect(readReply(await handler(toolCall(), call)).denied?.httpStatus).toBe(401);
  });

  it("does not turn its own failure into a deferral", async () => {
    const identity = {
      known: () => undefined,
      verify: () => Promise.reject(new UnavailableError("identity.keys_unavailable", "no keys")),
    };
    const { handler } = spine({ routes: [migration], percent: 5, deps: { identity } });
    expect(readReply(await handler(toolCall(), call)).error?.httpStatus).toBe(503);
  });

  it("only records on an observed route", async () => {
    const observed = route({ mode: "observe", stripAuthorization: false });
    const { handler, records } = spine({ routes: [observed], policy: () => [{ result: false }] });
    const reply = readReply(await handler(toolCall(), call));
    expect(reply.ok?.headers["x-sark-authz"]).toBe("deferred");
    expect(records).toMatchObject([{ effect: "deferred", reason: "shadow.would_deny" }]);
  });
});

it("never throws, always answers and always records, whatever the bytes", async () => {
  const { handler, records } = spine();
  await handler(toolCall(), call);
  const valid = toolCall();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => {
          const mutated = Buffer.from(valid);
          mutated[at] = byte;
          return mutated;
        }),
      ),
      async (bytes) => {
        const before = records.length;
        const reply = readReply(await handler(bytes, call));
        expect(reply.code).not.toBeUndefined();
        expect(records.length).toBe(before + 1);
        if (reply.ok !== undefined) expect(records.at(-1)?.effect).toBe("allow");
      },
    ),
    { seed: 20_261_124, numRuns: 3_000 },
  );
});
