/** Protected-resource metadata (RFC 9728): address, content and faults of the documents. */
import { describe, expect, it } from "vitest";
import {
  metadataFaults,
  metadataUrlOf,
  resourceDocuments,
} from "../../../src/config/resource-metadata.ts";

const servers = ["https://idp.example"];
const entry = (audience: string | undefined, mcp: object = {}, scopes = {}) => ({
  audience,
  scopes,
  mcp: { scopes: [], authorization_servers: servers, ...mcp },
});

it.each([
  ["https://a.example", "/.well-known/oauth-protected-resource"],
  ["https://a.example/", "/.well-known/oauth-protected-resource"],
  ["https://a.example/mcp", "/.well-known/oauth-protected-resource/mcp"],
  ["https://a.example/mcp/", "/.well-known/oauth-protected-resource/mcp/"],
  ["https://a.example:8443/mcp/x", "/.well-known/oauth-protected-resource/mcp/x"],
])("puts the well-known name between host and path: %s", (audience, path) => {
  const [made] = resourceDocuments([entry(audience)]);
  expect(made?.path).toBe(path);
  expect(made?.url).toBe(`https://${audience.split("/")[2]}${path}`);
  expect(made?.document).toEqual({
    resource: audience,
    authorization_servers: servers,
    bearer_methods_supported: ["header"],
  });
  expect(metadataUrlOf(entry(audience))).toBe(made?.url);
  expect(metadataFaults(entry(audience))).toEqual([]);
});

it.each([
  undefined,
  "sark-api",
  "http://a.example/mcp",
  "https://A.example/mcp",
  "https://a.example/mcp?x=1",
  "https://a.example/mcp#x",
  "https://a.example/a/../b",
  "https://a.example//mcp",
  "https://user@a.example/mcp",
])("takes no other audience for a resource: %s", (audience) => {
  expect(metadataFaults(entry(audience))).toMatchObject([{ path: ["audience"] }]);
});

describe("scopes_supported", () => {
  const scopesOf = (...entries: Parameters<typeof resourceDocuments>[0]) =>
    resourceDocuments(entries).map(({ document }) => document.scopes_supported);

  it("lists what any operation needs, never offline_access", () => {
    const rules = [{ scopes: ["b", "offline_access"] }, { scopes: ["a", "b"] }];
    const made = entry("https://a.example", { scopes: rules }, { "x:y": ["c"] });
    expect(scopesOf(made)).toEqual([["a", "b", "c"]]);
  });

  it("is joined where routes share an audience", () => {
    const one = entry("https://a.example", { scopes: [{ scopes: ["a"] }] });
    const other = entry("https://a.example", { scopes: [{ scopes: ["b"] }] });
    expect(scopesOf(one, other, entry("https://b.example"))).toEqual([["a", "b"], undefined]);
  });
});

it("makes no document without authorization servers, and no address", () => {
  const bare = entry("https://a.example", { authorization_servers: undefined });
  expect(resourceDocuments([bare])).toEqual([]);
  expect(metadataUrlOf(bare)).toBeUndefined();
});

it("keeps an address that is written down, if it leads to the document", () => {
  const url = "https://other.example/.well-known/oauth-protected-resource/mcp";
  const fitting = entry("https://a.example/mcp", { resource_metadata_url: url });
  expect(metadataUrlOf(fitting)).toBe(url);
  expect(metadataFaults(fitting)).toEqual([]);
  const lost = entry("https://a.example/mcp", { resource_metadata_url: "https://other.example" });
  expect(metadataFaults(lost)).toMatchObject([{ path: ["mcp", "resource_metadata_url"] }]);
});

it("bounds what a header and a document can hold", () => {
  const many = Array.from({ length: 50 }, (_, index) => `${index}-${"s".repeat(100)}`);
  const wide = entry("https://a.example", { scopes: [{ scopes: many }] });
  expect(metadataFaults(wide)).toMatchObject([{ path: ["scopes"] }]);
  const issuers = many.map((name) => `https://${name}.example`);
  const long = entry("https://a.example", { authorization_servers: issuers });
  expect(metadataFaults(long)).toMatchObject([{ path: ["mcp", "authorization_servers"] }]);
});
