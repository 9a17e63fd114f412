/**
 * `uri.is_valid` and `uri.parse`, as Go's `net/url` reads references. Escapes whose bytes are no UTF-8
 * become U+FFFD: text here has no other bytes.
 *
 * @module
 */
import { RegoObject } from "../plan/values/rego-object.ts";
import type { Value } from "../plan/values/value.ts";
import type { BuiltinContext, BuiltinTable } from "./builtin.ts";
import { refused } from "./composite-operands.ts";
import { hostFrom, unescaped } from "./uri-host.ts";

interface Uri {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly fragment: string;
}

const CHARACTERS_PER_STEP = 16;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const CONTROL = /[\0-\x1f\x7f]/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const USER = /^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/;
const UNESCAPED_IN_PATH = /[^A-Za-z0-9\-_.~$&+,/:;=@]/gu;
const PORT = /:[0-9]*$/;

function cut(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)];
}

function uriFrom({ budget }: BuiltinContext, text: string): Uri | undefined {
  budget.spend(1 + text.length / CHARACTERS_PER_STEP);
  budget.allocate(text.length);
  const [reference, rawFragment] = cut(text, "#");
  const fragment = unescaped(rawFragment);
  if (fragment === undefined || CONTROL.test(reference) || reference.startsWith(":")) {
    return undefined;
  }
  const scheme = SCHEME.exec(reference)?.[1] ?? "";
  const [rest, query] = cut(scheme === "" ? reference : reference.slice(scheme.length + 1), "?");
  const parts = { scheme: scheme.toLowerCase(), query, fragment };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...parts, host: "", path: "", rawPath: "" };
    if (cut(rest, "/")[0].includes(":")) return undefined;
  }
  return hierarchical(parts, rest);
}

function hierarchical(
  parts: Pick<Uri, "scheme" | "query" | "fragment">,
  rest: string,
): Uri | undefined {
  let host: string | undefined = "";
  let rawPath = rest;
  if (rest.startsWith("//") && (parts.scheme !== "" || !rest.startsWith("///"))) {
    const end = rest.indexOf("/", 2);
    rawPath = end < 0 ? "" : rest.slice(end);
    host = authorityHost(parts.scheme, end < 0 ? rest.slice(2) : rest.slice(2, end));
  }
  const path = unescaped(rawPath);
  return host === undefined || path === undefined ? undefined : { ...parts, host, path, rawPath };
}

function authorityHost(scheme: string, authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  if (!USER.test(user) || unescaped(user) === undefined) return undefined;
  return hostFrom(scheme, authority.slice(at + 1));
}

/** The path as it is written, unless escaping it anew would give the same: then as it is read. */
function rawPathOf({ path, rawPath }: Uri): string {
  const escaped = path.replace(UNESCAPED_IN_PATH, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, "0")}`)
      .join("")
      .toUpperCase(),
  );
  return escaped === rawPath || rawPath === "*" ? path : rawPath;
}

function parse(context: BuiltinContext, text: Value): Value | undefined {
  if (typeof text !== "string") return refused(context, 1, text, "string");
  const uri = uriFrom(context, text);
  if (uri === undefined) return context.fail(`parse "${text}": invalid URI`);
  const port = PORT.exec(uri.host)?.[0] ?? "";
  const host = uri.host.slice(0, uri.host.length - port.length);
  const hostname = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const made = new RegoObject();
  for (const [name, value] of [
    ["scheme", uri.scheme],
    ["hostname", hostname],
    ["port", port.slice(1)],
    ["path", uri.path],
    ["raw_path", uri.path === "" ? "" : rawPathOf(uri)],
    ["raw_query", uri.query],
    ["fragment", uri.fragment],
  ] as const) {
    if (value === "") continue;
    context.budget.allocate(value.length);
    made.set(name, value, context.budget);
  }
  return made;
}

export const URI: BuiltinTable = {
  "uri.is_valid": (context, text: Value) =>
    typeof text === "string" && text !== "" && uriFrom(context, text) !== undefined,
  "uri.parse": parse,
};
