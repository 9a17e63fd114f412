/**
 * A cursor over protobuf bytes. Every read is bounded by the message it is in; whatever is not
 * well-formed is a `WireError`.
 *
 * A field is recognised by its whole tag (number and wire type), so a known number with another wire
 * type is skipped like an unknown field. Groups, which no message here ever had, are refused.
 *
 * @module
 */
import { isUtf8 } from "./utf8.ts";
import { WireError } from "./wire-error.ts";

export const WIRE_VARINT = 0;
export const WIRE_64_BIT = 1;
export const WIRE_BYTES = 2;
const WIRE_32_BIT = 5;

const VARINT_BYTES_MAX = 10;
const FIELD_NUMBER_MAX = 2 ** 29 - 1;
const TAG_MAX = FIELD_NUMBER_MAX * 8 + 7;

/** What `toString` and `write` of a Buffer end in, without their reading of arguments. */
export interface FastBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number): number;
}

/** Tag of a length-delimited field: message, map entry, string or bytes. */
export function bytesTag(field: number): number {
  return field * 8 + WIRE_BYTES;
}

export class Reader {
  readonly bytes: FastBuffer;
  at = 0;
  /** Where the message ends that is being read. */
  end: number;

  constructor(bytes: Uint8Array) {
    const buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bytes = buffer as FastBuffer;
    this.end = bytes.byteLength;
  }

  /** Next tag (`field << 3 | wire type`), or 0 at the end of the current message. */
  tag(): number {
    if (this.at === this.end) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > TAG_MAX) throw new WireError("field number out of range");
    return tag;
  }

  /** An unsigned varint; above 2^53 only good for being skipped or compared. */
  varint(): number {
    const first = this.at < this.end ? (this.bytes[this.at] ?? 0) : 0x80;
    if (first < 0x80) {
      this.at++;
      return first;
    }
    return this.#longVarint();
  }

  /** An `int64` that counts something: negative values read as 0, huge ones as 2^53 - 1. */
  count(): number {
    const start = this.at;
    const value = this.varint();
    // Only the tenth byte holds the sign.
    if (this.at - start === VARINT_BYTES_MAX && this.bytes[this.at - 1] === 1) return 0;
    return Math.min(value, Number.MAX_SAFE_INTEGER);
  }

  /** A `double`. */
  double(): number {
    const { at } = this;
    this.#skipFixed(8);
    return this.bytes.readDoubleLE(at);
  }

  /** End of the length-delimited content that begins at `at` afterwards. */
  span(): number {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.end) throw new WireError("length past the end");
    return end;
  }

  /** Opens a length-delimited field as the current message: what to give to `leave`. */
  enter(): number {
    const outerEnd = this.end;
    this.end = this.span();
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.end = outerEnd;
  }

  /** A `string` field. */
  text(): string {
    const start = this.skipBytes();
    const text = this.decoded(start, this.at);
    if (text === undefined) throw new WireError("string is not UTF-8");
    return text;
  }

  /**
   * Text of `[start, end)`, or undefined when it is not UTF-8. Node puts U+FFFD where it could not
   * decode, so that only text with this character needs a closer look.
   */
  decoded(start: number, end: number): string | undefined {
    const text = this.bytes.utf8Slice(start, end);
    if (text.includes("\ufffd") && !isUtf8(this.bytes, start, end)) return undefined;
    return text;
  }

  /** Moves behind a `string` nobody reads, which must be UTF-8 all the same: where it began. */
  skipText(): number {
    const end = this.span();
    const start = this.at;
    if (!isUtf8(this.bytes, start, end)) throw new WireError("string is not UTF-8");
    this.at = end;
    return start;
  }

  /** Moves behind a `bytes` field: where its content began. */
  skipBytes(): number {
    const end = this.span();
    const start = this.at;
    this.at = end;
    return start;
  }

  /** Moves behind the field that `tag` announced, by its wire type alone. */
  skip(tag: number): void {
    switch (tag % 8) {
      case WIRE_VARINT:
        this.varint();
        break;
      case WIRE_64_BIT:
        this.#skipFixed(8);
        break;
      case WIRE_BYTES:
        this.skipBytes();
        break;
      case WIRE_32_BIT:
        this.#skipFixed(4);
        break;
      default:
        throw new WireError("group or unknown wire type");
    }
  }

  #skipFixed(length: number): void {
    if (this.at + length > this.end) throw new WireError("truncated number");
    this.at += length;
  }

  #longVarint(): number {
    let value = 0;
    let factor = 1;
    for (let index = 0; index < VARINT_BYTES_MAX; index++) {
      if (this.at === this.end) throw new WireError("truncated varint");
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (index === VARINT_BYTES_MAX - 1 && byte > 1) break;
        return value;
      }
      factor *= 128;
    }
    throw new WireError("varint above 64 bits");
  }
}
