/**
 * The one spelling of the authority a request was sent to.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { HOST_BYTES_MAX } from "../domain/limits.ts";

/** Labels with at most one closing dot, or an address literal; then a port without leading zero. */
const HOST =
  /^(?:([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?|(\[[0-9a-f]*:[0-9a-f:.]*\]))(?::([1-9][0-9]{0,4}))?$/;
const DEFAULT_PORTS: Readonly<Record<Scheme, string>> = { http: "80", https: "443" };
const PORT_MAX = 65_535;

export type Scheme = "http" | "https";

/** @throws {DenyError} `request.malformed` for anything but http and https. */
export function readScheme(raw: string): Scheme {
  const scheme = raw.toLowerCase();
  if (scheme === "http" || scheme === "https") return scheme;
  throw new DenyError("request.malformed", "the scheme is neither http nor https");
}

/**
 * Lower case, without closing dot and without the scheme's own port.
 *
 * @throws {DenyError} `host.missing`, `host.invalid`
 */
export function canonicalHost(raw: string, scheme: Scheme): string {
  if (raw === "") throw new DenyError("host.missing", "the request names no host");
  const parts = raw.length > HOST_BYTES_MAX ? null : HOST.exec(raw.toLowerCase());
  if (parts === null) throw new DenyError("host.invalid", "the host is not a name or an address");
  const name = parts[1] ?? parts[2] ?? "";
  const port = parts[3];
  if (port === undefined || port === DEFAULT_PORTS[scheme]) return name;
  if (Number(port) > PORT_MAX) throw new DenyError("host.invalid", "the port is out of range");
  return `${name}:${port}`;
}

/**
 * A `host` header beside `:authority` must mean the same.
 *
 * @throws {DenyError} `host.conflict`
 */
export function requireSameHost(header: string | undefined, host: string, scheme: Scheme): void {
  if (header === undefined) return;
  let isSame = false;
  try {
    isSame = canonicalHost(header, scheme) === host;
  } catch (thrown) {
    if (!(thrown instanceof DenyError)) throw thrown;
  }
  if (!isSame) throw new DenyError("host.conflict", "host header and authority differ");
}
