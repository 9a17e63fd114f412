/**
 * `WWW-Authenticate` (RFC 6750 section 3, RFC 9728 section 5.1): one challenge per answer, built from
 * configuration and fixed texts only, so that a cached refusal and a new one carry the same.
 *
 * @module
 */
import type { DenyReason } from "../domain/reasons.ts";
import type { Route } from "../domain/route.ts";
import { neededScopes } from "../domain/scopes.ts";

/** What was asked for, as far as it is known: before the body was read there is no operation. */
export interface AskedFor {
  readonly route: Route | undefined;
  readonly action: string | undefined;
  readonly tool: string | undefined;
}

/** RFC 6750 section 3.1. */
type ChallengeError = "invalid_request" | "invalid_token" | "insufficient_scope";

const UNAUTHORIZED = 401;

/** The challenge of a refused credential, or undefined where none belongs: a policy said no. */
export function challenge(
  reason: DenyReason,
  httpStatus: number,
  { route, action, tool }: AskedFor,
): string | undefined {
  const error = errorOf(reason, httpStatus);
  // SARK's own endpoints promise exactly this word.
  if (httpStatus === UNAUTHORIZED && route?.surface === "sark") return "Bearer";
  if (error === "invalid_request") return 'Bearer error="invalid_request"';

  const resource = parameter("resource_metadata", route?.resourceMetadataUrl);
  const needed =
    route === undefined || action === undefined ? [] : neededScopes(route, action, tool ?? null);
  const scope = parameter("scope", needed.length === 0 ? undefined : needed.join(" "));
  switch (error) {
    case "none":
      return httpStatus === UNAUTHORIZED ? bearer([...resource, ...scope]) : undefined;
    case "invalid_token":
      return bearer([
        ...parameter("error", error),
        ...parameter("error_description", tokenFault(reason)),
        ...resource,
        ...scope,
      ]);
    case "insufficient_scope":
      return bearer([
        ...parameter("error", error),
        ...scope,
        ...resource,
        ...parameter("error_description", "The token lacks a scope that this operation needs"),
      ]);
  }
}

function errorOf(reason: DenyReason, httpStatus: number): ChallengeError | "none" {
  switch (reason) {
    case "identity.multiple":
    case "identity.token_in_query":
      return "invalid_request";
    case "identity.insufficient_scope":
      return "insufficient_scope";
    case "identity.missing":
    case "identity.scheme":
      return "none";
    default:
      return httpStatus === UNAUTHORIZED ? "invalid_token" : "none";
  }
}

function tokenFault(reason: DenyReason): string {
  return reason === "identity.expired" ? "The token has expired" : "The token is not valid";
}

/** Characters that a quoted string can hold without escapes; configuration lets no other in. */
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

function parameter(name: string, value: string | undefined): readonly string[] {
  return value !== undefined && QUOTABLE.test(value) ? [`${name}="${value}"`] : [];
}

function bearer(parameters: readonly string[]): string {
  return parameters.length === 0 ? "Bearer" : `Bearer ${parameters.join(", ")}`;
}
