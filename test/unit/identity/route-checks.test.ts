/** Route checks: a token that is good for one route proves nothing about another. */
import { describe, expect, it } from "vitest";
import type { Principal, VerifiedCredential } from "../../../src/domain/principal.ts";
import type { Route } from "../../../src/domain/route.ts";
import { requireForRoute } from "../../../src/identity/route-checks.ts";
import { revocable } from "../../support/samples.ts";

const verified = (principal: object, audiences: readonly string[]): VerifiedCredential => ({
  principal: { kind: "user", scopes: [], ...principal } as unknown as Principal,
  audiences,
  expiresAtS: 1_764_003_600,
  notBeforeS: 0,
  keyThumbprint: "k1",
  revocable: revocable(),
});
const route = (change: object): Route =>
  ({
    principals: new Set(["user"]),
    audience: undefined,
    scopeRules: [],
    scopeImplies: new Map(),
    ...change,
  }) as unknown as Route;

const check = (token: VerifiedCredential, on: Route, action = "gateway:tool:invoke") => {
  try {
    requireForRoute(token, on, action, "get_weather");
    return "fine";
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
};

describe("kind", () => {
  it.each([
    ["user", ["user", "api_key"], "fine"],
    ["agent", ["user", "api_key"], "identity.type"],
    ["user", ["agent"], "identity.type"],
    ["agent", ["agent"], "fine"],
    ["user", [], "identity.type"],
  ])("%s on a route for %j: %s", (kind, principals, expected) => {
    expect(check(verified({ kind }, ["a"]), route({ principals: new Set(principals) }))).toBe(
      expected,
    );
  });
});

describe("audience", () => {
  const audience = "https://gateway.example/mcp/demo";
  it.each([
    [[audience], "fine"],
    [["sark-api", audience], "fine"],
    [["sark-api"], "identity.audience"],
    [[`${audience}/`], "identity.audience"],
    [["https://gateway.example/mcp"], "identity.audience"],
    [[audience.toUpperCase()], "identity.audience"],
    [[], "identity.audience"],
  ])("%j: %s", (audiences, expected) => {
    expect(check(verified({}, audiences), route({ audience }))).toBe(expected);
  });

  it("is any of the issuer's where the route names none", () => {
    expect(check(verified({}, ["sark-api"]), route({}))).toBe("fine");
  });
});

describe("scopes", () => {
  const scopeRules = [
    { action: "gateway:tool:invoke", tool: undefined, scopes: ["tools:call", "tools:write"] },
  ];
  it.each([
    [["tools:write", "tools:call", "other"], "fine"],
    [["tools:call"], "identity.insufficient_scope"],
    [["tools"], "identity.insufficient_scope"],
    [[], "identity.insufficient_scope"],
  ])("%j: %s", (held, expected) => {
    expect(check(verified({ scopes: held }, []), route({ scopeRules }))).toBe(expected);
  });

  it("of another action are not needed", () => {
    expect(check(verified({}, []), route({ scopeRules }), "gateway:tool:list")).toBe("fine");
  });
});

describe("scopes of an API key", () => {
  const key = (scopes: readonly string[]) => verified({ kind: "api_key", scopes }, []);
  const principals = new Set(["api_key"]);
  const scopeRules = [
    { action: "gateway:tool:invoke", tool: undefined, scopes: ["gateway:tools:read", "own:one"] },
  ];
  const MISSING = "identity.insufficient_scope";
  it.each([
    [["gateway:authorize"], { surface: "mcp" }, "fine"],
    [["gateway:*"], { surface: "http" }, "fine"],
    [["admin"], { surface: "sark", endpoint: "authorize" }, "fine"],
    [["gateway:authorize-a2a"], { surface: "sark", endpoint: "authorize" }, MISSING],
    [["gateway:authorize"], { surface: "sark", endpoint: "authorize-a2a" }, MISSING],
    [["gateway:authorize-a2a"], { surface: "sark", endpoint: "authorize-a2a" }, "fine"],
    [["gateway:authorize"], { surface: "a2a" }, MISSING],
    [["gateway:audit", "gateway", "Admin", "gateway:authorize2"], { surface: "mcp" }, MISSING],
    [[], { surface: "mcp" }, MISSING],
    [["gateway:*"], { surface: "mcp", scopeRules }, MISSING],
    [["gateway:*", "own:one"], { surface: "mcp", scopeRules }, "fine"],
    [["gateway:authorize", "own:one"], { surface: "mcp", scopeRules }, MISSING],
    [["admin"], { surface: "mcp", scopeRules }, MISSING],
  ])("%j on %j: %s", (scopes, on, expected) => {
    expect(check(key(scopes), route({ principals, ...on }))).toBe(expected);
  });

  it("say nothing of a user: its broad names hold nothing", () => {
    expect(check(verified({ scopes: ["admin"] }, []), route({ scopeRules }))).toBe(MISSING);
  });

  it("needs no audience, which a key does not have", () => {
    const on = route({ principals, surface: "mcp", audience: "https://gateway.example" });
    expect(check(key(["gateway:authorize"]), on)).toBe("fine");
  });
});
