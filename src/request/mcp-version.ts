/**
 * Which revision of MCP a request is in, told by header and body together. Everything else about it is
 * read by the rules of that revision, so that no part of it can be taken for another one's.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { MCP_VERSIONS, type McpVersion, type Route } from "../domain/route.ts";
import type { JsonNode } from "../json/json-node.ts";
import { META_CAPABILITIES, META_VERSION } from "./mcp-level.ts";

export interface Spoken {
  /** What policy sees: the revision, or what `initialize` offers. */
  readonly version: string;
  /** Whose rules hold. */
  readonly rules: McpVersion;
  readonly isModern: boolean;
}

/** From here on there is no session, no stream and no message but POST. Dates compare as text. */
const MODERN_SINCE = "2026-07-28";
/** What the protocol says of a request that names no version. */
const VERSION_UNNAMED = "2025-03-26";
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const VERSION_CHARACTERS = /^[A-Za-z0-9._-]{1,32}$/;

/** Before the body is read: how a refusal has to look. */
export function looksModern(route: Route, named: string | undefined): boolean {
  return named === undefined
    ? newestLegacy(route) === undefined
    : DATE.test(named) && named >= MODERN_SINCE;
}

export function acceptsLegacy(route: Route): boolean {
  return newestLegacy(route) !== undefined;
}

/** A version to be sent back: short and of the characters of a version, else undefined. */
export function asVersion(text: string | undefined): string | undefined {
  return text !== undefined && VERSION_CHARACTERS.test(text) ? text : undefined;
}

/**
 * For `initialize`, which is always legacy: what the client offers is no promise, the server answers
 * with a version it has. Undefined where no legacy version is accepted.
 *
 * @throws {DenyError} as `versionOf`
 */
export function versionOfInitialize(
  route: Route,
  named: string | undefined,
  inMeta: JsonNode | undefined,
  offered: string | undefined,
): Spoken | undefined {
  if (named !== undefined || inMeta !== undefined) {
    const spoken = versionOf(route, named, inMeta);
    if (spoken === undefined || spoken.isModern) return spoken;
    return { ...spoken, version: offer(offered) ?? spoken.version };
  }
  const rules = newestLegacy(route);
  if (rules === undefined) return undefined;
  return { version: offer(offered) ?? VERSION_UNNAMED, rules, isModern: false };
}

/**
 * Undefined for a version that the route does not accept.
 *
 * @param named header `MCP-Protocol-Version`
 * @param inMeta the version in `_meta`
 * @throws {DenyError} `mcp.header_missing`, `mcp.header_mismatch`
 */
export function versionOf(
  route: Route,
  named: string | undefined,
  inMeta: JsonNode | undefined,
): Spoken | undefined {
  if (named === undefined && inMeta !== undefined) throw missing();
  const rules = MCP_VERSIONS.find((version) => version === (named ?? VERSION_UNNAMED));
  if (rules === undefined || !route.mcp.acceptVersions.has(rules)) {
    if (named === undefined) throw missing();
    return undefined;
  }
  const isModern = rules >= MODERN_SINCE;
  const text = inMeta?.text;
  const isSame = isModern ? text === undefined || text === rules : inMeta === undefined;
  if (!isSame) throw new DenyError("mcp.header_mismatch", "header and body differ in version");
  return { version: rules, rules, isModern };
}

/**
 * What every message of 2026-07-28 says of its sender.
 *
 * @throws {DenyError} `mcp.meta_missing`
 */
export function requireMeta(meta: JsonNode | undefined): void {
  const hasBoth =
    meta?.member(META_VERSION)?.kind === "string" &&
    meta.member(META_CAPABILITIES)?.kind === "object";
  if (!hasBoth) throw new DenyError("mcp.meta_missing", "version or capabilities are not in _meta");
}

function newestLegacy(route: Route): McpVersion | undefined {
  return MCP_VERSIONS.findLast(
    (version) => version < MODERN_SINCE && route.mcp.acceptVersions.has(version),
  );
}

function offer(offered: string | undefined): string | undefined {
  return offered !== undefined && DATE.test(offered) ? offered : undefined;
}

function missing(): DenyError {
  return new DenyError("mcp.header_missing", "no header names the protocol version");
}
