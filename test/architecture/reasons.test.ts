/** Reasons: the vocabulary, the reply table and the documentation say the same, in both directions. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DENY_REASONS, ERROR_REASONS, PASS_REASONS } from "../../src/domain/reasons.ts";
import type { Row } from "../../src/response/reply-rows.ts";
import { DENY_TABLE, ERROR_TABLE } from "../../src/response/reply-tables.ts";

const rows: Record<string, Row> = { ...DENY_TABLE, ...ERROR_TABLE };

interface Documented {
  readonly http: number;
  readonly grpc: number;
  readonly rpc: string;
  readonly told: string;
}

function documented(): Map<string, Documented> {
  const table = new Map<string, Documented>();
  for (const line of readFileSync("docs/reference/reasons.md", "utf8").split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const code = /^`([a-z0-9_.]+)`$/.exec(cells[1] ?? "")?.[1];
    if (code === undefined || cells.length < 9) continue;
    table.set(code, {
      http: Number(cells[2]),
      grpc: Number(cells[3]),
      rpc: cells[4] ?? "",
      told: (cells[5] ?? "").replaceAll("`", ""),
    });
  }
  return table;
}

describe("documentation", () => {
  const table = documented();

  it("has a row for each reason and no other row", () => {
    expect([...table.keys()].sort()).toEqual([...DENY_REASONS, ...ERROR_REASONS].sort());
  });

  it.each(Object.entries(rows))("says of %s what is sent", (code, row) => {
    expect(table.get(code)).toEqual({
      http: row.http,
      grpc: row.grpc,
      rpc: row.rpc === undefined ? `D ${row.ownCode}` : String(row.rpc),
      told: row.publicReason === code ? "=" : row.publicReason,
    });
  });

  it("names the reasons that let a request go on", () => {
    const text = readFileSync("docs/reference/reasons.md", "utf8");
    for (const reason of PASS_REASONS) expect(text).toContain(`\`${reason}\``);
  });
});

describe("reply table", () => {
  it.each(Object.entries(DENY_TABLE))("answers %s with a 4xx and a code that denies", (_, row) => {
    expect(row.http).toBeGreaterThanOrEqual(400);
    expect(row.http).toBeLessThan(500);
    expect(row.grpc).not.toBe(0);
  });

  it.each(Object.entries(ERROR_TABLE))("answers %s with a 5xx", (_, row) => {
    expect(row.http).toBeGreaterThanOrEqual(500);
    expect(row.grpc).not.toBe(0);
  });

  it("gives unknown, hidden and denied things one face", () => {
    expect(DENY_TABLE["route.unknown"]).toEqual(DENY_TABLE["policy.denied"]);
    expect(DENY_TABLE["policy.undefined"]).toEqual(DENY_TABLE["policy.denied"]);
  });

  /** The contract, written down a second time by groups so that a slip in the table shows. */
  it.each<[number, number, number | "D", string[]]>([
    [405, 12, -32600, ["method.refused", "mcp.http_method"]],
    [414, 3, -32600, ["path.too_long", "query.too_large"]],
    [431, 3, -32600, ["header.too_large"]],
    [413, 3, "D", ["body.truncated"]],
    [415, 3, "D", ["body.content_type", "body.encoding"]],
    [400, 3, -32700, ["json.bom", "json.not_utf8", "json.syntax"]],
    [400, 3, -32600, ["json.depth", "json.duplicate_member", "json.case_variant", "rpc.batch"]],
    [400, 3, -32602, ["rpc.params_invalid", "mcp.name_invalid", "mcp.uri_invalid"]],
    [404, 12, -32601, ["rpc.method_unknown", "mcp.direction", "mcp.method_not_in_version"]],
    [400, 3, -32020, ["mcp.header_missing", "mcp.header_mismatch", "mcp.header_encoding"]],
    [400, 9, -32022, ["mcp.version_unsupported"]],
    [400, 12, -32009, ["a2a.version_unsupported"]],
    [404, 5, -32001, ["a2a.task_not_visible"]],
    [400, 5, -32602, ["mcp.task_not_visible"]],
    [401, 16, "D", ["identity.missing", "identity.expired", "identity.signature"]],
    [400, 3, "D", ["identity.multiple", "identity.token_in_query", "mcp.session_missing"]],
    [403, 7, "D", ["policy.denied", "identity.insufficient_scope", "header.reserved"]],
    [403, 7, "D", ["a2a.capability", "a2a.push_url", "guardrail.secret", "origin.refused"]],
    [429, 8, "D", ["rate.limited"]],
    [500, 13, "D", ["check.internal"]],
    [503, 14, "D", ["engine.unavailable", "identity.keys_unavailable", "policy.stale"]],
    [503, 4, "D", ["engine.deadline"]],
    [503, 8, "D", ["engine.overloaded"]],
  ])("has HTTP %i, gRPC %i, JSON-RPC %s for %j", (http, grpc, rpc, codes) => {
    for (const code of codes) {
      const row = rows[code];
      expect([code, row?.http, row?.grpc, row?.rpc ?? "D"]).toEqual([code, http, grpc, rpc]);
    }
  });
});
