/** readRequest: stages in a fixed order, and everything known so far is told even when it refuses. */
import { describe, expect, it } from "vitest";
import { type RequestProgress, readRequest } from "../../../src/request/read-request.ts";
import { attributes, authorize, type Changes, read, reasonOf, rules, TOKEN } from "./attributes.ts";

it("reads what every surface has", () => {
  const request = read({ path: "/mcp/demo?a=1?b", host: "Gateway.example:443" });
  expect(request).toMatchObject({
    method: "POST",
    host: "gateway.example",
    path: "/mcp/demo",
    query: "a=1?b",
    requestId: "r-1",
    clientIp: "10.0.0.7",
    userAgent: "test/1",
    credential: { kind: "bearer", token: TOKEN },
  });
  expect(request.route.name).toBe("mcp-demo");
});

it("leaves a missing credential to the spine", () => {
  expect(read({ headers: { authorization: undefined } }).credential).toBeUndefined();
});

it.each([
  ["a".repeat(128), "a".repeat(128)],
  ["a".repeat(129), ""],
  ["a b", ""],
  ["a\u00e9", ""],
  ["", ""],
])("takes request id %j as %j", (header, requestId) => {
  expect(read({ headers: { "x-request-id": header } }).requestId).toBe(requestId);
});

describe("order", () => {
  const faults: readonly [string, Changes][] = [
    ["method.refused", { method: "CONNECT" }],
    ["path.empty_segment", { path: "//?access_token=x" }],
    ["identity.token_in_query", { path: "/nowhere?access_token=x", host: "a b" }],
    ["host.invalid", { path: "/nowhere", host: "a b" }],
    ["header.reserved", { headers: { "x-sark-a": "1", authorization: "x" } }],
    ["route.unknown", { path: "/nowhere", headers: { authorization: "x" } }],
    ["identity.scheme", { headers: { authorization: "x", "content-type": "x" } }],
    ["body.content_type", { headers: { "content-type": "x" }, body: "{" }],
    ["json.syntax", { body: "{" }],
  ];

  it("is method, path, query, host, headers, route, credential, body", () => {
    for (const [at, [reason]] of faults.entries()) {
      const later = faults.slice(at).map(([, changes]) => changes);
      const together: Changes = Object.assign({}, ...later.reverse());
      expect(reasonOf(() => read(together))).toBe(reason);
    }
  });
});

describe("progress", () => {
  it.each<[string, Changes, RequestProgress["echo"]]>([
    ["mcp", { headers: { "x-sark-a": "1" } }, undefined],
    ["sark", authorize("{"), undefined],
    ["http", { path: "/upload", body: undefined }, undefined],
  ])("has the dialect of %s when a refusal comes", (surface, changes) => {
    const progress: RequestProgress = {};
    expect(reasonOf(() => read(changes, progress))).not.toBe("accepted");
    expect(progress.echo?.dialect).toBe(surface === "mcp" ? "jsonrpc" : surface);
    expect(progress.route?.surface).toBe(surface);
    expect(progress).toMatchObject({ requestId: "r-1", clientIp: "10.0.0.7" });
  });

  it("has the matched route when Envoy's keys can not be followed", () => {
    const progress: RequestProgress = {};
    const changes = { contextExtensions: new Map([["sark.x", "y"]]) };
    expect(reasonOf(() => read(changes, progress))).toBe("check.internal");
    expect(progress.route?.name).toBe("mcp-demo");
  });

  it("has the route as Envoy changed it", () => {
    const progress: RequestProgress = {};
    const given = attributes({ contextExtensions: new Map([["sark.tenant", "acme"]]) });
    const request = readRequest(given, rules(), progress);
    expect(progress.route).toBe(request.route);
    expect(request.route.tenant).toBe("acme");
    expect(progress.echo).toBe(request.echo);
  });
});
