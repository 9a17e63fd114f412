/**
 * What a query string may not hold. The query itself stays raw: it is part of the decision key and is
 * not interpreted.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { QUERY_BYTES_MAX, QUERY_PAIRS_MAX } from "../domain/limits.ts";

/** Keys that readers disagree on when they come twice. */
const UNIQUE_KEYS: ReadonlySet<string> = new Set(["tenant", "a2a-version"]);
/** Credentials never travel in a URL: it is logged everywhere. */
const TOKEN_KEYS: ReadonlySet<string> = new Set(["access_token", "id_token", "api_key", "apikey"]);
const OVERRIDE_KEY = "_method";

/**
 * Keys are split at `&` and at `;`, because frameworks differ, and decoded once.
 *
 * @throws {DenyError} `query.*`, `path.*`, `method.override`, `identity.token_in_query`
 */
export function checkQuery(query: string): void {
  if (query === "") return;
  if (query.length > QUERY_BYTES_MAX)
    throw new DenyError("query.too_large", "the query is too long");
  if (query.includes("#")) throw new DenyError("path.fragment", "the query holds a fragment");
  if (/[\u0080-\uffff]/.test(query))
    throw new DenyError("path.non_ascii", "the query is not ASCII");
  if (/[^!-~]/.test(query)) throw new DenyError("path.control_byte", "the query holds a raw byte");

  const pairs = query.split(/[&;]/, QUERY_PAIRS_MAX + 1);
  if (pairs.length > QUERY_PAIRS_MAX) throw new DenyError("query.too_large", "too many pairs");
  const keys = pairs.map(keyOf);
  if (keys.includes(OVERRIDE_KEY)) {
    throw new DenyError("method.override", "the query names another method");
  }
  if (keys.some((key, at) => UNIQUE_KEYS.has(key) && keys.indexOf(key) < at)) {
    throw new DenyError("query.repeated_key", "a key that must be unique is repeated");
  }
  if (keys.some((key) => TOKEN_KEYS.has(key))) {
    throw new DenyError("identity.token_in_query", "the query holds a credential");
  }
}

/** Lower case, as the laxest reader would compare it. */
function keyOf(pair: string): string {
  const equals = pair.indexOf("=");
  const key = equals < 0 ? pair : pair.slice(0, equals);
  return (key.includes("%") ? decoded(key) : key).toLowerCase();
}

/** A bad escape leaves the key as it is: it then matches no known key. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
