/** Header and body tell together which revision of MCP a message is in; two revisions are refused. */
import { describe, expect, it } from "vitest";
import type { Route } from "../../../src/domain/route.ts";
import type { RequestProgress } from "../../../src/request/read-request.ts";
import { type Changes, message, read, reasonOf } from "./attributes.ts";
import { accepting, legacy, MODERN, modern, readOn, withHeaders } from "./mcp-messages.ts";

const usual = accepting("2026-07-28", "2025-11-25", "2025-06-18");
const modernOnly = accepting("2026-07-28");
const noHeader = { "mcp-protocol-version": undefined };
const ofMeta = (version: unknown) => ({ "io.modelcontextprotocol/protocolVersion": version });
const initialize = (offered?: unknown) =>
  message({ method: "initialize", params: { protocolVersion: offered } });

describe("the revision", () => {
  it.each<[string, Route, Changes, string, boolean]>([
    ["a modern header", usual, modern("tools/list"), MODERN, true],
    ["a legacy header", usual, legacy("tools/list", {}, "2025-06-18"), "2025-06-18", false],
    ["what initialize offers", usual, initialize("2025-11-25"), "2025-11-25", false],
    ["an offer nobody knows yet", usual, initialize("2030-01-01"), "2030-01-01", false],
    ["2025-03-26 for an offer that is no date", usual, initialize("x"), "2025-03-26", false],
    ["2025-03-26 for no offer", usual, message({ method: "initialize" }), "2025-03-26", false],
    ["2025-03-26 without header where accepted", accepting("2025-03-26"), {}, "2025-03-26", false],
  ])("is %s", (_, on, changes, version, isModern) => {
    const request = readOn(on, changes);
    expect(request.mcp?.protocolVersion).toBe(version);
    expect(request.echo.isModern).toBe(isModern);
  });

  it.each<[string, string, Route, Changes]>([
    ["no header", "mcp.header_missing", usual, {}],
    [
      "no header, but a version in _meta",
      "mcp.header_missing",
      accepting("2026-07-28", "2025-03-26"),
      modern("tools/list", {}, { headers: noHeader }),
    ],
    [
      "initialize with a version in _meta",
      "mcp.header_missing",
      usual,
      message({ method: "initialize", params: { _meta: ofMeta(MODERN) } }),
    ],
    ["an unknown header", "mcp.version_unsupported", usual, legacy("ping", {}, "2024-11-05")],
    ["a later header", "mcp.version_unsupported", usual, legacy("ping", {}, "2030-01-01")],
    ["a header not accepted", "mcp.version_unsupported", usual, legacy("ping", {}, "2025-03-26")],
    ["initialize on a modern route", "mcp.version_unsupported", modernOnly, initialize()],
    [
      "initialize in a modern message",
      "mcp.method_not_in_version",
      usual,
      modern("initialize", {}),
    ],
    [
      "a legacy header, modern _meta",
      "mcp.header_mismatch",
      usual,
      legacy("tools/list", { _meta: ofMeta(MODERN) }),
    ],
    [
      "a legacy header, a version of no text in _meta",
      "mcp.header_mismatch",
      usual,
      legacy("tools/list", { _meta: ofMeta(1) }),
    ],
    [
      "a modern header, legacy _meta",
      "mcp.header_mismatch",
      usual,
      modern("tools/list", { _meta: ofMeta("2025-11-25") }),
    ],
  ])("with %s is refused as %s", (_, reason, on, changes) => {
    expect(reasonOf(() => readOn(on, changes))).toBe(reason);
  });
});

describe("mcp.version_unsupported", () => {
  const asked = (changes: Changes, on = usual) => {
    const progress: RequestProgress = {};
    expect(reasonOf(() => readOn(on, changes, progress))).toBe("mcp.version_unsupported");
    return progress.echo;
  };

  it("tells the version that was asked for, with the id of the call", () => {
    const echo = asked(legacy("ping", {}, "2024-11-05"));
    expect(echo).toMatchObject({ requestedVersion: "2024-11-05", rpcId: "7", isModern: false });
    expect(asked(initialize("2025-06-18"), modernOnly)?.requestedVersion).toBe("2025-06-18");
    expect(asked(legacy("ping", {}, "2030-01-01"))?.isModern).toBe(true);
  });

  it.each(["<script>", "a".repeat(33), "2024 11 05", ""])("does not send back %j", (version) => {
    expect(asked(legacy("ping", {}, version))).not.toHaveProperty("requestedVersion");
  });
});

