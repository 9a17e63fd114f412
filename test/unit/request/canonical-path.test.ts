/** Canonical path: one spelling per path, and a refusal for whatever two readers could read differently. */
import { expect, it } from "vitest";
import { canonicalPath } from "../../../src/request/canonical-path.ts";
import { reasonOf } from "./attributes.ts";

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
