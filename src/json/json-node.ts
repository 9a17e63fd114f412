/**
 * A value inside a body that the strict reader has accepted, by its place: nothing is built until
 * somebody asks.
 *
 * @module
 */
import type { Json, JsonObject } from "../domain/json.ts";
import type { LazyJson } from "../domain/request.ts";

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

const KIND_BY_FIRST_BYTE: Readonly<Record<string, JsonKind>> = {
  "{": "object",
  "[": "array",
  '"': "string",
  t: "boolean",
  f: "boolean",
  n: "null",
};
const BACKSLASH = 0x5c;

/** The known members of an object at a protocol level. */
export interface KnownMembers {
  readonly names: readonly string[];
  readonly nodes: readonly JsonNode[];
  /** True when the object has members beside the known ones. */
  readonly hasOthers: boolean;
}

export class JsonNode {
  readonly #body: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #members: KnownMembers | undefined;

  constructor(body: Buffer, start: number, end: number, members: KnownMembers | undefined) {
    this.#body = body;
    this.#start = start;
    this.#end = end;
    this.#members = members;
  }

  get kind(): JsonKind {
    return KIND_BY_FIRST_BYTE[String.fromCharCode(this.#body[this.#start] ?? 0)] ?? "number";
  }

  /** True when there are members that the level does not know. */
  get hasOtherMembers(): boolean {
    return this.#members?.hasOthers === true;
  }

  /** A known member, when it is there. */
  member(name: string): JsonNode | undefined {
    if (this.#members === undefined) return undefined;
    return this.#members.nodes[this.#members.names.indexOf(name)];
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

export const NO_JSON: LazyJson = {
  bytes: new Uint8Array(0),
  value: () => EMPTY,
};
const EMPTY: JsonObject = Object.freeze(Object.create(null));

/** An object inside an accepted body; `NO_JSON` when it is absent. */
export function lazyObject(node: JsonNode | undefined): LazyJson {
  return node === undefined ? NO_JSON : new AcceptedJson(node.bytes);
}

/** A member and what it holds: a part of the body, a text, or nothing. */
export type Part = readonly [member: string, content: JsonNode | string | undefined];

/** One object made of those `parts` that are there. */
export function lazyMembers(parts: readonly Part[]): LazyJson {
  const pieces: Uint8Array[] = [];
  for (const [member, content] of parts) {
    if (content === undefined) continue;
    const before = pieces.length === 0 ? "{" : ",";
    pieces.push(
      Buffer.from(`${before}${JSON.stringify(member)}:`),
      typeof content === "string" ? Buffer.from(JSON.stringify(content)) : content.bytes,
    );
  }
  if (pieces.length === 0) return NO_JSON;
  pieces.push(Buffer.from("}"));
  return new AcceptedJson(Buffer.concat(pieces));
}

class AcceptedJson implements LazyJson {
  readonly bytes: Buffer;
  #value: JsonObject | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  value(): JsonObject {
    this.#value ??= withoutPrototypes(JSON.parse(this.bytes.toString())) as JsonObject;
    return this.#value;
  }
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
