/**
 * One linear pass over the bytes of a JSON body that accepts only what every reader understands in the
 * same way, and remembers where the protocol's members are. No value is built.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { JSON_DEPTH_MAX, JSON_MEMBERS_MAX } from "../domain/limits.ts";
import { JsonCursor, jsonRefusal } from "./json-cursor.ts";
import { JsonNode, type KnownMembers } from "./json-node.ts";
import { decodedName, MemberNames, quotedName } from "./member-names.ts";
import { foldName, isReservedName, type ProtocolLevel } from "./protocol-level.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

/** One for all bodies: reading is synchronous and never starts another reading. */
const names = new MemberNames();

/**
 * @param level what is known of the root's members
 * @param membersMax members and array elements of the whole body
 * @throws {DenyError} `json.*`
 */
export function readStrictJson(
  body: Uint8Array,
  level: ProtocolLevel,
  membersMax = JSON_MEMBERS_MAX,
): JsonNode {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (startsLikeOtherEncoding(bytes)) throw jsonRefusal("json.bom", 0);
  if (!isUtf8(bytes)) throw jsonRefusal("json.not_utf8", 0);
  names.reset();
  return new Reader(bytes, membersMax).document(level);
}

/** A byte order mark, or the zeros of UTF-16 and UTF-32 without one. */
function startsLikeOtherEncoding(bytes: Buffer): boolean {
  const [first, second, third] = bytes;
  return (
    (first === 0xef && second === 0xbb && third === 0xbf) ||
    (first === 0xfe && second === 0xff) ||
    (first === 0xff && second === 0xfe) ||
    bytes.subarray(0, 4).includes(0)
  );
}

class Reader {
  readonly #cursor: JsonCursor;
  readonly #membersMax: number;
  #depth = 0;
  #count = 0;

  constructor(bytes: Buffer, membersMax: number) {
    this.#cursor = new JsonCursor(bytes);
    this.#membersMax = membersMax;
  }

  document(level: ProtocolLevel): JsonNode {
    this.#cursor.skipSpace();
    const root = this.#node(level);
    this.#cursor.skipSpace();
    if (this.#cursor.at < this.#cursor.bytes.length)
      throw jsonRefusal("json.syntax", this.#cursor.at);
    return root;
  }

  #node(level: ProtocolLevel | undefined): JsonNode {
    const start = this.#cursor.at;
    const members = this.#value(level);
    return new JsonNode(this.#cursor.bytes, start, this.#cursor.at, members);
  }

  #value(level: ProtocolLevel | undefined): KnownMembers | undefined {
    switch (this.#cursor.byte()) {
      case QUOTE:
        this.#cursor.string();
        return undefined;
      case BRACE_OPEN:
        return this.#object(level);
      case BRACKET_OPEN:
        this.#array();
        return undefined;
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

  #array(): void {
    this.#enter();
    if (this.#cursor.byte() === BRACKET_CLOSE) this.#cursor.at++;
    else {
      do {
        this.#countOne();
        this.#value(undefined);
      } while (this.#isContinued(BRACKET_CLOSE));
    }
    this.#depth--;
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
        if (level === undefined || found === undefined) this.#value(undefined);
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
      this.#value(undefined);
    } else {
      found.names.push(level.names[slot] ?? "");
      found.nodes.push(this.#node(level.below[slot]));
    }
  }

  /** Position of the name among the known ones, -1 for a name that is only unknown. */
  #slot(level: ProtocolLevel, start: number, end: number, hasEscape: boolean): number {
    for (let slot = 0; slot < level.namesUtf8.length; slot++) {
      const known = level.namesUtf8[slot];
      if (known === undefined || known.length !== end - start) continue;
      if (known.compare(this.#cursor.bytes, start, end) === 0) return slot;
    }
    const name = decodedName(this.#cursor.bytes, start, end, hasEscape);
    if (hasEscape && level.names.includes(name)) return level.names.indexOf(name);
    if (isReservedName(name)) throw jsonRefusal("json.reserved_member", start);
    if (level.folded.has(foldName(name))) throw jsonRefusal("json.case_variant", start);
    return -1;
  }
}

class FoundMembers implements KnownMembers {
  readonly names: string[] = [];
  readonly nodes: JsonNode[] = [];
  hasOthers = false;
}
