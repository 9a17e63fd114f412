/**
 * YAML or JSON text as plain data that still knows where each value stood. Owns yaml.
 *
 * What makes a document ambiguous or expensive is refused: several documents, repeated keys, anchors
 * and aliases, tags, keys that are no text. Messages never quote the document.
 *
 * @module
 */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { ConfigError } from "../domain/errors.ts";

export type KeyPath = readonly (string | number)[];

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface PositionedDocument {
  readonly file: string;
  /** Plain data; an empty document is an empty object. */
  readonly value: unknown;
  /** Position of the value at `path`, or of the nearest enclosing value that exists. */
  positionOf(path: KeyPath): Position;
  /** Position of the key itself inside the mapping at `path`. */
  positionOfKey(path: KeyPath, key: string): Position;
}

export const DOCUMENT_BYTES_MAX = 1_048_576;

/** The parser's own sentences may quote the document, so only its codes are used. */
const YAML_PROBLEMS: Readonly<Record<string, string>> = {
  BAD_INDENT: "wrong indentation, or a bracket is not closed",
  BAD_SCALAR_START: "this character can not start a plain value; put quotes around the value",
  BLOCK_AS_IMPLICIT_KEY: "a mapping may not start on the line of its key",
  DUPLICATE_KEY: "the key is repeated",
  MISSING_CHAR: "a quote, comma or bracket is missing",
  MULTILINE_IMPLICIT_KEY: "a key must stand on one line",
  MULTIPLE_DOCS: "only one document is read; remove the second one",
  RESOURCE_EXHAUSTION: "nested too deeply",
  TAB_AS_INDENT: "indentation must be spaces, not tabs",
  TAG_RESOLVE_FAILED: "tags are not supported",
  UNEXPECTED_TOKEN: "unexpected text",
};

/** @throws {ConfigError} listing every problem of the syntax with line and column. */
export function readPositionedYaml(text: string, file: string): PositionedDocument {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX) {
    throw new ConfigError([`${file}: larger than ${DOCUMENT_BYTES_MAX} bytes`]);
  }
  const lines = new LineCounter();
  const document = parse(text, file, lines);
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  refuseProblems(document, file, positionAt);

  return {
    file,
    value: document.toJS() ?? {},
    positionOf: (path) => positionAt(offsetOf(document, path)),
    positionOfKey: (path, key) => positionAt(offsetOfKey(document, path, key)),
  };
}

function parse(text: string, file: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, version: "1.2" });
  } catch (thrown) {
    throw new ConfigError([`${file}: can not be read as YAML`], { cause: thrown });
  }
}

function refuseProblems(
  document: Document,
  file: string,
  positionAt: (offset: number) => Position,
): void {
  const found = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    offset: pos[0],
    problem: YAML_PROBLEMS[code] ?? `not valid YAML (${code.toLowerCase().replaceAll("_", " ")})`,
  }));
  if (found.length === 0) found.push(...unwanted(document));
  if (found.length === 0) return;
  found.sort((a, b) => a.offset - b.offset);
  throw new ConfigError(
    found.map(({ offset, problem }) => {
      const { line, column } = positionAt(offset);
      return `${file}:${line}:${column} ${problem}`;
    }),
  );
}

/** Valid YAML that this service does not read. */
function unwanted(document: Document): { readonly offset: number; readonly problem: string }[] {
  const found: { readonly offset: number; readonly problem: string }[] = [];
  const refuse = (node: unknown, problem: string) => found.push({ offset: start(node), problem });
  visit(document, {
    Alias: (_, node) => void refuse(node, "aliases are not supported; write the value out"),
    Node: (_, node) => {
      if (node.anchor !== undefined) refuse(node, "anchors are not supported; write the value out");
    },
    Pair: (_, { key }) => {
      if (!isScalar(key) || typeof key.value !== "string") refuse(key, "a key must be a text");
      else if (key.value === "__proto__") refuse(key, "this key is reserved");
    },
  });
  return found;
}

function start(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function offsetOf(document: Document, path: KeyPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node)) return start(node);
  }
  return start(document.contents);
}

function offsetOfKey(document: Document, path: KeyPath, key: string): number {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return offsetOf(document, path);
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  return pair === undefined ? start(map) : start(pair.key);
}
