/** Refusals and failures in the caller's dialect: status, headers and body by reason and surface. */
import { describe, expect, it } from "vitest";
import { type Decision, deny } from "../../../src/domain/decision.ts";
import {
  DENY_REASONS,
  type DenyReason,
  ERROR_REASONS,
  type ErrorReason,
} from "../../../src/domain/reasons.ts";
import type { Echo } from "../../../src/domain/request.ts";
import { DENY_TABLE, ERROR_TABLE } from "../../../src/response/reply-tables.ts";
import {
  completeReply,
  type PerCheck,
  type ReplyFacts,
  writeResponse,
} from "../../../src/response/write-response.ts";
import { readReply } from "../../support/check-response.ts";
import { route } from "../../support/samples.ts";

const AUDIT_ID = "4f9c2e9c-7d0f-4a53-9f3a-0d5f5a3f1c11";
const SECRET = "only for the record";
const mcp = route();
const own = route({ jsonrpcDenialCode: "own" });
const http = route({ surface: "http" });
const sark = route({ surface: "sark", endpoint: "authorize" });
const legacy: Echo = { dialect: "jsonrpc", rpcId: "7", isNotification: false, isModern: false };
const modern: Echo = { ...legacy, isModern: true };
const grpc: Echo = { dialect: "grpc", rpcId: undefined, isNotification: false };
const check: PerCheck = { auditId: AUDIT_ID, ttlS: 5, rpcId: "7", cache: "miss" };

function answer(decision: Decision, on: Partial<ReplyFacts>, change: Partial<PerCheck> = {}) {
  const facts: ReplyFacts = {
    route: mcp,
    echo: undefined,
    principal: undefined,
    action: undefined,
    toolName: undefined,
    filteredParameters: undefined,
    removedPointers: [],
    policyRevision: "p1",
    bucket: -1,
    evaluatedAt: "2026-11-24T10:00:00.000Z",
    ...on,
  };
  const reply = readReply(completeReply(writeResponse(decision, facts), { ...check, ...change }));
  const local = reply.denied ?? reply.error;
  if (local === undefined) throw new Error("expected a local reply");
  return local;
}

const refused = (reason: DenyReason, on: Partial<ReplyFacts>, change?: Partial<PerCheck>) =>
  answer(deny(reason, SECRET), on, change);
const failed = (reason: ErrorReason, on: Partial<ReplyFacts>) =>
  answer({ effect: "error", reason }, on);

describe.each(DENY_REASONS)("%s", (reason) => {
  const row = DENY_TABLE[reason];
  const isHidden = row.http === 404 && reason !== "a2a.task_not_visible";

  it.each([
    ["legacy MCP", mcp, legacy, isHidden ? 400 : row.http, row.rpc ?? -32000],
    ["modern MCP", mcp, modern, row.http, row.rpc ?? (row.http === 400 ? -32600 : -32000)],
    ["MCP with own codes", own, modern, row.http, row.rpc ?? row.ownCode],
  ] as const)("is a JSON-RPC error to %s", (_kind, on, echo, status, code) => {
    const given = refused(reason, { route: on, echo });
    const body = JSON.parse(given.body);
    expect(given.httpStatus).toBe(status);
    expect(given.headers["content-type"]).toBe("application/json");
    expect(body).toMatchObject({
      jsonrpc: "2.0",
      id: 7,
      error: {
        code,
        data: { reason_code: row.publicReason, audit_id: AUDIT_ID, cache_ttl: 0 },
      },
    });
    expect(given.body).not.toContain(SECRET);
  });

  it("is SARK's denial document over plain HTTP", () => {
    const given = refused(reason, { route: http });
    expect(given.httpStatus).toBe(row.http);
    expect(JSON.parse(given.body)).toEqual({
      allow: false,
      reason: row.text,
      reason_code: row.publicReason,
      cache_ttl: 5,
      audit_id: AUDIT_ID,
      filtered_parameters: null,
    });
  });

  it("is one short line for gRPC callers, whose type Envoy writes", () => {
    const given = refused(reason, { route: http, echo: grpc });
    expect(given).toMatchObject({ httpStatus: row.http, body: row.text });
    expect(given.body.length).toBeLessThan(100);
    expect(given.headers).not.toHaveProperty("content-type");
  });

  it("has SARK's documents on SARK's endpoints", () => {
    const given = refused(reason, { route: sark });
    const body = JSON.parse(given.body);
    if (given.httpStatus === 200) expect(body).toMatchObject({ allow: false, reason: SECRET });
    else expect(body).toMatchObject({ detail: row.text, error: { message: row.text } });
  });

  it("allows no browser page and is never kept", () => {
    for (const on of [mcp, http, sark]) {
      const { headers } = refused(reason, { route: on });
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(headers["cache-control"]).toBe("no-store");
    }
  });
});

it.each(ERROR_REASONS)("says nothing of the cause of %s, and when to come back", (reason) => {
  const row = ERROR_TABLE[reason];
  for (const on of [{ route: mcp, echo: modern }, { route: http }, { route: http, echo: grpc }]) {
    const given = failed(reason, on);
    expect(given.httpStatus).toBe(row.http);
    expect(given.body).toContain("Authorization unavailable");
    expect(given.headers["retry-after"]).toBe(row.http === 503 ? "1" : undefined);
  }
});

it("says when to come back: rate.limited", () => {
  expect(refused("rate.limited", { route: http }).headers["retry-after"]).toBe("1");
});

it("says which method is served: mcp.http_method", () => {
  expect(refused("mcp.http_method", { echo: modern }).headers["allow"]).toBe("POST");
});

it("names the versions to choose from: mcp.version_unsupported", () => {
  const echo: Echo = { ...modern, requestedVersion: "2030-01-01" };
  const body = JSON.parse(refused("mcp.version_unsupported", { echo }).body);
  expect(body.error.data).toMatchObject({
    supported: [...mcp.mcp.acceptVersions],
    requested: "2030-01-01",
  });
});

describe("id of a policy.denied", () => {
  const body = (change: Partial<PerCheck>) => {
    const { body: text } = refused("policy.denied", { echo: modern }, change);
    return JSON.parse(text);
  };

  it.each(["0", "-9007199254740991", '"a"', '"\\u0041\\n"', '"ü"'])("is echoed as %s", (rpcId) => {
    const { body: text } = refused("policy.denied", { echo: modern }, { rpcId });
    expect(text).toContain(`"id":${rpcId},`);
    JSON.parse(text);
  });

  it("is null where none could be read, and left out where it is omitted", () => {
    expect(body({ rpcId: undefined })).toMatchObject({ id: null });
    expect(body({ rpcId: undefined, omitsId: true })).not.toHaveProperty("id");
  });

  it("may be as long as ids get", () => {
    const rpcId = `"${"\\u0041".repeat(256)}"`;
    expect(body({ rpcId }).id).toBe("A".repeat(256));
  });
});
