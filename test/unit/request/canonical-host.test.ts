/** Canonical host: one spelling per authority. */
import { expect, it } from "vitest";
import { canonicalHost, readScheme, requireSameHost } from "../../../src/request/canonical-host.ts";
import { reasonOf } from "./attributes.ts";

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
  "a,b",
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
  "a".repeat(256),
])("refuses %j", (raw) => {
  expect(reasonOf(() => canonicalHost(raw, "https"))).toBe("host.invalid");
});

it("takes a host header that means the same and no other", () => {
  expect(reasonOf(() => requireSameHost("A.example:443", "a.example", "https"))).toBe("accepted");
  expect(reasonOf(() => requireSameHost("a.example:80", "a.example", "https"))).toBe(
    "host.conflict",
  );
  expect(reasonOf(() => requireSameHost("a.example,a.example", "a.example", "https"))).toBe(
    "host.conflict",
  );
});

it("knows two schemes", () => {
  expect(readScheme("HTTPS")).toBe("https");
  expect(reasonOf(() => readScheme("ws"))).toBe("request.malformed");
  expect(reasonOf(() => readScheme(""))).toBe("request.malformed");
});
