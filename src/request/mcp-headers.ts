/**
 * Headers that repeat the body, for gateways on the way that do not read bodies, and the session id.
 * They must not tell another story than the body does.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { MCP_SESSION_ID_BYTES_MAX } from "../domain/limits.ts";
import type { Route } from "../domain/route.ts";
import type { McpMethod } from "./mcp-methods.ts";
import type { Spoken } from "./mcp-version.ts";
import { mirroredText } from "./mirrored-text.ts";
import type { RequestHeaders } from "./request-headers.ts";

const VISIBLE_ASCII = /^[!-~]+$/;

/**
 * @param name what the method is about as the body names it, null where it names nothing
 * @throws {DenyError} `mcp.header_missing`, `mcp.header_mismatch`, `mcp.header_encoding`
 */
export function requireMirrored(
  headers: RequestHeaders,
  spoken: Spoken,
  methodName: string,
  method: McpMethod,
  name: string | null,
): void {
  requireSame(headers.get("mcp-method"), methodName, spoken);
  if (method.isMirrored !== true || name === null) return;
  const header = headers.get("mcp-name");
  requireSame(header === undefined ? undefined : mirroredText(header), name, spoken);
}

/** An earlier revision does not know these headers: there they may be absent, but not differ. */
function requireSame(header: string | undefined, expected: string, spoken: Spoken): void {
  if (header === expected) return;
  if (header !== undefined) {
    throw new DenyError("mcp.header_mismatch", "a header and the body differ");
  }
  if (spoken.isModern) {
    throw new DenyError("mcp.header_missing", "a header that repeats the body is missing");
  }
}

/**
 * The session of a request; null without one. It is a handle and proves nothing about who asks.
 *
 * @throws {DenyError} `mcp.session_missing`
 */
export function sessionOf(headers: RequestHeaders, route: Route, spoken: Spoken): string | null {
  if (spoken.isModern) return null;
  const session = headers.get("mcp-session-id");
  if (session === undefined) {
    if (route.mcp.sessions === "required") throw missing("the request names no session");
    return null;
  }
  if (session.length > MCP_SESSION_ID_BYTES_MAX || !VISIBLE_ASCII.test(session)) {
    throw missing("what the request names is no session id");
  }
  return session;
}

function missing(message: string): DenyError {
  return new DenyError("mcp.session_missing", message);
}
