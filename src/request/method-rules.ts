/**
 * Which HTTP methods are taken, and that nothing beside the method changes what it means.
 *
 * @module
 */
import type { CheckAttributes } from "../wire/check-request.ts";
import { OVERRIDE_HEADERS } from "./header-rules.ts";
import { namesMethod, type Query } from "./query-rules.ts";
import type { RequestHeaders } from "./request-headers.ts";
import type { RequestRule } from "./request-rule.ts";

/** Where a method can be named, or made meaningless. */
export interface MethodSubject {
  readonly attributes: CheckAttributes;
  readonly headers: RequestHeaders;
  readonly query: Query;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}$/;
/** Tunnels and echoes: nothing that could be decided on. */
const REFUSED: ReadonlySet<string> = new Set(["CONNECT", "TRACE"]);
const UPGRADE_IN_CONNECTION = /(?:^|,)[ \t]*upgrade[ \t]*(?:,|$)/i;

/** Method and path come from fields of their own; a pseudo header is never looked at. */
export const METHOD_RULES: readonly RequestRule<MethodSubject>[] = [
  {
    reason: "request.malformed",
    refuses: "a Check without an HTTP request",
    breaks: ({ attributes }) => !attributes.hasHttp,
  },
  {
    reason: "method.refused",
    refuses: "a method that is not a token of 1 to 32 bytes",
    breaks: ({ attributes }) => !TOKEN.test(attributes.method),
  },
  {
    reason: "method.refused",
    refuses: "CONNECT and TRACE",
    breaks: ({ attributes }) => REFUSED.has(attributes.method.toUpperCase()),
  },
  {
    reason: "method.override",
    refuses: "a header that names another method",
    breaks: ({ headers }) => OVERRIDE_HEADERS.some((name) => headers.get(name) !== undefined),
  },
  {
    reason: "method.override",
    refuses: "a query that names another method",
    breaks: ({ query }) => namesMethod(query),
  },
  {
    // Behind an upgrade nothing is checked any more, so no route lists a protocol.
    reason: "upgrade.refused",
    refuses: "an upgrade header",
    breaks: ({ headers }) => headers.get("upgrade") !== undefined,
  },
  {
    reason: "upgrade.refused",
    refuses: "a connection header that lists upgrade",
    breaks: ({ headers }) => UPGRADE_IN_CONNECTION.test(headers.get("connection") ?? ""),
  },
];
