/**
 * A value inside a body that the strict reader has accepted, by its place: nothing is built until
 * somebody asks.
 *
 * @module
 */
import type { Json, JsonObject } from "../domain/json.ts";
import type { LazyJson } from "../domain/request.ts";

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

const QUOTE = 0x22;
const BRACKET_OPEN = 0x5b;
const BACKSLASH = 0x5c;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const BRACE_OPEN = 0x7b;
const INTEGER = /^-?[0-9]+$/;

/** The known members of an object at a protocol level. */
export interface KnownMembers {
  readonly names: readonly string[];
  readonly nodes: readonly JsonNode[];
  /** True when the object has members beside the known ones. */
  readonly hasOthers: boolean;
}

/** What is remembered of a value beside its place: its members, its elements, or nothing. */
export type JsonInside = KnownMembers | readonly JsonNode[] | undefined;

export class JsonNode {
  readonly #body: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #inside: JsonInside;
  /** True when integers in it are too large for a number; its value has them as texts. */
  readonly hasBigIntegers: boolean;

  constructor(
    body: Buffer,
    start: number,
    end: number,
    inside: JsonInside,
    hasBigIntegers: boolean,
  ) {
    this.#body = body;
    this.#start = start;
    this.#end = end;
    this.#inside = inside;
    this.hasBigIntegers = hasBigIntegers;
  }

  get kind(): JsonKind {
    switch (this.#body[this.#start]) {
      case BRACE_OPEN:
        return "object";
      case BRACKET_OPEN:
        return "array";
      case QUOTE:
        return "string";
      case LETTER_T:
      case LETTER_F:
        return "boolean";
      case LETTER_N:
        return "null";
      default:
        return "number";
    }
  }

  /** True when there are members that the level does not know. */
  get hasOtherMembers(): boolean {
    return isMembers(this.#inside) && this.#inside.hasOthers;
  }

  /** A known member, when it is there. */
  member(name: string): JsonNode | undefined {
    if (!isMembers(this.#inside)) return undefined;
    return this.#inside.nodes[this.#inside.names.indexOf(name)];
  }

  /** In order, at most `JSON_LEVEL_ELEMENTS_MAX`; undefined when it is no array, or a free one. */
  get elements(): readonly JsonNode[] | undefined {
    return isMembers(this.#inside) ? undefined : this.#inside;
  }

  /** Exactly as in the body. */
  get bytes(): Buffer {
    return this.#body.subarray(this.#start, this.#end);
  }

  /** The JSON text, exactly as in the body. */
  get json(): string {
    return this.#body.toString("utf8", this.#start, this.#end);
  }

  /** The text of a string, undefined for any other kind. */
  get text(): string | undefined {
    if (this.kind !== "string") return undefined;
    for (let at = this.#start; at < this.#end; at++) {
      if (this.#body[at] === BACKSLASH) return JSON.parse(this.json);
    }
    return this.#body.toString("utf8", this.#start + 1, this.#end - 1);
  }
}

function isMembers(inside: JsonInside): inside is KnownMembers {
  return inside !== undefined && !Array.isArray(inside);
}

export const NO_JSON: LazyJson = {
  bytes: new Uint8Array(0),
  value: () => EMPTY,
};
const EMPTY: JsonObject = Object.freeze(Object.create(null));

/** An object inside an accepted body; `NO_JSON` when it is absent. */
export function lazyObject(node: JsonNode | undefined): LazyJson {
  return node === undefined ? NO_JSON : new AcceptedJson(node.bytes, node.hasBigIntegers);
}

/** A member and what it holds: a part of the body, a text, or nothing. */
export type Part = readonly [member: string, content: JsonNode | string | undefined];

/** One object made of those `parts` that are there. */
export function lazyMembers(parts: readonly Part[]): LazyJson {
  const pieces: Uint8Array[] = [];
  let hasBigIntegers = false;
  for (const [member, content] of parts) {
    if (content === undefined) continue;
    if (typeof content !== "string" && content.hasBigIntegers) hasBigIntegers = true;
    const before = pieces.length === 0 ? "{" : ",";
    pieces.push(
      Buffer.from(`${before}${JSON.stringify(member)}:`),
      typeof content === "string" ? Buffer.from(JSON.stringify(content)) : content.bytes,
    );
  }
  if (pieces.length === 0) return NO_JSON;
  pieces.push(Buffer.from("}"));
  return new AcceptedJson(Buffer.concat(pieces), hasBigIntegers);
}

class AcceptedJson implements LazyJson {
  readonly bytes: Buffer;
  readonly #hasBigIntegers: boolean;
  #value: JsonObject | undefined;

  constructor(bytes: Buffer, hasBigIntegers: boolean) {
    this.bytes = bytes;
    this.#hasBigIntegers = hasBigIntegers;
  }

  value(): JsonObject {
    if (this.#value === undefined) {
      const text = this.bytes.toString();
      const value = this.#hasBigIntegers ? JSON.parse(text, exactInteger) : JSON.parse(text);
      this.#value = withoutPrototypes(value) as JsonObject;
    }
    return this.#value;
  }
}

/** As text where a number would be another one: the token as the caller wrote it. */
function exactInteger(_: string, value: Json, context?: { readonly source?: string }): Json {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? source : value;
}

/** Depth is bounded by the strict reader. */
function withoutPrototypes(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = withoutPrototypes(value[at]);
    return value;
  }
  const source = value as JsonObject;
  const target: Record<string, Json> = Object.create(null);
  for (const name of Object.keys(source)) target[name] = withoutPrototypes(source[name] as Json);
  return target;
}
