/** What A2A callers receive: each binding and version has a shape of its own, which its clients parse. */
import { describe, expect, it } from "vitest";
import { deny } from "../../../src/domain/decision.ts";
import {
  DENY_REASONS,
  type DenyReason,
  ERROR_REASONS,
  type ErrorReason,
} from "../../../src/domain/reasons.ts";
import type { Echo } from "../../../src/domain/request.ts";
import { DENY_TABLE, ERROR_TABLE } from "../../../src/response/reply-tables.ts";
import { completeReply, writeResponse } from "../../../src/response/write-response.ts";
import { readReply } from "../../support/check-response.ts";
import { route } from "../../support/samples.ts";

const AUDIT_ID = "4f9c2e9c-7d0f-4a53-9f3a-0d5f5a3f1c11";
const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

function echoOf(dialect: Echo["dialect"], a2aVersion: "1.0" | "0.3" = "1.0"): Echo {
  return { dialect, rpcId: '"r-1"', isNotification: false, a2aVersion };
}

function facts(echo: Echo, change: Parameters<typeof route>[0] = {}) {
  return {
    route: route({ surface: "a2a", agentId: "worker-1", ...change }),
    echo,
    principal: undefined,
    action: "a2a:execute",
    toolName: undefined,
    filteredParameters: undefined,
    removedPointers: [],
    policyRevision: "p1",
    bucket: -1,
    evaluatedAt: "2026-11-24T10:00:00.000Z",
  } as const;
}

function answer(reason: DenyReason, echo: Echo, text: string = DENY_TABLE[reason].text) {
  const stored = writeResponse(deny(reason, text), facts(echo));
  const check = { auditId: AUDIT_ID, ttlS: 0, rpcId: echo.rpcId, cache: "bypass" } as const;
  const { denied } = readReply(completeReply(stored, check));
  if (denied === undefined) throw new TypeError("nothing was denied");
  return denied;
}

const info = (reason: string, domain: string, code: string) => ({
  "@type": ERROR_INFO,
  reason,
  domain,
  metadata: { reason_code: code, audit_id: AUDIT_ID },
});

describe("JSON-RPC 1.0", () => {
  const body = (reason: DenyReason, text?: string) =>
    JSON.parse(answer(reason, echoOf("a2a-jsonrpc"), text).body);

  it("carries one ErrorInfo in a list", () => {
    expect(body("policy.denied", "Denied: query by agent planner")).toEqual({
      jsonrpc: "2.0",
      id: "r-1",
      error: {
        code: -32000,
        message: "Access denied",
        data: [info("POLICY_DENIED", "sark-authz", "policy.denied")],
      },
    });
  });

  it.each([
    ["a2a.task_not_visible", 404, -32001, "TASK_NOT_FOUND"],
    ["a2a.version_unsupported", 400, -32009, "VERSION_NOT_SUPPORTED"],
  ] as const)("%s: is the protocol's own error", (reason, status, code, name) => {
    expect(answer(reason, echoOf("a2a-jsonrpc")).httpStatus).toBe(status);
    expect(body(reason).error).toMatchObject({
      code,
      data: [info(name, "a2a-protocol.org", reason)],
    });
  });

  it("tells a task that is not visible in fixed words, whatever the policy says", () => {
    expect(body("a2a.task_not_visible", "Task of another agent").error.message).toBe(
      "Task not found",
    );
  });

  it("has a null id while none is known", () => {
    const echo = { ...echoOf("a2a-jsonrpc"), rpcId: undefined, isNotification: true };
    expect(JSON.parse(answer("rpc.invalid", echo).body)).toMatchObject({ id: null });
  });
});

it("JSON-RPC 0.3 has an object for data", () => {
  expect(JSON.parse(answer("a2a.capability", echoOf("a2a-jsonrpc", "0.3")).body)).toEqual({
    jsonrpc: "2.0",
    id: "r-1",
    error: {
      code: -32000,
      message: "Access denied: Agent lacks required capability",
      data: { reason_code: "a2a.capability", audit_id: AUDIT_ID, cache_ttl: 0 },
    },
  });
});

