/**
 * The one spelling of the authority a request was sent to.
 *
 * @module
 */
import { HOST_BYTES_MAX } from "../domain/limits.ts";
import type { RequestRule } from "./request-rule.ts";

type Scheme = "http" | "https";

/** What a request says of its host. */
export interface Authority {
  /** As Envoy gives it, in a field of its own. */
  readonly raw: string;
  /** A `host` header beside it. */
  readonly header: string | undefined;
  /** Undefined for anything but http and https. */
  readonly scheme: Scheme | undefined;
  /** The canonical form of `raw`; undefined when it has none. */
  readonly host: string | undefined;
}

export const HOST_RULES: readonly RequestRule<Authority>[] = [
  { reason: "host.missing", refuses: "an empty host", breaks: ({ raw }) => raw === "" },
  {
    reason: "host.conflict",
    refuses: "more than one host",
    breaks: ({ raw, header }) => raw.includes(",") || header?.includes(",") === true,
  },
  {
    reason: "host.conflict",
    refuses: "a host header that names another host than the authority",
    breaks: (authority) =>
      authority.header !== undefined &&
      canonicalHost(authority.header, authority.scheme) !== authority.host,
  },
  {
    reason: "host.invalid",
    refuses: "a host that is no name or address with an optional port, or over 255 bytes",
    breaks: ({ host }) => host === undefined,
  },
  {
    reason: "request.malformed",
    refuses: "a scheme other than http and https",
    breaks: ({ scheme }) => scheme === undefined,
  },
];

/** Nothing else may come before letter case is dropped: U+212A would become a `k`. */
const CHARACTERS = /^[A-Za-z0-9.:[\]-]+$/;
/** Lower case, no port, no closing dot; most hosts are. */
const PLAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
/** Labels with at most one closing dot, or an address literal; then a port without leading zero. */
const HOST =
  /^(?:([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?|(\[[0-9a-f]*:[0-9a-f:.]*\]))(?::([1-9][0-9]{0,4}))?$/;
const DEFAULT_PORTS: Readonly<Record<Scheme, string>> = { http: "80", https: "443" };
const PORT_MAX = 65_535;

export function readAuthority(
  raw: string,
  header: string | undefined,
  rawScheme: string,
): Authority {
  const scheme = schemeOf(rawScheme);
  return { raw, header, scheme, host: canonicalHost(raw, scheme) };
}

function schemeOf(raw: string): Scheme | undefined {
  const scheme = raw.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}

/** Lower case, without closing dot and without the scheme's own port; undefined for no valid host. */
export function canonicalHost(raw: string, scheme: Scheme | undefined): string | undefined {
  if (raw.length > HOST_BYTES_MAX) return undefined;
  if (PLAIN.test(raw)) return raw;
  const parts = CHARACTERS.test(raw) ? HOST.exec(raw.toLowerCase()) : null;
  if (parts === null) return undefined;
  const name = parts[1] ?? parts[2] ?? "";
  const port = parts[3];
  if (port === undefined || (scheme !== undefined && port === DEFAULT_PORTS[scheme])) return name;
  return Number(port) > PORT_MAX ? undefined : `${name}:${port}`;
}
