/**
 * Headers that replies set and remove: which names belong to the sidecar, and what a value may hold.
 *
 * @module
 */
import {
  REPLY_HEADER_VALUE_BYTES_MAX,
  REPLY_HEADERS_MAX,
  REPLY_MUTATION_BYTES_MAX,
} from "../domain/limits.ts";
import type { HeaderPair } from "../wire/check-response.ts";

/** Names an upstream trusts because the sidecar sets or removes each of them on every OK. */
export const TRUSTED_HEADERS = [
  "x-sark-authz",
  "x-sark-assertion",
  "x-sark-audit-id",
  "x-sark-user-id",
  "x-sark-tool-name",
  "x-sark-authz-shadow",
  "x-sark-remove-parameters",
] as const;

/** Taken off towards the upstream: a token must not travel on (MCP authorization, token passthrough). */
export const CREDENTIAL_HEADERS = ["authorization", "x-api-key", "x-gateway-api-key"] as const;

const NAME = /^[a-z0-9!#$%&'*+.^_|~-]{1,128}$/;
const VALUE = /^[\x20-\x7e\t]+$/;
const REFUSED_NAMES = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "te",
  "trailer",
  "keep-alive",
]);

/** Whether Envoy takes this header from us without turning the answer into a 500. */
export function isSendable(name: string, value: string): boolean {
  return (
    NAME.test(name) &&
    !REFUSED_NAMES.has(name) &&
    !name.startsWith("proxy-") &&
    !name.startsWith("x-envoy-") &&
    VALUE.test(value) &&
    value.trim() === value &&
    value.length <= REPLY_HEADER_VALUE_BYTES_MAX
  );
}

/** Bounds of all mutations of one reply together (`envoy.md` 6.5). */
export function fitsBounds(set: readonly HeaderPair[], removed: readonly string[]): boolean {
  let bytes = 0;
  for (const [name, value] of set) bytes += name.length + value.length;
  for (const name of removed) bytes += name.length;
  return (
    set.length <= REPLY_HEADERS_MAX &&
    removed.length <= REPLY_HEADERS_MAX &&
    bytes <= REPLY_MUTATION_BYTES_MAX
  );
}

/**
 * An identity as a header value: visible ASCII stays, everything else and `%` becomes `%XX` of its
 * UTF-8 bytes, so that a legitimate `ünï` reaches the upstream and two ids never share a value.
 */
export function percentEncoded(text: string): string {
  if (/^[\x21-\x24\x26-\x7e]*$/.test(text)) return text;
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x25;
    encoded += isPlain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
