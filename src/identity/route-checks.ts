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
  if (!holdsScopes(principal.scopes, needed, route.scopeImplies)) {
    throw new DenyError("identity.insufficient_scope", "a scope of this route is missing");
  }
}
