/** Registered claims: times to the second, exact audiences, access tokens only. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/domain/json.ts";
import type { Issuer } from "../../../src/identity/issuer.ts";
import { readRegisteredClaims } from "../../../src/identity/registered-claims.ts";

const NOW_S = 1_764_000_000;
const SKEW_S = 30;
const issuer = {
  audiences: new Set(["sark-api", "https://gateway.example/mcp/demo"]),
  tokenAgeSecondsMax: 86_400,
} as unknown as Issuer;

function outcome(change: Record<string, unknown>, unixMs = NOW_S * 1_000): string {
  const payload = { aud: "sark-api", exp: NOW_S + 60, ...change } as JsonObject;
  try {
    readRegisteredClaims(payload, issuer, unixMs, SKEW_S);
    return "fine";
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

describe("exp", () => {
  it.each([
    [undefined, "identity.claims"],
    [null, "identity.claims"],
    [String(NOW_S + 60), "identity.claims"],
    [NOW_S + 0.5, "identity.claims"],
    [-1, "identity.claims"],
    [0, "identity.claims"],
    [1e300, "identity.claims"],
    [2 ** 53, "identity.claims"],
    [[NOW_S + 60], "identity.claims"],
    [true, "identity.claims"],
    [1, "identity.expired"],
    [NOW_S - SKEW_S, "identity.expired"],
    [NOW_S - SKEW_S + 1, "fine"],
  ])("%j: %s", (exp, expected) => {
    expect(outcome({ exp })).toBe(expected);
  });

  it("ends with the leeway, to the millisecond", () => {
    const endMs = (NOW_S + 60 + SKEW_S) * 1_000;
    expect(outcome({}, endMs - 1)).toBe("fine");
    expect(outcome({}, endMs)).toBe("identity.expired");
  });

  it("lies at most a day behind iat, or ahead of now without iat", () => {
    expect(outcome({ iat: NOW_S, exp: NOW_S + 86_400 })).toBe("fine");
    expect(outcome({ iat: NOW_S, exp: NOW_S + 86_401 })).toBe("identity.claims");
    expect(outcome({ exp: NOW_S + 86_400 })).toBe("fine");
    expect(outcome({ exp: NOW_S + 86_401 })).toBe("identity.claims");
  });
});

describe.each(["nbf", "iat"])("%s", (name) => {
  it.each([
    [NOW_S + SKEW_S, "fine"],
    [NOW_S + SKEW_S + 1, "identity.not_yet_valid"],
    [0, "fine"],
    [-1, "identity.claims"],
    [String(NOW_S), "identity.claims"],
    [NOW_S + 0.5, "identity.claims"],
    [null, "identity.claims"],
  ])("%j: %s", (value, expected) => {
    // An old `iat` makes the token too long-lived; that is another rule.
    const isOld = name === "iat" && value === 0;
    expect(outcome({ [name]: value })).toBe(isOld ? "identity.claims" : expected);
  });
});

describe("aud", () => {
  it.each([
    ["sark-api", "fine"],
    [["other", "sark-api"], "fine"],
    [["https://gateway.example/mcp/demo"], "fine"],
    [undefined, "identity.audience"],
    [null, "identity.audience"],
    ["", "identity.audience"],
    [[], "identity.audience"],
    [7, "identity.audience"],
    [{ "sark-api": true }, "identity.audience"],
    [["sark-api", 7], "identity.audience"],
    ["sark-ap", "identity.audience"],
    ["sark-api2", "identity.audience"],
    ["SARK-API", "identity.audience"],
    [" sark-api", "identity.audience"],
    ["sark-api,other", "identity.audience"],
    [["https://gateway.example/mcp/demo/"], "identity.audience"],
    [["sark-api", ...Array.from({ length: 16 }, (_, at) => `a${at}`)], "identity.audience"],
  ])("%j: %s", (aud, expected) => {
    expect(outcome({ aud })).toBe(expected);
  });
});

describe("kind of token", () => {
  it.each([
    [{ type: "access" }, "fine"],
    [{ token_use: "access" }, "fine"],
    [{ type: "refresh" }, "identity.type"],
    [{ type: "Access" }, "identity.type"],
    [{ type: null }, "identity.type"],
    [{ token_use: "id" }, "identity.type"],
    [{ nonce: "n" }, "identity.type"],
    [{ at_hash: "h" }, "identity.type"],
    [{ c_hash: null }, "identity.type"],
    [{ cnf: { jkt: "x" } }, "identity.bound_token"],
    [{ cnf: { "x5t#S256": "x" } }, "identity.bound_token"],
    [{ cnf: null }, "identity.bound_token"],
  ])("%j: %s", (change, expected) => {
    expect(outcome(change)).toBe(expected);
  });
});

describe("ids for revocation and records", () => {
  it.each(["jti", "sid", "client_id", "azp"])("%s is a bounded text", (name) => {
    expect(outcome({ [name]: "x".repeat(256) })).toBe("fine");
    expect(outcome({ [name]: "x".repeat(257) })).toBe("identity.claims");
    expect(outcome({ [name]: 7 })).toBe("identity.claims");
    expect(outcome({ [name]: null })).toBe("identity.claims");
  });
});
