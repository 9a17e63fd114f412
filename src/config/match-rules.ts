/**
 * Spelling of a route's match: only what a canonical request can equal is accepted, because any other
 * spelling would silently never match.
 *
 * @module
 */

const PATH_CHARACTERS = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/;
const DOT_SEGMENT = /\/\.\.?(?:[/;]|%3B|$)/;
const SEMICOLON = /;|%3B/;
const TRIPLET = /%(..)?/g;
const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f]*:[0-9a-f:.]*\])(?::[1-9][0-9]{0,4})?$/;
const DEFAULT_PORT = /[^:]:(?:80|443)$|\]:(?:80|443)$/;

/** Semicolons included, which only some routes take: `hasSemicolon`. */
export function isCanonicalPath(path: string): boolean {
  if (!PATH_CHARACTERS.test(path) || path.includes("//") || DOT_SEGMENT.test(path)) return false;
  return [...path.matchAll(TRIPLET)].every(([, digits]) => isCanonicalTriplet(digits));
}

/** Stays encoded in a canonical path: upper case, no unreserved character, none that is refused. */
function isCanonicalTriplet(digits: string | undefined): boolean {
  if (digits === undefined || !/^[0-9A-F]{2}$/.test(digits)) return false;
  const byte = Number.parseInt(digits, 16);
  const character = String.fromCharCode(byte);
  return byte >= 0x20 && byte !== 0x7f && !/[A-Za-z0-9._~\-/\\?#%]/.test(character);
}

/** Plain or encoded: such a path matches nothing unless its route allows it. */
export function hasSemicolon({ path, path_prefix }: Match): boolean {
  return SEMICOLON.test(path ?? path_prefix ?? "");
}

/** A prefix ends with a whole segment; `/` alone stands for every path. */
export function isCanonicalPrefix(path: string): boolean {
  return isCanonicalPath(path) && (path === "/" || !path.endsWith("/"));
}

/** Lower case; a scheme's own port is never part of a canonical host. */
export function isCanonicalHost(host: string): boolean {
  return HOST.test(host) && !DEFAULT_PORT.test(host);
}

export interface Match {
  readonly path?: string | undefined;
  readonly path_prefix?: string | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
}

/** True when some request fits both and neither is more exact. */
export function areEqualMatches(a: Match, b: Match): boolean {
  return (
    a.path === b.path &&
    a.path_prefix === b.path_prefix &&
    overlap(a.methods, b.methods) &&
    overlap(a.hosts, b.hosts)
  );
}

/** Undefined stands for all. */
function overlap(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === undefined || b === undefined || a.some((item) => b.includes(item));
}
