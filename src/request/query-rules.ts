/**
 * What a query string may not hold. The query itself stays raw: it is part of the decision key and is
 * not interpreted.
 *
 * @module
 */
import { QUERY_BYTES_MAX, QUERY_PAIRS_MAX } from "../domain/limits.ts";
import type { RequestRule } from "./request-rule.ts";

export interface Query {
  /** Everything behind the first `?`. */
  readonly raw: string;
  /** One for each pair, as the laxest reader would compare it; none of a query that is too large. */
  readonly keys: readonly string[];
}

/** Keys that readers disagree on when they come twice. */
const UNIQUE_KEYS: ReadonlySet<string> = new Set(["tenant", "a2a-version"]);
/** Credentials never travel in a URL: it is logged everywhere. */
const TOKEN_KEYS: ReadonlySet<string> = new Set(["access_token", "id_token", "api_key", "apikey"]);
const OVERRIDE_KEY = "_method";

export const QUERY_RULES: readonly RequestRule<Query>[] = [
  {
    reason: "query.too_large",
    refuses: "a query over 8,192 bytes",
    breaks: ({ raw }) => isTooLong(raw),
  },
  {
    reason: "query.too_large",
    refuses: "a query of more than 100 pairs",
    breaks: ({ keys }) => keys.length > QUERY_PAIRS_MAX,
  },
  { reason: "path.fragment", refuses: "a # in the query", breaks: ({ raw }) => raw.includes("#") },
  {
    reason: "path.non_ascii",
    refuses: "a byte from 0x80 in the query",
    breaks: ({ raw }) => /[\u0080-\uffff]/.test(raw),
  },
  {
    reason: "path.control_byte",
    refuses: "a space or control byte in the query",
    breaks: ({ raw }) => /[^!-~]/.test(raw),
  },
  {
    reason: "query.repeated_key",
    refuses: "a repeated key that must be unique, split at & and at ;",
    breaks: ({ keys }) => keys.some((key, at) => UNIQUE_KEYS.has(key) && keys.indexOf(key) < at),
  },
  {
    reason: "identity.token_in_query",
    refuses: "a credential in the query",
    breaks: ({ keys }) => keys.some((key) => TOKEN_KEYS.has(key)),
  },
];

const NO_QUERY: Query = { raw: "", keys: [] };

/** Keys are split at `&` and at `;`, because frameworks differ, and decoded once. */
export function readQuery(raw: string): Query {
  if (raw === "") return NO_QUERY;
  if (isTooLong(raw)) return { raw, keys: [] };
  return { raw, keys: raw.split(/[&;]/, QUERY_PAIRS_MAX + 1).map(keyOf) };
}

/** A pair that some frameworks take for the method of the request. */
export function namesMethod({ keys }: Query): boolean {
  return keys.includes(OVERRIDE_KEY);
}

function isTooLong(raw: string): boolean {
  return Buffer.byteLength(raw) > QUERY_BYTES_MAX;
}

/** Lower case and without the brackets that some readers take for a list. */
function keyOf(pair: string): string {
  const equals = pair.indexOf("=");
  const raw = equals < 0 ? pair : pair.slice(0, equals);
  const key = (raw.includes("%") ? decoded(raw) : raw).toLowerCase();
  const bracket = key.indexOf("[");
  return bracket > 0 ? key.slice(0, bracket) : key;
}

/** A bad escape leaves the key as it is: it then matches no known key. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
