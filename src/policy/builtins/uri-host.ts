/**
 * Percent-escapes and hosts of URIs, as Go's `net/url` takes them.
 *
 * @module
 */
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
/** In a host only bytes beyond ASCII are escaped, and the percent sign of a zone. */
const BAD_HOST_ESCAPE = /%(?!25)[0-7]/;
const BAD_HOST_CHARACTER = /[\0-\x7f]/;
const HOST_CHARACTERS = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/g;
/** Bytes beyond ASCII are no host characters. */
const BYTE_ESCAPE = /%[89A-Fa-f]/;
const PORT = /^(?::[0-9]*)?$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const GROUPS = 8;

/** Undefined where an escape is none. */
export function unescaped(text: string): string | undefined {
  if (BAD_ESCAPE.test(text)) return undefined;
  return text.replace(ESCAPES, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString(),
  );
}

function unescapedHost(text: string): string | undefined {
  if (BAD_HOST_CHARACTER.test(text.replace(HOST_CHARACTERS, ""))) return undefined;
  return BAD_HOST_ESCAPE.test(text) ? undefined : unescaped(text);
}

/** In a zone, escapes may also stand for what a host may hold unescaped, and for spaces. */
function unescapedZone(text: string): string | undefined {
  if (BAD_HOST_CHARACTER.test(text.replace(HOST_CHARACTERS, ""))) return undefined;
  const zone = unescaped(text);
  const other = unescaped(text.replaceAll(/%25|%20/g, ""))?.replace(HOST_CHARACTERS, "");
  const hasOther = other !== undefined && other !== "";
  return hasOther || BYTE_ESCAPE.test(text) ? undefined : zone;
}

/** `host[:port]`, read; undefined where it is none. */
export function hostFrom(scheme: string, text: string): string | undefined {
  const bracket = text.lastIndexOf("[");
  if (bracket > 0) return undefined;
  if (bracket === 0) return literalFrom(text);
  const colon = scheme === "http" || scheme === "https" ? text.indexOf(":") : text.lastIndexOf(":");
  return colon < 0 || PORT.test(text.slice(colon)) ? unescapedHost(text) : undefined;
}

/** An IPv6 address in brackets. */
function literalFrom(text: string): string | undefined {
  const end = text.lastIndexOf("]");
  const port = text.slice(end + 1);
  if (end < 0 || !PORT.test(port)) return undefined;
  const inner = text.slice(1, end);
  const zoneAt = inner.indexOf("%25");
  const address = unescapedHost(zoneAt < 0 ? inner : inner.slice(0, zoneAt));
  const zone = zoneAt < 0 ? "" : unescapedZone(inner.slice(zoneAt));
  if (address === undefined || zone === undefined) return undefined;
  return zone !== "%" && isIpv6(address) ? `[${address}${zone}]${port}` : undefined;
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasIpv4 = last.includes(".") && text.endsWith(last);
  const size = groups.length + (hasIpv4 ? 1 : 0);
  if (halves.length === 2 ? size >= GROUPS : size !== GROUPS) return false;
  if (hasIpv4 && !IPV4.test(last)) return false;
  return (hasIpv4 ? groups.slice(0, -1) : groups).every((group) => GROUP.test(group));
}
