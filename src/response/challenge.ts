/**
 * `WWW-Authenticate` (RFC 6750 section 3, RFC 9728 section 5.1): one challenge per answer, built from
 * configuration only.
 *
 * @module
 */
import type { DenyReason } from "../domain/reasons.ts";
import type { Route } from "../domain/route.ts";
import { neededScopes } from "../domain/scopes.ts";

const DESCRIPTIONS: Partial<Record<DenyReason, string>> = {
  "identity.expired": "The token has expired",
};

function errorOf(reason: DenyReason, httpStatus: number): string | undefined {
  if (reason === "identity.missing" || reason === "identity.scheme") return undefined;
  if (httpStatus === 401) return "invalid_token";
  return httpStatus === 400 ? "invalid_request" : "insufficient_scope";
}

/** The challenge of a refused credential, or undefined where none belongs. */
export function challenge(
  reason: DenyReason,
  httpStatus: number,
  route: Route | undefined,
  action: string | undefined,
  tool: string | null,
): string | undefined {
  const isCredential =
    httpStatus === 401 ||
    reason === "identity.multiple" ||
    reason === "identity.token_in_query" ||
    reason === "identity.insufficient_scope";
  if (!isCredential) return undefined;

  const error = errorOf(reason, httpStatus);
  const parameters: string[] = [];
  if (error !== undefined) parameters.push(`error="${error}"`);
  if (error === "invalid_token") {
    parameters.push(`error_description="${DESCRIPTIONS[reason] ?? "The token is not valid"}"`);
  }
  if (error !== "invalid_request") {
    if (route?.resourceMetadataUrl !== undefined) {
      parameters.push(`resource_metadata="${route.resourceMetadataUrl}"`);
    }
    const scopes =
      route === undefined || action === undefined ? [] : neededScopes(route, action, tool);
    if (scopes.length > 0) parameters.push(`scope="${scopes.join(" ")}"`);
  }
  return parameters.length === 0 ? "Bearer" : `Bearer ${parameters.join(", ")}`;
}
