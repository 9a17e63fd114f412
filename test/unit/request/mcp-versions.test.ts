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

  it.each<[string, Route, Changes, string]>([
    ["no header", usual, {}, "mcp.header_missing"],
    [
      "no header, but a version in _meta",
      accepting("2026-07-28", "2025-03-26"),
      modern("tools/list", {}, { headers: noHeader }),
      "mcp.header_missing",
    ],
    [
      "initialize with a version in _meta",
      usual,
      message({ method: "initialize", params: { _meta: ofMeta(MODERN) } }),
      "mcp.header_missing",
    ],
    ["an unknown header", usual, legacy("ping", {}, "2024-11-05"), "mcp.version_unsupported"],
    ["a later header", usual, legacy("ping", {}, "2030-01-01"), "mcp.version_unsupported"],
    ["a header not accepted", usual, legacy("ping", {}, "2025-03-26"), "mcp.version_unsupported"],
    ["initialize on a modern route", modernOnly, initialize(), "mcp.version_unsupported"],
    [
      "initialize in a modern message",
      usual,
      modern("initialize", {}),
      "mcp.method_not_in_version",
    ],
    [
      "a legacy header, modern _meta",
      usual,
      legacy("tools/list", { _meta: ofMeta(MODERN) }),
      "mcp.header_mismatch",
    ],
    [
      "a legacy header, a version of no text in _meta",
      usual,
      legacy("tools/list", { _meta: ofMeta(1) }),
      "mcp.header_mismatch",
    ],
    [
      "a modern header, legacy _meta",
      usual,
      modern("tools/list", { _meta: ofMeta("2025-11-25") }),
      "mcp.header_mismatch",
    ],
  ])("with %s is refused", (_, on, changes, reason) => {
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

describe("_meta of 2026-07-28", () => {
  const capabilities = { "io.modelcontextprotocol/clientCapabilities": {} };
  it.each<[string, unknown, string]>([
    ["nothing", {}, "mcp.meta_missing"],
    ["no version", capabilities, "mcp.meta_missing"],
    ["no capabilities", ofMeta(MODERN), "mcp.meta_missing"],
    ["a version that is a number", { ...capabilities, ...ofMeta(1) }, "mcp.meta_missing"],
    [
      "capabilities that are a list",
      { ...ofMeta(MODERN), "io.modelcontextprotocol/clientCapabilities": [] },
      "mcp.meta_missing",
    ],
    ["no object", 1, "rpc.params_invalid"],
  ])("with %s is refused", (_, _meta, reason) => {
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

  it.each<[string, Route, Changes, string]>([
    ["GET of no stream", usual, withHeaders(get, { accept: "*/*" }), "mcp.http_method"],
    [
      "GET of 2026-07-28",
      usual,
      withHeaders(get, { "mcp-protocol-version": MODERN }),
      "mcp.http_method",
    ],
    ["GET on a modern route", modernOnly, withHeaders(get, noHeader), "mcp.http_method"],
    ["DELETE on a modern route", modernOnly, { ...get, method: "DELETE" }, "mcp.http_method"],
    ["GET without a version", usual, withHeaders(get, noHeader), "mcp.header_missing"],
    [
      "GET of an unknown version",
      usual,
      withHeaders(get, { "mcp-protocol-version": "2024-11-05" }),
      "mcp.version_unsupported",
    ],
    ["HEAD", usual, { ...get, method: "HEAD" }, "mcp.http_method"],
    ["PUT", usual, { method: "PUT" }, "mcp.http_method"],
    ["OPTIONS without listed origins", usual, { ...get, method: "OPTIONS" }, "mcp.http_method"],
  ])("%s is refused", (_, on, changes, reason) => {
    expect(reasonOf(() => readOn(on, changes))).toBe(reason);
  });
});
