/**
 * Which headers a decision may look at, and the rules each of them has to keep.
 *
 * @module
 */
import type { DenyReason } from "../domain/reasons.ts";

/** One value each; anything odd about them is an attempt to be read in two ways. */
const SECURITY_HEADERS = [
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "x-gateway-api-key",
  "host",
  "origin",
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "upgrade",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
  "mcp-session-id",
  "mcp-version",
  "a2a-version",
  "a2a-extensions",
  "x-a2a-extensions",
] as const;
export const PARAMETER_PREFIX = "mcp-param-";

export const OVERRIDE_HEADERS = [
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
] as const;

/** Envoy's own word that a request was let through unchecked; it strips a client's. */
const FAILURE_MODE_HEADER = "x-envoy-auth-failure-mode-allowed";

/** Headers that servers read as another one, because they take `_` for `-`. */
const UNDERSCORE_TWINS = SECURITY_HEADERS.flatMap(underscoreTwins);

/** Read, but without a rule of their own. */
const PLAIN_HEADERS = [
  "accept",
  "access-control-request-method",
  "connection",
  "user-agent",
  "x-envoy-auth-partial-body",
  "x-request-id",
] as const;

/** What the other parts of this stage may ask for. */
export type ReadHeader =
  | (typeof SECURITY_HEADERS)[number]
  | (typeof OVERRIDE_HEADERS)[number]
  | (typeof PLAIN_HEADERS)[number];

/** The wire stage keeps these headers and drops all others. */
export const REQUEST_HEADERS_EXACT: readonly string[] = [
  ...SECURITY_HEADERS,
  ...OVERRIDE_HEADERS,
  ...PLAIN_HEADERS,
  ...UNDERSCORE_TWINS,
  FAILURE_MODE_HEADER,
];
/** Without the closing dash, so that `x-sark_user` is seen as well. */
export const REQUEST_HEADER_PREFIXES: readonly string[] = ["x-sark", "x_sark", "mcp-param"];

export interface SeenHeader {
  readonly name: string;
  readonly value: string;
  readonly isUtf8: boolean;
  readonly isSecurity: boolean;
  readonly isRepeated: boolean;
}

export interface HeaderRule {
  readonly reason: DenyReason;
  readonly breaks: (header: SeenHeader) => boolean;
}

/** In this order: of several broken rules the first gives the reason. */
export const HEADER_RULES: readonly HeaderRule[] = [
  { reason: "header.invalid_name", breaks: ({ name }) => !TOKEN.test(name) },
  { reason: "header.control_byte", breaks: ({ value }) => hasLineOrNul(value) },
  { reason: "header.not_utf8", breaks: ({ isUtf8 }) => !isUtf8 },
  { reason: "header.not_utf8", breaks: (h) => h.isSecurity && !PRINTABLE.test(h.value) },
  { reason: "header.underscore", breaks: ({ name }) => name.includes("_") && isTwin(name) },
  { reason: "header.duplicate", breaks: (h) => h.isSecurity && h.isRepeated },
  { reason: "header.duplicate", breaks: (h) => h.value.includes(",") && hasNoCommas(h) },
  { reason: "header.reserved", breaks: ({ name }) => isReserved(name) },
];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[ -~]*$/;
const SECURITY: ReadonlySet<string> = new Set(SECURITY_HEADERS);
const TWINS: ReadonlySet<string> = new Set(UNDERSCORE_TWINS);
/** Security headers whose grammar has commas. */
const WITH_COMMAS: ReadonlySet<string> = new Set([
  "mcp-name",
  "a2a-extensions",
  "x-a2a-extensions",
]);

/** Names without a rule against the name itself. */
const ORDINARY: ReadonlySet<string> = new Set([
  ...SECURITY_HEADERS,
  ...OVERRIDE_HEADERS,
  ...PLAIN_HEADERS,
]);
/** Printable, and no comma: no rule of the table can be broken by such a value. */
const ORDINARY_VALUE = /^[ -+\--~]*$/;

/** A header that breaks no rule when it comes once: what nearly all are, told with one look. */
export function isOrdinary(name: string, value: string): boolean {
  return ORDINARY.has(name) && ORDINARY_VALUE.test(value);
}

/** One value each, whatever the list says of it. */
export function isSecurityHeader(name: string): boolean {
  return SECURITY.has(name) || name.startsWith(PARAMETER_PREFIX);
}

function hasLineOrNul(value: string): boolean {
  return value.includes("\0") || value.includes("\r") || value.includes("\n");
}

function hasNoCommas({ name, isSecurity }: SeenHeader): boolean {
  return isSecurity && !WITH_COMMAS.has(name) && !name.startsWith(PARAMETER_PREFIX);
}

function isReserved(name: string): boolean {
  return name.startsWith("x-sark-") || name === FAILURE_MODE_HEADER;
}

function isTwin(name: string): boolean {
  if (TWINS.has(name)) return true;
  const dashed = name.replaceAll("_", "-");
  return dashed.startsWith("x-sark-") || dashed.startsWith("mcp-") || dashed.startsWith("a2a-");
}

/** Every spelling of `name` with at least one dash written as an underscore. */
function underscoreTwins(name: string): readonly string[] {
  const [first = "", ...rest] = name.split("-");
  const spellings = rest.reduce(
    (heads, part) => heads.flatMap((head) => [`${head}-${part}`, `${head}_${part}`]),
    [first],
  );
  return spellings.filter((spelling) => spelling !== name);
}
