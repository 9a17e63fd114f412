/** Route entries become complete routes, and their matches are spelled as requests are. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  isCanonicalHost,
  isCanonicalPath,
  isCanonicalPrefix,
} from "../../../src/config/match-rules.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { domainRoutes } from "../../../src/config/routes.ts";
import { canonicalHost } from "../../../src/request/canonical-host.ts";
import { canonicalPath } from "../../../src/request/canonical-path.ts";
import { RouteTable } from "../../../src/request/route-table.ts";

const COMPLETE = readFileSync("test/fixtures/config/complete.yaml", "utf8");

function routesOf(text: string) {
  return domainRoutes(parseConfig(text, "a.yaml", {}).routes);
}

it("fills in what depends on surface and mode", () => {
  const [authorize, a2a, mcp, app] = routesOf(COMPLETE);
  expect(authorize).toMatchObject({
    endpoint: "authorize",
    mode: "migration",
    body: "required",
    stripAuthorization: false,
    principals: new Set(["user", "api_key"]),
  });
  expect(a2a).toMatchObject({ endpoint: "authorize-a2a", principals: new Set(["agent"]) });
  expect(mcp).toMatchObject({ endpoint: undefined, stripAuthorization: true, body: "required" });
  expect(app).toMatchObject({ pathPrefix: "/app", path: undefined, body: "none" });
});

it("takes every field of an entry", () => {
  const text = COMPLETE.replace(
    /^ {2}- \{ name: app.*$/m,
    `  - name: app
    match: { path: /app, hosts: ["app.example:8443"] }
    surface: mcp
    mode: observe
    policy: my/rule
    environment: production
    tenant: t1
    param_filter: upstream
    jsonrpc_denial_code: own
    principals: [user, agent]
    scopes: { "gateway:tool:invoke": [tools] }
    mcp: { resource_metadata_url: "https://gateway.example/.well-known/oauth-protected-resource" }`,
  );
  expect(routesOf(text)[3]).toMatchObject({
    hosts: new Set(["app.example:8443"]),
    methods: undefined,
    surface: "mcp",
    mode: "observe",
    policy: "my/rule",
    environment: "production",
    tenant: "t1",
    paramFilter: "upstream",
    stripAuthorization: false,
    jsonrpcDenialCode: "own",
    principals: new Set(["user", "agent"]),
    scopeRules: [{ action: "gateway:tool:invoke", tool: undefined, scopes: ["tools"] }],
    resourceMetadataUrl: "https://gateway.example/.well-known/oauth-protected-resource",
  });
});

it("tells two routes apart in the decision key", () => {
  const parts = routesOf(COMPLETE).map(({ keyPart }) => keyPart);
  expect(new Set(parts).size).toBe(3); // the two SARK endpoints differ in name only
});

it("is what the route table accepts", () => {
  expect(() => new RouteTable(routesOf(COMPLETE))).not.toThrow();
});

it.each([
  ["/", true],
  ["/app", true],
  ["/app/", true],
  ["/a%20b", true],
  ["/a%C3%A9", true],
  ["/v1/tasks/x:cancel", true],
  ["app", false],
  ["/a//b", false],
  ["/a/../b", false],
  ["/a/.", false],
  ["/a%41", false],
  ["/a%c3%a9", false],
  ["/a%2fb", false],
  ["/a%3B", true],
  ["/a%3b", false],
  ["/a/..;/b", false],
  ["/a/.%3B", false],
  ["/a%0A", false],
  ["/a%7F", false],
  ["/a%", false],
  ["/a;b", true],
  ["/a#b", false],
  ["/a b", false],
  ["/é", false],
])("reads path %s as the request stage does", (path, isCanonical) => {
  expect(isCanonicalPath(path)).toBe(isCanonical);
  let canonical: string | undefined;
  try {
    canonical = canonicalPath(path, new Set(["semicolon"]));
  } catch {
    canonical = undefined;
  }
  expect(canonical === path).toBe(isCanonical);
});

it("takes a semicolon where the entry allows it", () => {
  const text = COMPLETE.replace(
    /^ {2}- \{ name: app.*$/m,
    "  - { name: app, match: { path: /app;v=1 }, path_allow: [semicolon] }",
  );
  const routes = routesOf(text);
  expect(routes[3]).toMatchObject({ path: "/app;v=1", pathAllow: new Set(["semicolon"]) });
  expect(new RouteTable(routes).match("GET", "any.example", "/app;v=1")?.name).toBe("app");
});

it("refuses a query in a path", () => {
  expect(isCanonicalPath("/a?b")).toBe(false);
});

it("wants a prefix to end with a segment", () => {
  expect(["/", "/a", "/a/", "/a/b"].filter(isCanonicalPrefix)).toEqual(["/", "/a", "/a/b"]);
});

it.each([
  ["app.example", true],
  ["app.example:8443", true],
  ["[::1]:8443", true],
  ["10.0.0.1", true],
  ["App.example", false],
  ["app.example.", false],
  ["app.example:443", false],
  ["[::1]:80", false],
  ["app..example", false],
  ["https://app.example", false],
  ["*", false],
])("takes host %s: %s", (host, isCanonical) => {
  expect(isCanonicalHost(host)).toBe(isCanonical);
  if (isCanonical) expect(canonicalHost(host, "https")).toBe(host);
});
