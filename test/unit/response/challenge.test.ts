/** `WWW-Authenticate`: one challenge of the right form for each reason and surface. */
import { describe, expect, it } from "vitest";
import { DENY_REASONS, type DenyReason } from "../../../src/domain/reasons.ts";
import { SURFACES } from "../../../src/domain/route.ts";
import { challenge } from "../../../src/response/challenge.ts";
import { DENY_TABLE } from "../../../src/response/reply-tables.ts";
import { route } from "../../support/samples.ts";

const INVOKE = "gateway:tool:invoke";
const URL = 'resource_metadata="https://gateway.example/.well-known/x"';
const MISSING = new Set<DenyReason>(["identity.missing", "identity.scheme"]);
const TWO = new Set<DenyReason>(["identity.multiple", "identity.token_in_query"]);

const guarded = route({
  resourceMetadataUrl: "https://gateway.example/.well-known/x",
  scopeRules: [
    { action: INVOKE, tool: undefined, scopes: ["tools.call"] },
    { action: INVOKE, tool: "export_*", scopes: ["tools.export", "tools.call"] },
  ],
});
const plain = route({ surface: "http" });

const of = (reason: DenyReason, on = guarded, action: string | undefined = INVOKE, tool = "sum") =>
  challenge(reason, DENY_TABLE[reason].http, { route: on, action, tool });

function expected(reason: DenyReason): string | undefined {
  if (MISSING.has(reason)) return `Bearer ${URL}, scope="tools.call"`;
  if (TWO.has(reason)) return 'Bearer error="invalid_request"';
  if (reason === "identity.insufficient_scope") {
    return `Bearer error="insufficient_scope", scope="tools.call", ${URL}, error_description="The token lacks a scope that this operation needs"`;
  }
  if (DENY_TABLE[reason].http !== 401) return undefined;
  const fault = reason === "identity.expired" ? "The token has expired" : "The token is not valid";
  return `Bearer error="invalid_token", error_description="${fault}", ${URL}, scope="tools.call"`;
}

it.each(DENY_REASONS)("challenges %s as its kind of refusal needs", (reason) => {
  expect(of(reason)).toBe(expected(reason));
});

it.each([
  ["identity.missing", "Bearer"],
  [
    "identity.signature",
    'Bearer error="invalid_token", error_description="The token is not valid"',
  ],
  ["identity.multiple", 'Bearer error="invalid_request"'],
  ["policy.denied", undefined],
  ["origin.refused", undefined],
] as const)("leaves out what is not configured: %s", (reason, text) => {
  expect(of(reason, plain)).toBe(text);
  expect(of(reason, route({ surface: "a2a" }))).toBe(text);
});

it.each(["identity.missing", "identity.expired", "identity.claims", "identity.revoked"] as const)(
  "says nothing but Bearer to %s on SARK's own endpoints",
  (reason) => expect(of(reason, route({ ...guarded, surface: "sark" }))).toBe("Bearer"),
);

describe("scope", () => {
  it("lists all that the operation needs, once each: identity.insufficient_scope", () => {
    expect(of("identity.insufficient_scope", guarded, INVOKE, "export_all")).toContain(
      'scope="tools.call tools.export"',
    );
  });

  it("is left out for an operation nobody knows yet: identity.malformed", () => {
    const known = challenge("identity.malformed", 401, {
      route: guarded,
      action: undefined,
      tool: undefined,
    });
    expect(known).not.toContain("scope=");
    expect(known).toContain(URL);
  });

  it("follows from the name that was asked for, not from what exists: identity.missing", () => {
    const [one, other] = ["export_real", "export_made_up"].map((tool) =>
      of("identity.missing", guarded, INVOKE, tool),
    );
    expect(one).toBe(other);
  });
});

it("drops a parameter that a quoted string can not hold, and keeps the challenge", () => {
  const broken = route({ resourceMetadataUrl: 'https://a.example/"x' });
  expect(of("identity.missing", broken)).toBe("Bearer");
});

it.each(SURFACES)("never gives two challenges on surface %s", (surface) => {
  for (const reason of DENY_REASONS) {
    const text = of(reason, route({ ...guarded, surface })) ?? "Bearer";
    expect(text.match(/Bearer/g)?.length).toBe(1);
    expect(text).toMatch(/^[\x20-\x7e]+$/);
  }
});
