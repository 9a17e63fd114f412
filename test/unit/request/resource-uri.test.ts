/** A resource has one spelling: what an upstream could take for another one is refused. */
import { expect, it } from "vitest";
import { requireUri } from "../../../src/request/resource-uri.ts";
import { reasonOf } from "./attributes.ts";

it.each([
  "file:///notes/a.txt",
  "demo://resource/dynamic/text/{id}",
  "urn:isbn:0451450523",
  "https://api.example/v1/a..b/.hidden?q=1,2&r=%20",
  "x+y.z-1:a",
  "a:...",
  `a:${"b".repeat(2_046)}`,
])("%s is taken", (uri) => {
  expect(reasonOf(() => requireUri(uri))).toBe("accepted");
});

it.each([
  "",
  "a",
  "a:",
  "/notes/a.txt",
  "1a:b",
  "a b:c",
  `a:${"b".repeat(2_047)}`,
  "file:///a b",
  "file:///a\u00fc",
  "file:///a\n",
  "file:\\\\host",
  "file:///a#b",
  "file:///a/../b",
  "file:///a/./b",
  "file:///..",
  "file:///a/.",
  "file:../b",
  "file:..",
  "file:///a/..;x/b",
  "file:///a/..?q",
  "file:///a?/../b",
  "file:///%2e%2e/b",
  "file:///a%2Fb",
  "file:///a%5cb",
  "file:///a%00",
])("%j is refused as mcp.uri_invalid", (uri) => {
  expect(reasonOf(() => requireUri(uri))).toBe("mcp.uri_invalid");
});
