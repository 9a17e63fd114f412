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
const API_KEY_START = /^sark_(?:sk|gw)_/;
/** By position, because the parts of a service key may hold `_` themselves (SARK contract 7.4). */
const API_KEY =
  /^sark_(?:sk_(?:live|test|dev)_[A-Za-z0-9_-]{8}_[A-Za-z0-9_-]{32}|gw_[0-9a-fA-F]{32})$/;
/** Three segments: a signed token. Five would be an encrypted one, one an opaque one. */
const JWT_DOTS = 2;

/**
 * Undefined when there is none: whether that is a refusal is not decided here.
 *
 * @throws {DenyError} `identity.multiple`, `identity.scheme`, `identity.malformed`
 */
export function readCredential(headers: RequestHeaders): Credential | undefined {
  let presented = 0;
  for (const name of CREDENTIAL_HEADERS) if (headers.get(name) !== undefined) presented++;
  if (presented === 0) return undefined;
  if (presented > 1) throw new DenyError("identity.multiple", "more than one credential");

  const authorization = headers.get("authorization");
  if (authorization !== undefined) return bearerCredential(authorization);
  const key = headers.get("x-api-key") ?? headers.get("x-gateway-api-key") ?? "";
  if (!API_KEY.test(key)) throw malformed();
  return { kind: "api_key", key };
}

function bearerCredential(authorization: string): Credential {
  const space = authorization.indexOf(" ");
  const scheme = space < 0 ? authorization : authorization.slice(0, space);
  if (scheme === "") throw malformed();
  if (scheme.toLowerCase() !== BEARER) {
    throw new DenyError("identity.scheme", "the authorization scheme is not Bearer");
  }
  const token = space < 0 ? "" : authorization.slice(space + 1);
  if (token.length > TOKEN_BYTES_MAX || !TOKEN68.test(token)) throw malformed();
  if (API_KEY_START.test(token)) {
    if (!API_KEY.test(token)) throw malformed();
    return { kind: "api_key", key: token };
  }
  if (dotCount(token) !== JWT_DOTS) throw malformed();
  return { kind: "bearer", token };
}

function dotCount(token: string): number {
  let count = 0;
  for (let at = token.indexOf("."); at >= 0; at = token.indexOf(".", at + 1)) count++;
  return count;
}

function malformed(): DenyError {
  return new DenyError("identity.malformed", "the bearer token has not the form of a signed token");
}
