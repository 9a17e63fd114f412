/**
 * What a verified token must still prove on the route it is used on. Repeated on every use: a token
 * that was good for one route proves nothing about another. Pure.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { VerifiedCredential } from "../domain/principal.ts";
import type { Route } from "../domain/route.ts";
import { holdsScopes, neededScopes } from "../domain/scopes.ts";

/** @throws {DenyError} for a token of another kind, audience or scope. */
export function requireForRoute(
  verified: VerifiedCredential,
  route: Route,
  action: string,
  tool: string | null,
): void {
  const { principal, audiences } = verified;
  if (!route.principals.has(principal.kind)) {
    throw new DenyError("identity.type", "this route takes another kind of credential");
  }
  if (
    route.audience !== undefined &&
    principal.kind !== "api_key" &&
    !audiences.includes(route.audience)
  ) {
    throw new DenyError("identity.audience", "the token is for another audience");
  }
  const needed = neededScopes(route, action, tool);
  const isHeld =
    principal.kind === "api_key"
      ? apiKeyHolds(principal.scopes, needed, route)
      : holdsScopes(principal.scopes, needed, route.scopeImplies);
  if (!isHeld) {
    throw new DenyError("identity.insufficient_scope", "a scope of this route is missing");
  }
}

const AUTHORIZE = "gateway:authorize";
const AUTHORIZE_A2A = "gateway:authorize-a2a";
const GATEWAY_SCOPES: readonly string[] = [
  AUTHORIZE,
  AUTHORIZE_A2A,
  "gateway:audit",
  "gateway:servers:read",
  "gateway:tools:read",
];
/** What the two broad scopes of an API key hold, whatever a route says (SARK contract 7.4). */
const API_KEY_IMPLIES: ReadonlyMap<string, readonly string[]> = new Map([
  ["gateway:*", GATEWAY_SCOPES],
  [
    "admin",
    [
      ...GATEWAY_SCOPES,
      "gateway:*",
      "server:read",
      "server:write",
      "server:delete",
      "policy:read",
      "policy:write",
      "audit:read",
    ],
  ],
]);

/** A key was made for a purpose: asking the gateway is one of them, on every route. */
function apiKeyHolds(held: readonly string[], needed: readonly string[], route: Route): boolean {
  const isBetweenAgents = route.surface === "a2a" || route.endpoint === "authorize-a2a";
  const entry = isBetweenAgents ? AUTHORIZE_A2A : AUTHORIZE;
  const holds = (scope: string, implies: Route["scopeImplies"]) =>
    holdsScopes(held, [scope], implies);
  return (
    holds(entry, API_KEY_IMPLIES) &&
    needed.every((scope) => holds(scope, route.scopeImplies) || holds(scope, API_KEY_IMPLIES))
  );
}
