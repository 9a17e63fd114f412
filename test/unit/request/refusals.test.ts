/** Request stage: each refusal it can give is given for the fault it names. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DENY_REASONS } from "../../../src/domain/reasons.ts";
import { a2aRest, a2aRpc } from "./a2a-requests.ts";
import {
  authorize,
  type Changes,
  goodHeaders,
  header,
  message,
  read,
  reasonOf,
} from "./attributes.ts";
import { legacy, modern } from "./mcp-messages.ts";

const long = (length: number) => "a".repeat(length);
const call = (params: unknown): Changes => message({ method: "tools/call", params });
const headers = (changes: Readonly<Record<string, string | undefined>>): Changes => ({
  headers: changes,
});

const CASES: Readonly<Record<string, Changes>> = {
  "request.malformed": { hasHttp: false },
  "method.refused": { method: "TRACE" },
  "method.override": headers({ "x-http-method-override": "DELETE" }),
  "upgrade.refused": headers({ connection: "keep-alive, Upgrade" }),
  "path.missing": { path: "" },
  "path.too_long": { path: `/${long(8_192)}` },
  "path.not_origin_form": { path: "http://gateway.example/mcp/demo" },
  "path.control_byte": { path: "/mcp/de mo" },
  "path.non_ascii": { path: "/mcp/d\u00e9mo" },
  "path.backslash": { path: "/mcp\\demo" },
  "path.fragment": { path: "/mcp/demo?a=1#b" },
  "path.bad_percent": { path: "/mcp/%zz" },
  "path.encoded_reserved": { path: "/mcp%2fdemo" },
  "path.not_utf8": { path: "/mcp/%c0%af" },
  "path.empty_segment": { path: "/mcp//demo" },
  "path.dot_segment": { path: "/mcp/../app" },
  "path.parameter": { path: "/mcp/demo;a=1" },
  "query.too_large": { path: `/mcp/demo?${long(8_193)}` },
  "query.repeated_key": { path: "/mcp/demo?tenant=a&tenant=b" },
  "host.missing": { host: "" },
  "host.conflict": headers({ host: "other.example" }),
  "host.invalid": { host: "user@gateway.example" },
  "header.too_large": { headerCount: 101 },
  "header.invalid_name": headers({ "x-sark (a)": "1" }),
  "header.control_byte": headers({ "user-agent": "a\r\nb" }),
  "header.not_utf8": { headers: [...goodHeaders(), header("accept", "", false)] },
  "header.underscore": headers({ x_api_key: "k" }),
  "header.duplicate": { headers: [...goodHeaders(), header("content-type", "text/plain")] },
  "header.reserved": headers({ "x-sark-user-id": "root" }),
  "route.unknown": { path: "/nowhere" },
  "route.mismatch": { contextExtensions: new Map([["sark.route", "other"]]) },
  "origin.refused": headers({ origin: "https://evil.example" }),
  "body.missing": { body: undefined },
  "body.truncated": headers({ "x-envoy-auth-partial-body": "true" }),
  "body.content_type": headers({ "content-type": "text/plain" }),
  "body.encoding": headers({ "content-encoding": "gzip" }),
  "json.bom": { body: "\ufeff{}" },
  "json.not_utf8": { body: Buffer.from([0x22, 0xff, 0x22]) },
  "json.syntax": { body: "{'a':1}" },
  "json.depth": { body: "[".repeat(33) + "]".repeat(33) },
  "json.too_many": call({ arguments: Array.from({ length: 10_001 }, () => 1) }),
  "json.duplicate_member": { body: '{"id":1,"\\u0069d":2}' },
  "json.case_variant": { body: '{"jsonrpc":"2.0","Method":"ping"}' },
  "json.reserved_member": { body: '{"params":{"__proto__":{}}}' },
  "json.number_range": { body: '{"params":{"arguments":[9007199254740993]}}' },
  "json.lone_surrogate": { body: '{"params":{"arguments":["\\ud800"]}}' },
  "rpc.batch": { body: "[]" },
  "rpc.invalid": { body: '{"jsonrpc":"1.0","method":"ping"}' },
  "rpc.id_invalid": message({ method: "ping", id: null }),
  "rpc.response_unexpected": message({ result: {} }),
  "rpc.params_invalid": message({ method: "ping", params: [] }),
  "rpc.method_unknown": message({ method: "tools/delete" }),
  "mcp.http_method": { method: "PUT" },
  "mcp.meta_missing": modern("tools/list", { _meta: {} }),
  "mcp.uri_invalid": legacy("resources/read", { uri: "a" }),
  "mcp.method_not_in_version": legacy("server/discover"),
  "mcp.direction": legacy("roots/list"),
  "mcp.header_missing": modern("tools/list", {}, { headers: { "mcp-method": undefined } }),
  "mcp.header_encoding": modern(
    "tools/call",
    { name: "a" },
    { headers: { "mcp-name": "=?base64?!?=" } },
  ),
  "mcp.session_missing": headers({ "mcp-session-id": "a b" }),
  "mcp.metadata_mismatch": { mcpMetadata: new Map([["is_mcp_request", false]]) },
  "mcp.name_invalid": call({ name: "get weather" }),
  "mcp.header_mismatch": headers({ "mcp-method": "tools/list" }),
  "mcp.version_unsupported": headers({ "mcp-protocol-version": "2024-11-05" }),
  "a2a.version_unsupported": a2aRpc("GetTask", { id: "t" }, { headers: { "a2a-version": "2.0" } }),
  "a2a.version_conflict": a2aRpc("GetTask", { id: "t" }, { query: "A2A-Version=0.3" }),
  "a2a.tenant_conflict": a2aRpc("GetTask", { id: "t", tenant: "a" }, { query: "tenant=b" }),
  "a2a.id_conflict": a2aRest("POST", "/tasks/t:cancel", { body: '{"id":"other"}' }),
  "identity.multiple": headers({ "x-api-key": "k" }),
  "identity.scheme": headers({ authorization: "Basic YTpi" }),
  "identity.malformed": headers({ authorization: "Bearer opaque" }),
  "identity.token_in_query": { path: "/mcp/demo?Access_Token=x" },
  "model.invalid": authorize({ action: "gateway:admin:delete" }),
};

describe("refusals", () => {
  it.each(Object.entries(CASES))("gives %s", (reason, changes) => {
    expect(reasonOf(() => read(changes))).toBe(reason);
  });

  it("has a case for each reason in the source", () => {
    const known: ReadonlySet<string> = new Set(DENY_REASONS);
    const files = ["src/request", "src/json"].flatMap((folder) =>
      readdirSync(folder).map((file) => `${folder}/${file}`),
    );
    const named = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/"([a-z0-9]+\.[a-z0-9_]+)"/g)].map(
        ([, code = ""]) => code,
      ),
    );
    const emitted = new Set(named.filter((code) => known.has(code)));
    expect([...emitted].sort()).toEqual(Object.keys(CASES).sort());
  });

  it("accepts what all cases are made from", () => {
    expect(reasonOf(() => read())).toBe("accepted");
  });
});
