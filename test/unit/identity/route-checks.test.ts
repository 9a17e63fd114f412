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
