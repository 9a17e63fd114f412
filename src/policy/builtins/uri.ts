/**
 * `uri.parse` and `uri.is_valid`: URIs and references to them, read as Go's `net/url` does. What is read
 * here are bytes, one per character, since an escape may stand for a byte that is no text.
 *
 * @module
 */
import { RegoObject } from "../plan/values/rego-object.ts";
import { bytesOf, textOf } from "../plan/values/text-bytes.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { parseAddress } from "./ip-network.ts";
import { chargeBytes, wrongType } from "./operands.ts";

/** Bytes; a part that is empty is not there. */
interface Uri {
  readonly scheme: string;
  readonly host: string;
  /** Unescaped. */
  readonly path: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

interface Authority {
  readonly host: string;
  readonly rest: string;
}

const CONTROL = /(?![\x80-\x9f])\p{Cc}/u;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const BROKEN_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const ESCAPE = /%([0-9a-fA-F]{2})/g;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::[0-9]*)?$/;
/** A host has only escapes of bytes above ASCII, and of `%`. */
const HOST = /^(?:[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~\x80-\xff]|%25|%[89a-fA-F][0-9a-fA-F])*$/;
const ZONE = /^(?:[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~\x80-\xff]|%[0-9a-fA-F]{2})*$/;
const ESCAPED_IN_ZONE = /^[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~ %]$/;
/** What Go escapes when it writes a path. */
const NOT_OF_PATH = /[^A-Za-z0-9\-_.~$&+,/:;=@]/g;
/** Reading, unescaping, and escaping again to compare. */
const GROWTH_MAX = 12;

function unescaped(text: string): string | undefined {
  if (BROKEN_ESCAPE.test(text)) return undefined;
  return text.replace(ESCAPE, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Undefined for text that Go does not take. */
function parse(text: string): Uri | undefined {
  const [whole, rawFragment] = cut(text, "#");
  if (CONTROL.test(whole)) return undefined;
  const fragment = unescaped(rawFragment);
  if (fragment === undefined || whole.startsWith(":")) return undefined;
  const [named = "", name = ""] = SCHEME.exec(whole) ?? [];
  const scheme = name.toLowerCase();
  const [rest, rawQuery] = cut(whole.slice(named.length), "?");
  if (!rest.startsWith("/")) {
    // What has no slash after its scheme is not looked into.
    if (scheme !== "") return { scheme, host: "", path: "", rawPath: "", rawQuery, fragment };
    if (cut(rest, "/")[0].includes(":")) return undefined;
  }
  const authority = authorityOf(scheme, rest);
  if (authority === undefined) return undefined;
  const { host, rest: rawPath } = authority;
  const path = unescaped(rawPath);
  if (path === undefined) return undefined;
  const isUsual = rawPath === escapedPath(path) || whole === "*";
  return { scheme, host, path, rawPath: isUsual ? path : rawPath, rawQuery, fragment };
}

function cut(text: string, mark: string): readonly [before: string, after: string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

function authorityOf(scheme: string, text: string): Authority | undefined {
  const hasAuthority = text.startsWith("//") && (scheme !== "" || !text.startsWith("///"));
  if (!hasAuthority) return { host: "", rest: text };
  const slash = text.indexOf("/", 2);
  const end = slash < 0 ? text.length : slash;
  const authority = text.slice(2, end);
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  if (!USER.test(user) || BROKEN_ESCAPE.test(user)) return undefined;
  const host = hostOf(scheme, authority.slice(at + 1));
  return host === undefined ? undefined : { host, rest: text.slice(end) };
}

/** With its port. */
function hostOf(scheme: string, text: string): string | undefined {
  const bracket = text.lastIndexOf("[");
  if (bracket > 0) return undefined;
  if (bracket === 0) return literalHost(text);
  // Only the schemes of the web hold hosts to one colon.
  const isWeb = scheme === "http" || scheme === "https";
  const colon = isWeb ? text.indexOf(":") : text.lastIndexOf(":");
  if (colon >= 0 && !PORT.test(text.slice(colon))) return undefined;
  return HOST.test(text) ? unescaped(text) : undefined;
}

/** `[2001:db8::1%25zone]:80` */
function literalHost(text: string): string | undefined {
  const close = text.lastIndexOf("]");
  const port = text.slice(close + 1);
  if (close < 0 || !PORT.test(port)) return undefined;
  const inner = text.slice(1, close);
  const percent = inner.indexOf("%25");
  const address = percent < 0 ? inner : inner.slice(0, percent);
  const zone = percent < 0 ? "" : inner.slice(percent);
  if (!address.includes(":") || parseAddress(address) === undefined) return undefined;
  if (zone === "%25" || !isZone(zone)) return undefined;
  return `[${address}${unescaped(zone)}]${port}`;
}

function isZone(text: string): boolean {
  if (!ZONE.test(text)) return false;
  return (text.match(ESCAPE) ?? []).every((one) => ESCAPED_IN_ZONE.test(unescaped(one) ?? ""));
}

function escapedPath(path: string): string {
  return path.replace(
    NOT_OF_PATH,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function splitHost(host: string): { readonly hostname: string; readonly port: string } {
  const colon = host.lastIndexOf(":");
  const hasPort = colon >= 0 && PORT.test(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  const isLiteral = name.startsWith("[") && name.endsWith("]");
  return {
    hostname: isLiteral ? name.slice(1, -1) : name,
    port: hasPort ? host.slice(colon + 1) : "",
  };
}

function read(context: BuiltinContext, text: string): Uri | undefined {
  chargeBytes(context.budget, text.length * GROWTH_MAX);
  return parse(bytesOf(text).toString("latin1"));
}

export const URI: BuiltinTable = {
  "uri.is_valid": (context, value) =>
    typeof value === "string" && value !== "" && read(context, value) !== undefined,
  "uri.parse": (context, value) => {
    if (typeof value !== "string") return wrongType(context, 1, value, "string");
    const uri = read(context, value);
    if (uri === undefined) return context.fail("not a URI");
    const { scheme, path, rawPath, rawQuery, fragment } = uri;
    const parts = {
      scheme,
      ...splitHost(uri.host),
      path,
      raw_path: rawPath,
      raw_query: rawQuery,
      fragment,
    };
    const object = new RegoObject();
    for (const [name, part] of Object.entries(parts)) {
      if (part !== "") object.set(name, textOf(Buffer.from(part, "latin1")), context.budget);
    }
    return object;
  },
};