describe("REST 1.0", () => {
  it.each([
    ["policy.denied", 403, "PERMISSION_DENIED", "POLICY_DENIED", "sark-authz"],
    ["a2a.push_url", 403, "PERMISSION_DENIED", "A2A_PUSH_URL", "sark-authz"],
    ["identity.missing", 401, "UNAUTHENTICATED", "IDENTITY_MISSING", "sark-authz"],
    ["rpc.params_invalid", 400, "INVALID_ARGUMENT", "RPC_PARAMS_INVALID", "sark-authz"],
    ["rpc.method_unknown", 404, "UNIMPLEMENTED", "RPC_METHOD_UNKNOWN", "sark-authz"],
    ["rate.limited", 429, "RESOURCE_EXHAUSTED", "RATE_LIMITED", "sark-authz"],
    ["a2a.task_not_visible", 404, "NOT_FOUND", "TASK_NOT_FOUND", "a2a-protocol.org"],
  ] as const)("%s: is %i %s", (reason, code, status, name, domain) => {
    const reply = answer(reason, echoOf("a2a-rest"));
    expect(reply.httpStatus).toBe(code);
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(reply.body)).toEqual({
      error: {
        code,
        status,
        message: expect.any(String),
        details: [info(name, domain, DENY_TABLE[reason].publicReason)],
      },
    });
  });
});

describe("REST 0.3", () => {
  it("is a problem document with the members its clients look for", () => {
    const reply = answer("policy.denied", echoOf("a2a-rest", "0.3"));
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(reply.body)).toEqual({
      type: "about:blank",
      title: "Access denied",
      status: 403,
      detail: "Access denied",
      code: -32000,
      message: "Access denied",
      reason_code: "policy.denied",
      audit_id: AUDIT_ID,
    });
  });

  it("names the protocol's own errors", () => {
    const reply = answer("a2a.task_not_visible", echoOf("a2a-rest", "0.3"));
    expect(JSON.parse(reply.body)).toMatchObject({
      type: "https://a2a-protocol.org/errors/task-not-found",
      status: 404,
      code: -32001,
    });
  });
});

it("gRPC is one short line", () => {
  const reply = answer("policy.denied", echoOf("grpc"));
  expect(reply.body).toBe("Access denied");
});

it("sends the own code where the route asks for it", () => {
  const stored = writeResponse(
    deny("a2a.push_url", "no"),
    facts(echoOf("a2a-jsonrpc"), { jsonrpcDenialCode: "own" }),
  );
  const check = { auditId: AUDIT_ID, ttlS: 0, rpcId: "1", cache: "bypass" } as const;
  const { denied } = readReply(completeReply(stored, check));
  expect(JSON.parse(denied?.body ?? "").error.code).toBe(40304);
});

describe("every reason", () => {
  const echoes = [
    echoOf("a2a-jsonrpc"),
    echoOf("a2a-jsonrpc", "0.3"),
    echoOf("a2a-rest"),
    echoOf("a2a-rest", "0.3"),
  ];

  it.each(DENY_REASONS)("%s has a bounded document in each shape", (reason) => {
    for (const echo of echoes) {
      const { body, httpStatus, headers } = answer(reason, echo);
      expect(httpStatus).toBe(DENY_TABLE[reason].http);
      expect(headers["cache-control"]).toBe("no-store");
      expect(body.length).toBeLessThanOrEqual(1_024);
      expect(body).toContain(DENY_TABLE[reason].publicReason);
      JSON.parse(body);
    }
  });

  it.each(ERROR_REASONS)("%s has one as well", (reason: ErrorReason) => {
    for (const echo of echoes) {
      const stored = writeResponse({ effect: "error", reason }, facts(echo));
      const check = { auditId: AUDIT_ID, ttlS: 0, rpcId: "1", cache: "bypass" } as const;
      const { error } = readReply(completeReply(stored, check));
      expect(error?.httpStatus).toBe(ERROR_TABLE[reason].http);
      expect(error?.body).toContain("engine.unavailable");
      JSON.parse(error?.body ?? "");
    }
  });
});
