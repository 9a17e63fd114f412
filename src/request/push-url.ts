/**
 * Addresses inside A2A requests: where an agent is told to send push notifications, and where files of
 * a message lie. One strict grammar and no URL library: those repair what another one reads elsewhere.
 *
 * @module
 */
import { ADDRESS_BYTES_MAX, DNS_LABEL_BYTES_MAX, DNS_NAME_BYTES_MAX } from "../domain/limits.ts";
import { paramsInvalid } from "./a2a-ids.ts";

/** Host and port apart from the rest; neither a user nor a fragment fits in anywhere. */
const PUSH_URL = /^https:\/\/([A-Za-z0-9.-]+)(?::([1-9][0-9]{0,4}))?(?:[/?][!-"$-[\]-~]*)?$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** What some readers take for the last part of an IPv4 address: a decimal, octal or hex number. */
const NUMBER_LABEL = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const HTTPS_PORT = "443";
const PORT_MAX = 65_535;

const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]*):([!-[\]-~]*)$/;
const AUTHORITY =
  /^\/\/([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?(?:[/?#]|$)/;

/**
 * The host in lower case, with its port unless that is 443; undefined when the address is not one that
 * notifications may go to.
 */
export function pushHostOf(url: string): string | undefined {
  if (url.length > ADDRESS_BYTES_MAX) return undefined;
  const [, written, port] = PUSH_URL.exec(url) ?? [];
  const host = written?.toLowerCase();
  if (host === undefined || !isDnsName(host)) return undefined;
  if (port === undefined || port === HTTPS_PORT) return host;
  return Number(port) <= PORT_MAX ? `${host}:${port}` : undefined;
}

function isDnsName(host: string): boolean {
  const labels = host.split(".");
  return (
    host.length <= DNS_NAME_BYTES_MAX &&
    labels.length >= 2 &&
    labels.every((label) => label.length <= DNS_LABEL_BYTES_MAX && LABEL.test(label)) &&
    !NUMBER_LABEL.test(labels.at(-1) ?? "")
  );
}

/**
 * For policy: host and port of a file's address as written, or only its scheme (`data:`) when it has
 * no host.
 *
 * @throws {DenyError} `rpc.params_invalid` for an address whose host readers could disagree on
 */
export function fileHostOf(url: string): string {
  const [, scheme, rest] = ABSOLUTE.exec(url) ?? [];
  if (scheme === undefined || rest === undefined)
    throw paramsInvalid("a file has no plain address");
  const [, host, port] = AUTHORITY.exec(rest) ?? [];
  if (host !== undefined) return `${host}${port === undefined ? "" : `:${port}`}`.toLowerCase();
  // Browsers find a host behind any number of slashes, none included.
  if (rest.startsWith("/") || WITH_HOST.has(scheme.toLowerCase())) {
    throw paramsInvalid("the address of a file has no plain host");
  }
  return `${scheme.toLowerCase()}:`;
}

const WITH_HOST: ReadonlySet<string> = new Set(["http", "https", "ws", "wss", "ftp", "file"]);
