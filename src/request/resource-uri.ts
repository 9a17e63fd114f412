/**
 * Which texts may name an MCP resource. They are compared as they stand, so there must be no second
 * spelling that an upstream would take for the same resource.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { MCP_URI_BYTES_MAX } from "../domain/limits.ts";

/** Absolute, of visible ASCII without `\` and `#`. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!"$-[\]-~]+$/;
/** `.`, `/`, `\` and NUL in an escape: what they mean depends on who decodes them, and how often. */
const ENCODED = /%(?:00|2[ef]|5c)/i;
const DOT_SEGMENT = /[:/?;]\.{1,2}(?:[/?;]|$)/;

/** @throws {DenyError} `mcp.uri_invalid`, `json.lone_surrogate` */
export function requireUri(uri: string): void {
  const isUri =
    uri.length <= MCP_URI_BYTES_MAX &&
    URI.test(uri) &&
    !ENCODED.test(uri) &&
    !DOT_SEGMENT.test(uri);
  if (!isUri) throw new DenyError("mcp.uri_invalid", "the resource is not named by a plain URI");
}
