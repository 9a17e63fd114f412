/**
 * Which headers a decision may look at, and the rules each of them has to keep.
 *
 * @module
 */
import {
  HEADER_BLOCK_BYTES_MAX,
  HEADER_COUNT_MAX,
  HEADER_NAME_BYTES_MAX,
  HEADER_VALUE_BYTES_MAX,
} from "../domain/limits.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import type { RequestRule } from "./request-rule.ts";

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
] as const;
const SECURITY_PREFIX = "mcp-param-";

export const OVERRIDE_HEADERS = [
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
] as const;

/** Envoy's own word that a request was let through unchecked; it strips a client's. */
const FAILURE_MODE_HEADER = "x-envoy-auth-failure-mode-allowed";

/** Read, but without a rule of their own. */
const PLAIN_HEADERS = [
  "accept",
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
  FAILURE_MODE_HEADER,
];
export const REQUEST_HEADER_PREFIXES: readonly string[] = ["x-sark-", SECURITY_PREFIX];
/** Of these names only such are kept that have an underscore, which some servers read as a dash. */
export const REQUEST_HEADER_TWIN_PREFIXES: readonly string[] = [
  "x-sark-",
  "x-envoy-",
  "mcp-",
  "a2a-",
];

export interface SeenHeader {
  readonly name: string;
  readonly value: string;
  readonly isUtf8: boolean;
  readonly isSecurity: boolean;
  readonly isRepeated: boolean;
}

/** What all headers together may not be; those that nobody reads are counted as well. */
export const HEADER_BLOCK_RULES: readonly RequestRule<CheckAttributes>[] = [
  {
    reason: "header.too_large",
    refuses: "more than 100 headers",
    breaks: ({ headerCount }) => headerCount > HEADER_COUNT_MAX,
  },
  {
    reason: "header.too_large",
    refuses: "a header name over 256 bytes",
    breaks: ({ headerNameBytesMax }) => headerNameBytesMax > HEADER_NAME_BYTES_MAX,
  },
  {
    reason: "header.too_large",
    refuses: "a header value over 16,384 bytes",
    breaks: ({ headerValueBytesMax }) => headerValueBytesMax > HEADER_VALUE_BYTES_MAX,
  },
  {
    reason: "header.too_large",
    refuses: "names and values over 60 KiB together",
    breaks: ({ headerBytes }) => headerBytes > HEADER_BLOCK_BYTES_MAX,
  },
];

/** In this order, whatever the order of the headers is. */
export const HEADER_RULES: readonly RequestRule<SeenHeader>[] = [
  {
    reason: "header.invalid_name",
    refuses: "a header name that is not a token",
    breaks: ({ name }) => !TOKEN.test(name),
  },
  {
    reason: "header.control_byte",
    refuses: "NUL, CR or LF in a header value",
    breaks: ({ value }) => hasLineOrNul(value),
  },
  {
    reason: "header.not_utf8",
    refuses: "a header value that is not UTF-8",
    breaks: ({ isUtf8 }) => !isUtf8,
  },
  {
    reason: "header.not_utf8",
    refuses: "a security header with a byte outside 0x20-0x7E",
    breaks: ({ isSecurity, value }) => isSecurity && !PRINTABLE.test(value),
  },
  {
    reason: "header.underscore",
    refuses: "a name that is a guarded one when _ is read as -",
    breaks: ({ name }) => name.includes("_") && isTwin(name),
  },
  {
    reason: "header.duplicate",
    refuses: "a security header that comes twice",
    breaks: ({ isSecurity, isRepeated }) => isSecurity && isRepeated,
  },
  {
    // Envoy joins repeated headers it knows, in both of its forms.
    reason: "header.duplicate",
    refuses: "a comma in a security header whose grammar has none",
    breaks: (header) => header.value.includes(",") && hasNoCommas(header),
  },
  {
    reason: "header.reserved",
    refuses: "a header that only the sidecar or Envoy may set",
    breaks: ({ name }) => isReserved(name),
  },
];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[ -~]*$/;
const SECURITY: ReadonlySet<string> = new Set(SECURITY_HEADERS);
/** Beside the prefixes: names that mean something when their dashes are there. */
const TWINS: ReadonlySet<string> = new Set([...SECURITY_HEADERS, ...OVERRIDE_HEADERS]);
/** Security headers whose grammar has commas. */
const WITH_COMMAS: ReadonlySet<string> = new Set(["mcp-name", "a2a-extensions"]);

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
  return SECURITY.has(name) || name.startsWith(SECURITY_PREFIX);
}

function hasLineOrNul(value: string): boolean {
  return value.includes("\0") || value.includes("\r") || value.includes("\n");
}

function hasNoCommas({ name, isSecurity }: SeenHeader): boolean {
  return isSecurity && !WITH_COMMAS.has(name) && !name.startsWith(SECURITY_PREFIX);
}

function isReserved(name: string): boolean {
  return name.startsWith("x-sark-") || name === FAILURE_MODE_HEADER;
}

function isTwin(name: string): boolean {
  const dashed = name.replaceAll("_", "-");
  if (TWINS.has(dashed)) return true;
  return REQUEST_HEADER_TWIN_PREFIXES.some((prefix) => dashed.startsWith(prefix));
}
