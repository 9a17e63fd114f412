/**
 * One linear pass over the bytes of a JSON body that accepts only what every reader understands in the
 * same way, and remembers where the protocol's members are. No value is built.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { JSON_DEPTH_MAX, JSON_LEVEL_ELEMENTS_MAX, JSON_MEMBERS_MAX } from "../domain/limits.ts";
import { JsonCursor, jsonRefusal } from "./json-cursor.ts";
import { type JsonInside, JsonNode, type KnownMembers } from "./json-node.ts";
import { decodedName, MemberNames, quotedName } from "./member-names.ts";
import { isReservedName, type MemberContent, type ProtocolLevel } from "./protocol-level.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

const NO_SLOTS: readonly number[] = [];

/** One for all bodies: reading is synchronous and never starts another reading. */
const names = new MemberNames();

/**
 * @param level what is known of the root's members
 * @param bigIntegers `string`: inside parameters, integers beyond 2^53 are accepted and become texts
 * @param membersMax members and array elements of the whole body
 * @throws {DenyError} `json.*`
 */
export function readStrictJson(
  body: Uint8Array,
  level: ProtocolLevel,
  bigIntegers: "refuse" | "string" = "refuse",
  membersMax = JSON_MEMBERS_MAX,
): JsonNode {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (startsLikeOtherEncoding(bytes)) throw jsonRefusal("json.bom", 0);
  if (!isUtf8(bytes)) throw jsonRefusal("json.not_utf8", 0);
  names.reset();
  return new Reader(bytes, bigIntegers === "string", membersMax).document(level);
}

/** A byte order mark, or the zeros of UTF-16 and UTF-32 without one. */
function startsLikeOtherEncoding(bytes: Buffer): boolean {
  const first = bytes[0];
  const second = bytes[1];
  return (
    (first === 0xef && second === 0xbb && bytes[2] === 0xbf) ||
    (first === 0xfe && second === 0xff) ||
    (first === 0xff && second === 0xfe) ||
    first === 0 ||
    second === 0 ||
    bytes[2] === 0 ||
    bytes[3] === 0
  );
}

class Reader {
  readonly #cursor: JsonCursor;
  readonly #keepsBigIntegers: boolean;
  readonly #membersMax: number;
  #depth = 0;
  #count = 0;
  #elementCount = 0;

  constructor(bytes: Buffer, keepsBigIntegers: boolean, membersMax: number) {
    this.#cursor = new JsonCursor(bytes);
    this.#keepsBigIntegers = keepsBigIntegers;
    this.#membersMax = membersMax;
  }

  document(level: ProtocolLevel): JsonNode {
    this.#cursor.skipSpace();
    const root = this.#node(level, undefined);
    this.#cursor.skipSpace();
    if (this.#cursor.at < this.#cursor.bytes.length)
      throw jsonRefusal("json.syntax", this.#cursor.at);
    return root;
  }

  #node(level: ProtocolLevel | undefined, element: MemberContent | undefined): JsonNode {
    const cursor = this.#cursor;
    const start = cursor.at;
    const bigIntegersBefore = cursor.bigIntegerCount;
    const inside = this.#value(level, element);
    const hasBigIntegers = cursor.bigIntegerCount > bigIntegersBefore;
    return new JsonNode(cursor.bytes, start, cursor.at, inside, hasBigIntegers);
  }

  #known(content: MemberContent | undefined): JsonNode {
    if (content?.isParameters !== true || !this.#keepsBigIntegers) {
      return this.#node(content?.level, content?.element);
    }
    this.#cursor.allowsBigIntegers = true;
    const node = this.#node(undefined, undefined);
    this.#cursor.allowsBigIntegers = false;
    return node;
  }

