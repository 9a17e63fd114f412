/**
 * Which credential a request presents: from one header, in one form. Nothing is verified here and
 * nothing of a credential may reach a message.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { TOKEN_BYTES_MAX } from "../domain/limits.ts";
import type { Credential } from "../domain/request.ts";
import type { RequestHeaders } from "./request-headers.ts";

const CREDENTIAL_HEADERS = ["authorization", "x-api-key", "x-gateway-api-key"] as const;
const BEARER = "bearer";
/** RFC 6750 section 2.1. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const API_KEY_PREFIXES = ["sark_sk_", "sark_gw_"] as const;
/** Three segments: a signed token. Five would be an encrypted one, one an opaque one. */
const JWT_DOTS = 2;

/**
 * Undefined when there is none: whether that is a refusal is not decided here.
 *
 * @throws {DenyError} `identity.multiple`, `identity.scheme`, `identity.malformed`,
 * `identity.api_key_unknown`
 */
export function readCredential(headers: RequestHeaders): Credential | undefined {
  let presented = 0;
  for (const name of CREDENTIAL_HEADERS) if (headers.get(name) !== undefined) presented++;
  if (presented === 0) return undefined;
  if (presented > 1) throw new DenyError("identity.multiple", "more than one credential");

  const authorization = headers.get("authorization");
  if (authorization === undefined) throw unknownKey();
  return { kind: "bearer", token: bearerToken(authorization) };
}

function bearerToken(authorization: string): string {
  const space = authorization.indexOf(" ");
  const scheme = space < 0 ? authorization : authorization.slice(0, space);
  if (scheme === "") throw malformed();
  if (scheme.toLowerCase() !== BEARER) {
    throw new DenyError("identity.scheme", "the authorization scheme is not Bearer");
  }
  const token = space < 0 ? "" : authorization.slice(space + 1);
  if (token.length > TOKEN_BYTES_MAX || !TOKEN68.test(token)) throw malformed();
  if (API_KEY_PREFIXES.some((prefix) => token.startsWith(prefix))) throw unknownKey();
  if (dotCount(token) !== JWT_DOTS) throw malformed();
  return token;
}

function dotCount(token: string): number {
  let count = 0;
  for (let at = token.indexOf("."); at >= 0; at = token.indexOf(".", at + 1)) count++;
  return count;
}

function malformed(): DenyError {
  return new DenyError("identity.malformed", "the bearer token has not the form of a signed token");
}

/** There is no key store: every API key is unknown. */
function unknownKey(): DenyError {
  return new DenyError("identity.api_key_unknown", "no API key is known");
}
