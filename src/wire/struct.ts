/**
 * The message `google.protobuf.Struct`: JSON as Envoy's filters leave it for others.
 *
 * @module
 */
import { bytesTag, type Reader, WIRE_64_BIT, WIRE_VARINT } from "./reader.ts";

/** A map, because `__proto__` and `constructor` are names like any other. */
export type StructFields = ReadonlyMap<string, StructValue>;
export type StructValue = null | boolean | number | string | readonly StructValue[] | StructFields;

/** Structs and lists in one another; what is deeper is not read at all. */
const DEPTH_MAX = 32;

const FIELDS = bytesTag(1);
const ENTRY_KEY = bytesTag(1);
const ENTRY_VALUE = bytesTag(2);
const NULL = 1 * 8 + WIRE_VARINT;
const NUMBER = 2 * 8 + WIRE_64_BIT;
const STRING = bytesTag(3);
const BOOL = 4 * 8 + WIRE_VARINT;
const STRUCT = bytesTag(5);
const LIST = bytesTag(6);
const LIST_VALUES = bytesTag(1);

export function isStruct(value: StructValue | undefined): value is StructFields {
  return value instanceof Map;
}

/** Reads the Struct whose length comes next; undefined when it is too deep. */
export function readStruct(reader: Reader): StructFields | undefined {
  const structs = new StructReader(reader);
  const fields = structs.fields(new Map(), 1);
  return structs.isTooDeep ? undefined : fields;
}

class StructReader {
  isTooDeep = false;
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Adds to `target`: the last entry of a name wins, repeated messages merge. */
  fields(target: Map<string, StructValue>, depth: number): StructFields {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === FIELDS) this.#entry(target, depth);
      else reader.skip(tag);
    }
    reader.leave(outerEnd);
    return target;
  }

  #entry(target: Map<string, StructValue>, depth: number): void {
    const reader = this.#reader;
    let key = "";
    let value: StructValue = null;
    const outerEnd = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === ENTRY_KEY) key = reader.text();
      else if (tag === ENTRY_VALUE) value = this.#value(value, depth);
      else reader.skip(tag);
    }
    reader.leave(outerEnd);
    target.set(key, value);
  }

  /** The last kind wins; a Struct or list that comes again is read into the same one. */
  #value(before: StructValue, depth: number): StructValue {
    const reader = this.#reader;
    let value = before;
    const outerEnd = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === STRING) value = reader.text();
      else if (tag === NUMBER) value = reader.double();
      else if (tag === BOOL) value = reader.varint() !== 0;
      else if (tag === STRUCT || tag === LIST) value = this.#nested(tag, value, depth + 1);
      else if (tag === NULL) {
        reader.varint();
        value = null;
      } else reader.skip(tag);
    }
    reader.leave(outerEnd);
    return value;
  }

  #nested(tag: number, before: StructValue, depth: number): StructValue {
    if (depth > DEPTH_MAX) {
      this.isTooDeep = true;
      this.#reader.skipBytes();
      return null;
    }
    if (tag === STRUCT) return this.fields(before instanceof Map ? before : new Map(), depth);
    return this.#list(Array.isArray(before) ? before : [], depth);
  }

  #list(target: StructValue[], depth: number): StructValue {
    const reader = this.#reader;
    const outerEnd = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === LIST_VALUES) target.push(this.#value(null, depth));
      else reader.skip(tag);
    }
    reader.leave(outerEnd);
    return target;
  }
}
