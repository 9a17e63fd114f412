/** Route extensions: Envoy may set what its table of keys allows, may tighten the mode, and nothing else. */
import { describe, expect, it } from "vitest";
import { RouteExtensions } from "../../../src/request/route-extensions.ts";
import { route } from "../../support/samples.ts";
import { reasonOf } from "./attributes.ts";

const base = route({ mode: "migration" });
const apply = (entries: Readonly<Record<string, string>>, of = base) =>
  new RouteExtensions().apply(of, new Map(Object.entries(entries)));

describe("keys", () => {
  it.each([
    ["sark.surface", "http", { surface: "http" }],
    ["sark.mode", "strict", { mode: "strict" }],
    ["sark.mode", "migration", { mode: "migration" }],
    ["sark.policy", "mcp/gateway/result", { policy: "mcp/gateway/result" }],
    ["sark.server_name", "files", { serverName: "files" }],
    ["sark.environment", "staging", { environment: "staging" }],
    ["sark.tenant", "acme", { tenant: "acme" }],
    ["sark.audience", "https://a.example/mcp", { audience: "https://a.example/mcp" }],
    ["sark.body", "optional", { body: "optional" }],
    ["sark.mcp_source", "body", {}],
    ["sark.param_filter", "upstream", { paramFilter: "upstream" }],
    ["sark.strip_authorization", "false", { stripAuthorization: false }],
    ["sark.jsonrpc_denial_code", "own", { jsonrpcDenialCode: "own" }],
    ["sark.surface", "a2a", { surface: "a2a" }],
    ["sark.agent_id", "worker:1", { agentId: "worker:1" }],
    ["sark.mtls", "required", { mtls: "required" }],
    ["sark.mcp_source", "both", { mcp: { source: "both" } }],
    ["sark.route", "mcp-demo", {}],
  ])("%s: %s is followed", (key, value, fields) => {
    expect(apply({ [key]: value })).toMatchObject({ ...fields, name: "mcp-demo" });
  });

  it.each([
    ["sark.mode", "observe"],
    ["sark.mode", "Strict"],
    ["sark.surface", "sark"],
    ["sark.policy", "../x"],
    ["sark.server_name", ""],
    ["sark.body", "maybe"],
    ["sark.mcp_source", "headers"],
    ["sark.strip_authorization", "yes"],
    ["sark.mtls", "maybe"],
    ["sark.agent_id", "a b"],
    ["sark.unheard", "x"],
    ["sark.", "x"],
    ["sark.constructor", "x"],
  ])("%s: %s is a fault of the installation", (key, value) => {
    expect(reasonOf(() => apply({ [key]: value }))).toBe("check.internal");
  });

  it("refuse a route that is not the matched one", () => {
    expect(reasonOf(() => apply({ "sark.route": "other" }))).toBe("route.mismatch");
  });

  it("without the prefix go to policy", () => {
    expect({ ...apply({ team: "x", "Sark.mode": "observe" }).extensions }).toEqual({
      team: "x",
      "Sark.mode": "observe",
    });
  });
});

describe("outcome", () => {
  it("is the same object for the same content, and depends on nothing but content", () => {
    const extensions = new RouteExtensions();
    const one = extensions.apply(
      base,
      new Map([
        ["a", "1"],
        ["b", "2"],
      ]),
    );
    expect(
      extensions.apply(
        base,
        new Map([
          ["a", "1"],
          ["b", "2"],
        ]),
      ),
    ).toBe(one);
    const other = extensions.apply(
      base,
      new Map([
        ["b", "2"],
        ["a", "1"],
      ]),
    );
    expect(other.keyPart).toBe(one.keyPart);
  });

  it("has another key part as soon as anything differs", () => {
    const parts = [
      {},
      { a: "1" },
      { a: "2" },
      { a1: "" },
      { "sark.mode": "strict" },
      { "sark.tenant": "acme" },
      { "sark.strip_authorization": "false" },
    ].map((entries) => apply(entries as Record<string, string>).keyPart);
    expect(new Set(parts).size).toBe(parts.length);
  });

  it("does not confuse contents whose texts run together", () => {
    const extensions = new RouteExtensions();
    const one = extensions.apply(base, new Map([["a", "1:b"]]));
    const other = extensions.apply(
      base,
      new Map([
        ["a", "1"],
        ["b", ""],
      ]),
    );
    expect(other).not.toBe(one);
  });

  it("stays bounded", () => {
    const extensions = new RouteExtensions();
    const first = extensions.apply(base, new Map([["n", "0"]]));
    for (let n = 1; n <= 300; n++) extensions.apply(base, new Map([["n", String(n)]]));
    const again = extensions.apply(base, new Map([["n", "0"]]));
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });

  it("is frozen and leaves the entry alone", () => {
    const merged = apply({ "sark.mode": "strict", a: "1" });
    expect(Object.isFrozen(merged)).toBe(true);
    expect(Object.isFrozen(merged.extensions)).toBe(true);
    expect(base.mode).toBe("migration");
  });
});