  #value(level: ProtocolLevel | undefined, element: MemberContent | undefined): JsonInside {
    switch (this.#cursor.byte()) {
      case QUOTE:
        this.#cursor.string();
        return undefined;
      case BRACE_OPEN:
        return this.#object(level);
      case BRACKET_OPEN:
        return this.#array(element);
      default:
        this.#cursor.scalar();
        return undefined;
    }
  }

  #enter(): void {
    if (++this.#depth > JSON_DEPTH_MAX) throw jsonRefusal("json.depth", this.#cursor.at);
    this.#cursor.at++;
    this.#cursor.skipSpace();
  }

  /** Behind a member or an element: true when another one follows. */
  #isContinued(close: number): boolean {
    this.#cursor.skipSpace();
    const byte = this.#cursor.byte();
    if (byte !== COMMA && byte !== close) throw jsonRefusal("json.syntax", this.#cursor.at);
    this.#cursor.at++;
    if (byte === close) return false;
    this.#cursor.skipSpace();
    return true;
  }

  #countOne(): void {
    if (++this.#count > this.#membersMax) throw jsonRefusal("json.too_many", this.#cursor.at);
  }

  #array(element: MemberContent | undefined): readonly JsonNode[] | undefined {
    const found: JsonNode[] | undefined = element === undefined ? undefined : [];
    this.#enter();
    if (this.#cursor.byte() === BRACKET_CLOSE) this.#cursor.at++;
    else {
      do {
        this.#countOne();
        if (found === undefined) this.#value(undefined, undefined);
        else found.push(this.#element(element));
      } while (this.#isContinued(BRACKET_CLOSE));
    }
    this.#depth--;
    return found;
  }

  /** Unlike free ones, these are remembered each: there may be fewer of them. */
  #element(content: MemberContent | undefined): JsonNode {
    if (++this.#elementCount > JSON_LEVEL_ELEMENTS_MAX) {
      throw jsonRefusal("json.too_many", this.#cursor.at);
    }
    return this.#known(content);
  }

  #object(level: ProtocolLevel | undefined): KnownMembers | undefined {
    const found = level === undefined ? undefined : new FoundMembers();
    const base = names.open();
    let set: Set<string> | undefined;
    this.#enter();
    if (this.#cursor.byte() === BRACE_CLOSE) this.#cursor.at++;
    else {
      do {
        this.#countOne();
        const start = this.#cursor.at + 1;
        const hasEscape = this.#cursor.string();
        const end = this.#cursor.at - 1;
        if (set === undefined && (hasEscape || names.isFull(base))) {
          set = names.toSet(this.#cursor.bytes, base);
        }
        this.#requireNew(set, base, start, end, hasEscape);
        this.#colon();
        if (level === undefined || found === undefined) this.#value(undefined, undefined);
        else this.#protocolMember(level, found, start, end, hasEscape);
      } while (this.#isContinued(BRACE_CLOSE));
    }
    names.close(base);
    this.#depth--;
    return found;
  }

  #requireNew(
    set: Set<string> | undefined,
    base: number,
    start: number,
    end: number,
    hasEscape: boolean,
  ): void {
    if (set === undefined) {
      if (names.add(this.#cursor.bytes, base, start, end)) return;
    } else {
      const sizeBefore = set.size;
      if (set.add(quotedName(this.#cursor.bytes, start, end, hasEscape)).size > sizeBefore) return;
    }
    throw jsonRefusal("json.duplicate_member", start);
  }

  #colon(): void {
    this.#cursor.skipSpace();
    if (this.#cursor.byte() !== COLON) throw jsonRefusal("json.syntax", this.#cursor.at);
    this.#cursor.at++;
    this.#cursor.skipSpace();
  }

  #protocolMember(
    level: ProtocolLevel,
    found: FoundMembers,
    start: number,
    end: number,
    hasEscape: boolean,
  ): void {
    const slot = this.#slot(level, start, end, hasEscape);
    if (slot < 0) {
      found.hasOthers = true;
      this.#value(undefined, undefined);
    } else {
      found.names.push(level.names[slot] ?? "");
      found.nodes.push(this.#known(level.contents[slot]));
    }
  }

  /** Position of the name among the known ones, -1 for a name that is only unknown. */
  #slot(level: ProtocolLevel, start: number, end: number, hasEscape: boolean): number {
    const { bytes } = this.#cursor;
    for (const slot of level.slotsByLength[end - start] ?? NO_SLOTS) {
      const known = level.namesUtf8[slot];
      if (known !== undefined && isAt(bytes, start, known)) return slot;
    }
    const name = decodedName(this.#cursor.bytes, start, end, hasEscape);
    if (hasEscape && level.names.includes(name)) return level.names.indexOf(name);
    if (isReservedName(name)) throw jsonRefusal("json.reserved_member", start);
    if (level.folded.has(level.fold(name))) throw jsonRefusal("json.case_variant", start);
    return -1;
  }
}

function isAt(bytes: Buffer, start: number, name: Buffer): boolean {
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return true;
}

class FoundMembers implements KnownMembers {
  readonly names: string[] = [];
  readonly nodes: JsonNode[] = [];
  hasOthers = false;
}
