/**
 * What `# METADATA` says of rules: titles, ids and labels, packed beside the plan, which does not carry
 * them. They explain; no answer depends on them.
 *
 * @module
 */
import { isJsonObject, type Json } from "../domain/json.ts";

export const ANNOTATIONS_FILE = "annotations.json";
export const ANNOTATIONS_BYTES_MAX = 1_048_576;
const ANNOTATIONS_MAX = 10_000;
const TEXT_CHARACTERS_MAX = 500;
const LABELS_MAX = 20;
const SCOPES = ["rule", "document", "package", "subpackages"] as const;

export interface Annotation {
  /** `data.mcp.gateway.allow` */
  readonly path: string;
  /** As the plan names it. */
  readonly file: string;
  /** Of the head of the rule, or of the package. */
  readonly row: number;
  readonly scope: (typeof SCOPES)[number];
  readonly title?: string;
  readonly description?: string;
  /** `custom.id` */
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** From what `opa inspect -a -f json` prints, sorted, tests left out; undefined when it is none. */
export function collectAnnotations(inspection: string): readonly Annotation[] | undefined {
  const parsed = parsedJson(inspection);
  if (!isJsonObject(parsed)) return undefined;
  const listed = parsed["annotations"] ?? [];
  if (!Array.isArray(listed) || listed.length > ANNOTATIONS_MAX) return undefined;
  return listed
    .flatMap((one) => collected(one) ?? [])
    .filter(({ file }) => !file.endsWith("_test.rego"))
    .sort((a, b) => compare(a.file, b.file) || a.row - b.row || compare(a.scope, b.scope));
}

function collected(one: Json): Annotation | undefined {
  if (!isJsonObject(one)) return undefined;
  const { annotations, location, path } = one;
  if (!isJsonObject(annotations) || !isJsonObject(location) || !Array.isArray(path))
    return undefined;
  const { custom } = annotations;
  return readAnnotation({
    ...annotations,
    id: (isJsonObject(custom) ? custom["id"] : undefined) ?? null,
    file: location["file"] ?? null,
    row: location["row"] ?? null,
    path: pathText(path),
  });
}

/** As rules are named in a plan: `data.a["b-c"].d`'s parts joined by dots. */
function pathText(path: readonly Json[]): string {
  return path
    .map((part) => (isJsonObject(part) ? String(part["value"]) : ""))
    .join(".")
    .slice(0, TEXT_CHARACTERS_MAX);
}

/** Of a bundle's annotations.json; undefined when it is no list of annotations. */
export function parseAnnotations(bytes: Uint8Array): readonly Annotation[] | undefined {
  const parsed = parsedJson(Buffer.from(bytes).toString("utf8"));
  if (!Array.isArray(parsed) || parsed.length > ANNOTATIONS_MAX) return undefined;
  const read = parsed.map(readAnnotation);
  return read.every((one) => one !== undefined) ? read : undefined;
}

function readAnnotation(value: Json): Annotation | undefined {
  if (!isJsonObject(value)) return undefined;
  const { path, file, row } = value;
  const scope = SCOPES.find((one) => one === value["scope"]);
  if (typeof path !== "string" || typeof file !== "string" || scope === undefined) return undefined;
  if (typeof row !== "number" || !Number.isSafeInteger(row)) return undefined;
  const title = textOf(value["title"]);
  const description = textOf(value["description"]);
  const id = textOf(value["id"]);
  const labels = labelsOf(value["labels"]);
  return {
    path,
    file,
    row,
    scope,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(id === undefined ? {} : { id }),
    ...(labels === undefined ? {} : { labels }),
  };
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || value === "") return undefined;
  return value.slice(0, TEXT_CHARACTERS_MAX).toWellFormed();
}

function labelsOf(value: Json | undefined): Readonly<Record<string, string>> | undefined {
  if (value === undefined || !isJsonObject(value)) return undefined;
  const texts = Object.entries(value).flatMap(([name, one]) => {
    const text = textOf(one);
    return text === undefined ? [] : [[name.slice(0, TEXT_CHARACTERS_MAX), text] as const];
  });
  const kept = texts.sort(([a], [b]) => compare(a, b)).slice(0, LABELS_MAX);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
