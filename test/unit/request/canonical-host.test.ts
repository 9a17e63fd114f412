/** Canonical host: one spelling per authority. */
import { expect, it } from "vitest";
import { canonicalHost, HOST_RULES, readAuthority } from "../../../src/request/canonical-host.ts";
import { firstBroken } from "../../../src/request/request-rule.ts";

const reasonOf = (raw: string, header?: string, scheme = "https") =>
  firstBroken(HOST_RULES, readAuthority(raw, header, scheme))?.reason;

it.each([
  ["Gateway.Example", "gateway.example"],
  ["gateway.example.", "gateway.example"],
  ["gateway.example:443", "gateway.example"],
  ["gateway.example.:8443", "gateway.example:8443"],
  ["gateway.example:80", "gateway.example:80"],
  ["[2001:DB8::1]:443", "[2001:db8::1]"],
  ["[::ffff:10.0.0.1]:65535", "[::ffff:10.0.0.1]:65535"],
  ["10.0.0.1", "10.0.0.1"],
])("writes %s as %s", (raw, canonical) => {
  expect(canonicalHost(raw, "https")).toBe(canonical);
});

it.each([
  "a..b",
  ".a",
  "a..",
  ".",
  "a_b",
  "a@b",
  "a b",
  "a:",
  "a:0",
  "a:065",
  "a:65536",
  "a:80:80",
  "::1",
  "[::1",
  "[a]",
  "a[::1]",
  "\u00e4.example",
  "\u212a.example",
  "a".repeat(256),
])("refuses %j", (raw) => {
  expect(canonicalHost(raw, "https")).toBeUndefined();
  expect(reasonOf(raw)).toBe("host.invalid");
});

it.each([
  ["a.example", "A.example:443", undefined],
  ["a.example", "a.example.", undefined],
  ["a.example", "a.example:80", "host.conflict"],
  ["a.example", "b.example", "host.conflict"],
  ["a.example", "", "host.conflict"],
  ["a.example", "a.example,a.example", "host.conflict"],
  ["a.example,a.example", undefined, "host.conflict"],
  ["a_b", "a_b", "host.invalid"],
  ["", "a.example", "host.missing"],
])("says of host %j with header %j %s", (raw, header, reason) => {
  expect(reasonOf(raw, header)).toBe(reason);
});

it.each([
  ["HTTPS", undefined],
  ["http", undefined],
  ["ws", "request.malformed"],
  ["", "request.malformed"],
])("says of scheme %j %s", (scheme, reason) => {
  expect(reasonOf("a.example", undefined, scheme)).toBe(reason);
});

it("drops the port of the request's own scheme only", () => {
  expect(canonicalHost("a:80", "http")).toBe("a");
  expect(canonicalHost("a:443", "http")).toBe("a:443");
});
