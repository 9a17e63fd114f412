/** Canonical path: one spelling per path, and a refusal for whatever two readers could read differently. */
import { expect, it } from "vitest";
import { canonicalPath } from "../../../src/request/canonical-path.ts";
import { readRequest } from "../../../src/request/read-request.ts";
import { route } from "../../support/samples.ts";
import { attributes, type Changes, reasonOf, rules } from "./attributes.ts";

it.each([
  ["/", "/"],
  ["/mcp/demo", "/mcp/demo"],
  ["/MCP/Demo/", "/MCP/Demo/"],
  ["/%61b%2d%5f%7e", "/ab-_~"],
  ["/a%c3%a9", "/a%C3%A9"],
  ["/a%20b%2b", "/a%20b%2B"],
  ["/.hidden/...", "/.hidden/..."],
  ["/a:b@c!$&'()*+,=", "/a:b@c!$&'()*+,="],
])("writes %s as %s", (raw, canonical) => {
  expect(canonicalPath(raw)).toBe(canonical);
});

it.each([
  ["*", "path.not_origin_form"],
  ["gateway.example:443", "path.not_origin_form"],
  ["/a\tb", "path.control_byte"],
  ["/a\u007fb", "path.control_byte"],
  ["/\u0085", "path.non_ascii"],
  ["/a#b", "path.fragment"],
  ["/%", "path.bad_percent"],
  ["/%4", "path.bad_percent"],
  ["/%u0041", "path.bad_percent"],
  ["/a%5C..", "path.encoded_reserved"],
  ["/%2e%2E/a", "path.encoded_reserved"],
  ["/%252e", "path.encoded_reserved"],
  ["/a%00", "path.encoded_reserved"],
  ["/a%0d%0A", "path.encoded_reserved"],
  ["/a%1f", "path.encoded_reserved"],
  ["/a%7F", "path.encoded_reserved"],
  ["/a%3bb", "path.encoded_reserved"],
  ["/%ed%a0%80", "path.not_utf8"],
  ["/%ff", "path.not_utf8"],
  ["//", "path.empty_segment"],
  ["/.", "path.dot_segment"],
  ["/a/..", "path.dot_segment"],
  ["/a/..;/b", "path.dot_segment"],
  ["/a/.;b", "path.dot_segment"],
  ["/a;b", "path.parameter"],
  [`/${"a".repeat(9_000)}`, "path.too_long"],
])("refuses %j as %s", (raw, reason) => {
  expect(reasonOf(() => canonicalPath(raw))).toBe(reason);
});

it("gives the reason of the first broken rule", () => {
  expect(reasonOf(() => canonicalPath("/a\\b#c//d;e"))).toBe("path.backslash");
  expect(reasonOf(() => canonicalPath("/%zz/%2f"))).toBe("path.bad_percent");
});

const RELAXED: ReadonlySet<"semicolon"> = new Set(["semicolon"]);

it.each([
  ["/a;b=1/c", "/a;b=1/c"],
  ["/a%3bb/%41;", "/a%3Bb/A;"],
  ["/a;/b;", "/a;/b;"],
])("keeps parameters as they stand where they are allowed: %s", (raw, canonical) => {
  expect(canonicalPath(raw, RELAXED)).toBe(canonical);
  expect(canonicalPath(canonical, RELAXED)).toBe(canonical);
});

it.each([
  ["/a/..;/b", "path.dot_segment"],
  ["/a/.;x", "path.dot_segment"],
  ["/a/..%3B/b", "path.dot_segment"],
  ["/a/.%3bx", "path.dot_segment"],
  ["/a;//b", "path.empty_segment"],
  ["/a;%2f", "path.encoded_reserved"],
  ["/a;\\", "path.backslash"],
])("relaxes nothing else: %s is %s", (raw, reason) => {
  expect(reasonOf(() => canonicalPath(raw, RELAXED))).toBe(reason);
});

it("counts bytes", () => {
  expect(reasonOf(() => canonicalPath(`/${"\u00e9".repeat(4_096)}`))).toBe("path.too_long");
  expect(reasonOf(() => canonicalPath(`/${"\u00e9".repeat(4_095)}`))).toBe("path.non_ascii");
  expect(reasonOf(() => canonicalPath(`/${"a".repeat(8_191)}`))).toBe("accepted");
});

it("is relaxed on the routes that say so, and on no other", () => {
  const base = {
    surface: "http",
    serverName: undefined,
    body: "optional",
    path: undefined,
  } as const;
  const table = rules([
    route({ ...base, name: "open", pathPrefix: "/open", pathAllow: RELAXED }),
    route({ ...base, name: "shut", pathPrefix: "/shut" }),
    route({ ...base, name: "exact", path: "/v;1", pathPrefix: undefined, pathAllow: RELAXED }),
  ]);
  const outcome = (changes: Changes) =>
    reasonOf(() => readRequest(attributes({ method: "GET", ...changes }), table, {}));
  const at = (path: string) => readRequest(attributes({ path }), table, {});
  expect(at("/open/a;b%3bc").path).toBe("/open/a;b%3Bc");
  expect(at("/v;1").route.name).toBe("exact");
  expect(outcome({ path: "/shut/a;b" })).toBe("path.parameter");
  expect(outcome({ path: "/shut/a%3Bb" })).toBe("path.encoded_reserved");
  expect(outcome({ path: "/open;a/b" })).toBe("path.parameter");
  expect(outcome({ path: "/v" })).toBe("route.unknown");
  expect(outcome({ path: "/v;1;" })).toBe("path.parameter");
  expect(outcome({ path: "/open/..;/shut" })).toBe("path.dot_segment");
  expect(outcome({ path: "/open/a;b", host: "" })).toBe("path.parameter");
});

it("is not relaxed where a server that strips parameters would serve another route", () => {
  const base = { surface: "http", serverName: undefined, body: "optional" } as const;
  const open = { ...base, path: undefined, pathAllow: RELAXED };
  const table = rules([
    route({ ...open, name: "open", pathPrefix: "/open" }),
    route({ ...open, name: "inner", pathPrefix: "/open/inner" }),
    route({ ...base, name: "admin", path: "/open/admin" }),
    route({ ...base, name: "exact", path: "/open/v;1", pathAllow: RELAXED }),
  ]);
  const outcome = (path: string) => reasonOf(() => readRequest(attributes({ path }), table, {}));
  for (const path of ["/open/admin;x", "/open/admin%3bx", "/open/;x/admin", "/open/inner;/a"]) {
    expect(outcome(path)).toBe("path.parameter");
  }
  for (const path of ["/open/admin;x/a", "/open/a;x", "/open/inner/a;x", "/open/v;1"]) {
    expect(outcome(path)).toBe("accepted");
  }
});