describe("a refusal before the body is read", () => {
  it("has the form of the revision that the header names", () => {
    for (const [changes, isModern] of [
      [modern("tools/list"), true],
      [legacy("tools/list"), false],
    ] as const) {
      const progress: RequestProgress = {};
      const refused = withHeaders(changes, { origin: "https://evil.example" });
      expect(reasonOf(() => readOn(usual, refused, progress))).toBe("origin.refused");
      expect(progress.echo).toMatchObject({ dialect: "jsonrpc", isModern });
    }
  });
});

describe("_meta of 2026-07-28", () => {
  const capabilities = { "io.modelcontextprotocol/clientCapabilities": {} };
  it.each<[string, string, unknown]>([
    ["nothing", "mcp.meta_missing", {}],
    ["no version", "mcp.meta_missing", capabilities],
    ["no capabilities", "mcp.meta_missing", ofMeta(MODERN)],
    ["a version that is a number", "mcp.meta_missing", { ...capabilities, ...ofMeta(1) }],
    [
      "capabilities that are a list",
      "mcp.meta_missing",
      { ...ofMeta(MODERN), "io.modelcontextprotocol/clientCapabilities": [] },
    ],
    ["no object", "rpc.params_invalid", 1],
  ])("with %s is refused as %s", (_, reason, _meta) => {
    expect(reasonOf(() => read(modern("tools/list", { _meta })))).toBe(reason);
  });

  it("has to be there: mcp.meta_missing", () => {
    const bare = { ...modern("tools/list"), ...message({ method: "tools/list" }) };
    expect(reasonOf(() => read(bare))).toBe("mcp.meta_missing");
  });

  it("goes to policy as the caller's word, up to a size", () => {
    const claims = read(legacy("tools/call", { name: "a", _meta: { note: 1 } })).untrusted.value();
    expect(JSON.stringify(claims)).toBe('{"_meta":{"note":1}}');
    const long = legacy("tools/call", { name: "a", _meta: { x: "y".repeat(8_192) } });
    expect(reasonOf(() => read(long))).toBe("rpc.params_invalid");
    const info = read(legacy("initialize", { clientInfo: { name: "c" } })).untrusted.value();
    expect(JSON.stringify(info)).toBe('{"clientInfo":{"name":"c"}}');
  });
});

describe("HTTP methods", () => {
  const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_index"}}';
  const get: Changes = {
    method: "GET",
    body: undefined,
    headers: { accept: "text/event-stream", "mcp-protocol-version": "2025-11-25" },
  };

  it("GET stream is read as gateway:server:info (legacy only), and decided anew each time", () => {
    expect(readOn(usual, get)).toMatchObject({
      operation: "GET",
      action: "gateway:server:info",
      treatment: "policy",
      isCacheable: false,
    });
  });

  it("DELETE is read as gateway:server:info, allowed to everybody known (legacy only)", () => {
    expect(readOn(usual, { ...get, method: "DELETE" })).toMatchObject({
      operation: "DELETE",
      action: "gateway:server:info",
      treatment: "always",
    });
  });

  it.each<[string, string, Route, Changes]>([
    ["GET of no stream", "mcp.http_method", usual, withHeaders(get, { accept: "*/*" })],
    [
      "GET of 2026-07-28",
      "mcp.http_method",
      usual,
      withHeaders(get, { "mcp-protocol-version": MODERN }),
    ],
    ["GET on a modern route", "mcp.http_method", modernOnly, withHeaders(get, noHeader)],
    ["DELETE on a modern route", "mcp.http_method", modernOnly, { ...get, method: "DELETE" }],
    ["GET without a version", "mcp.header_missing", usual, withHeaders(get, noHeader)],
    [
      "GET of an unknown version",
      "mcp.version_unsupported",
      usual,
      withHeaders(get, { "mcp-protocol-version": "2024-11-05" }),
    ],
    ["GET with a message", "mcp.http_method", usual, { ...get, body: CALL }],
    ["DELETE with a message", "mcp.http_method", usual, { ...get, method: "DELETE", body: CALL }],
    [
      "DELETE with the length of a message",
      "mcp.http_method",
      usual,
      withHeaders({ ...get, method: "DELETE" }, { "content-length": "9" }),
    ],
    ["HEAD", "mcp.http_method", usual, { ...get, method: "HEAD" }],
    ["PUT", "mcp.http_method", usual, { method: "PUT" }],
    ["OPTIONS without listed origins", "mcp.http_method", usual, { ...get, method: "OPTIONS" }],
  ])("%s is refused as %s", (_, reason, on, changes) => {
    expect(reasonOf(() => readOn(on, changes))).toBe(reason);
  });
});
