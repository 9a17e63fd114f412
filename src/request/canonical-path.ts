/**
 * The one spelling of a request path. Routes, decision key, policy input and record use it; the raw
 * path is never looked at again. No URL parser is involved: parsers repair what must be refused.
 *
 * @module
 */
import { PATH_BYTES_MAX } from "../domain/limits.ts";
import type { Route } from "../domain/route.ts";
import { type BrokenRule, type RequestRule, refusal } from "./request-rule.ts";

type PathAllow = Route["pathAllow"];

interface PathRule extends RequestRule<string> {
  /** The name by which a route may relax the rule. */
  readonly relaxedBy?: "semicolon";
}

/** Triplets of `/ \ . ? # %` and of all control bytes. */
const ENCODED_RESERVED = /%(?:2[FfEe35]|3[Ff]|5[Cc]|[01][0-9A-Fa-f]|7[Ff])/;
const ENCODED_SEMICOLON = /%3[Bb]/;
/** A semicolon ends a dot segment in any spelling: servers strip what follows before they resolve it. */
const DOT_SEGMENT = /\/\.\.?(?:[/;]|%3[Bb]|$)/;

/** What a path before the first `?` may not be. */
export const PATH_RULES: readonly PathRule[] = [
  { reason: "path.missing", refuses: "an empty path", breaks: (path) => path === "" },
  { reason: "path.too_long", refuses: "a path over 8,192 bytes", breaks: isTooLong },
  {
    reason: "path.not_origin_form",
    refuses: "a path that does not begin with / (absolute, authority and asterisk form)",
    breaks: (path) => !path.startsWith("/"),
  },
  {
    reason: "path.control_byte",
    refuses: "a space or control byte in the path",
    breaks: (path) => /[^!-~\u0080-\uffff]/.test(path),
  },
  {
    reason: "path.non_ascii",
    refuses: "a byte from 0x80 in the path",
    breaks: (path) => /[\u0080-\uffff]/.test(path),
  },
  {
    reason: "path.backslash",
    refuses: "a backslash in the path",
    breaks: (path) => path.includes("\\"),
  },
  { reason: "path.fragment", refuses: "a # in the path", breaks: (path) => path.includes("#") },
  {
    reason: "path.bad_percent",
    refuses: "a % without two hex digits in the path",
    breaks: (path) => /%(?![0-9A-Fa-f]{2})/.test(path),
  },
  {
    reason: "path.encoded_reserved",
    refuses: "an encoded slash, backslash, dot, ?, #, % or control byte in the path",
    breaks: (path) => ENCODED_RESERVED.test(path),
  },
  {
    reason: "path.encoded_reserved",
    refuses: "an encoded semicolon in the path",
    breaks: (path) => ENCODED_SEMICOLON.test(path),
    relaxedBy: "semicolon",
  },
  {
    reason: "path.not_utf8",
    refuses: "a path that is not UTF-8 when it is decoded",
    breaks: (path) => !decodesToUtf8(path),
  },
  {
    reason: "path.empty_segment",
    refuses: "an empty segment in the path",
    breaks: (path) => path.includes("//"),
  },
  {
    reason: "path.dot_segment",
    refuses: "a dot segment in the path",
    breaks: (path) => DOT_SEGMENT.test(path),
  },
  {
    reason: "path.parameter",
    refuses: "a semicolon in the path",
    breaks: (path) => path.includes(";"),
    relaxedBy: "semicolon",
  },
];

const NOTHING: PathAllow = new Set();
/** What some route might allow; only such a path is worth looking for its route. */
const EVERYTHING: PathAllow = new Set(["semicolon"]);

/** Breaks no rule and is canonical as it stands; most paths are. */
const PLAIN = /^(?:\/(?!\.\.?(?:\/|$))[A-Za-z0-9._~-]+)+\/?$/;
const TRIPLET = /%[0-9A-Fa-f]{2}/g;
/** Unreserved characters; a dot never comes as a triplet, that is refused. */
const UNRESERVED = /^[A-Za-z0-9_~-]$/;

/**
 * The first rule that `raw` breaks on a route that allows `allow`. The route is known only after the
 * path is, so a path is read first with everything allowed, and again as its route has it.
 */
export function brokenPathRule(raw: string, allow = NOTHING): BrokenRule | undefined {
  if (isPlain(raw)) return undefined;
  return PATH_RULES.find(
    ({ relaxedBy, breaks }) => !(relaxedBy !== undefined && allow.has(relaxedBy)) && breaks(raw),
  );
}

/** The form to look for a route with; undefined when no route whatever can serve it. */
export function routablePath(raw: string): string | undefined {
  return brokenPathRule(raw, EVERYTHING) === undefined ? formOf(raw) : undefined;
}

/**
 * `raw` is everything before the first `?`. Triplets of unreserved characters are decoded, the hex
 * digits of all others put into upper case; letter case and a trailing `/` stay and mean something.
 *
 * @throws {DenyError} `path.*`
 */
export function canonicalPath(raw: string, allow = NOTHING): string {
  const broken = brokenPathRule(raw, allow);
  if (broken !== undefined) throw refusal(broken);
  return formOf(raw);
}

function isPlain(raw: string): boolean {
  return raw.length <= PATH_BYTES_MAX && PLAIN.test(raw);
}

function isTooLong(path: string): boolean {
  return Buffer.byteLength(path) > PATH_BYTES_MAX;
}

function formOf(raw: string): string {
  return raw.includes("%") ? raw.replaceAll(TRIPLET, canonicalTriplet) : raw;
}

function canonicalTriplet(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return UNRESERVED.test(character) ? character : triplet.toUpperCase();
}

/** Overlong forms and surrogates are invalid UTF-8 here as in the standard. */
function decodesToUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
