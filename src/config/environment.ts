/**
 * Overrides from the environment: `SARK_AUTHZ_CACHE__ENTRIES_MAX=500` sets `cache.entries_max`. A
 * number, a truth value, null or a list is written as in the file; texts stand as they are.
 *
 * @module
 */
import { parseDocument } from "yaml";
import type { KeyPath } from "./positioned-yaml.ts";
import { knownKeys, type Outline, outlineAt, pathText } from "./schema-outline.ts";
import { suggest } from "./suggest.ts";

const PREFIX = "SARK_AUTHZ_";
const NESTING = "__";

/** Kubernetes describes every Service of the namespace in this form; one may be called sark-authz. */
const SERVICE_LINK =
  /^SARK_AUTHZ_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Overrides {
  /** The file's data with the overrides in it; the given value is not changed. */
  readonly value: unknown;
  readonly problems: readonly string[];
  /** The variable that set the value at `path` or a part above it. */
  variableOf(path: KeyPath): string | undefined;
}

export function variableName(path: KeyPath): string {
  return `${PREFIX}${path.join(NESTING).toUpperCase()}`;
}

export function isServiceLink(variable: string): boolean {
  return SERVICE_LINK.test(variable);
}

export function applyEnvironment(value: unknown, env: Environment, outline: Outline): Overrides {
  const variables = new Map<string, string>();
  const problems: string[] = [];
  const changed = structuredClone(value);
  for (const [variable, text] of Object.entries(env).sort()) {
    if (text === undefined || !variable.startsWith(PREFIX) || isServiceLink(variable)) continue;
    const path = variable.slice(PREFIX.length).toLowerCase().split(NESTING);
    const target = outlineAt(outline, path);
    if (target === undefined || !isKnown(outline, path)) {
      problems.push(`${variable} ${unknownText(outline, path)}`);
    } else if (setIn(changed, path, readValue(text, target))) {
      variables.set(pathText(path), variable);
    }
  }
  return {
    value: changed,
    problems,
    variableOf: (path) => {
      for (let depth = path.length; depth > 0; depth--) {
        const variable = variables.get(pathText(path.slice(0, depth)));
        if (variable !== undefined) return variable;
      }
      return undefined;
    },
  };
}

/** Every step is a declared key: entries of free mappings are not set from outside. */
function isKnown(outline: Outline, path: KeyPath): boolean {
  return path.every((step, depth) =>
    knownKeys(outlineAt(outline, path.slice(0, depth))).includes(String(step)),
  );
}

function unknownText(outline: Outline, path: KeyPath): string {
  for (const [depth, step] of path.entries()) {
    const above = path.slice(0, depth);
    const known = knownKeys(outlineAt(outline, above));
    if (known.includes(String(step))) continue;
    const nearest = suggest(String(step), known);
    const near =
      nearest === undefined ? "" : `; did you mean "${variableName([...above, nearest])}"?`;
    return `${pathText(path)}: unknown key${near}`;
  }
  return `${pathText(path)}: unknown key`;
}

function readValue(text: string, target: Outline): unknown {
  const types = [target.type ?? []].flat();
  if (types.includes("string") && !(types.includes("null") && text === "null")) return text;
  const document = parseDocument(text, { prettyErrors: false, version: "1.2" });
  // Left as text it fails the schema, which then names the variable.
  if (document.errors.length > 0) return text;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return text;
  }
}

/** False where the file holds something else than a section: the schema reports that. */
function setIn(value: unknown, path: readonly string[], member: unknown): boolean {
  let here = value;
  for (const [depth, step] of path.entries()) {
    if (typeof here !== "object" || here === null || Array.isArray(here)) return false;
    const section = here as Record<string, unknown>;
    if (depth === path.length - 1) section[step] = member;
    else section[step] ??= {};
    here = section[step];
  }
  return true;
}
