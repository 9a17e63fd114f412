/**
 * Protobuf into one reused buffer that grows when it must. Lengths of sub-messages take one byte and
 * are widened on closing when the content needs more, so nothing is measured twice.
 *
 * @module
 */
import { type FastBuffer, WIRE_64_BIT, WIRE_BYTES, WIRE_VARINT } from "./reader.ts";

const INITIAL_BYTES = 16_384;
/** UTF-16 to UTF-8 needs at most three bytes for each unit. */
const UTF8_BYTES_PER_UNIT_MAX = 3;
const VARINT_BYTES_MAX = 10;
const ONE_BYTE_MAX = 0x7f;
const ASCII_LENGTH_MAX = 64;

export class Writer {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES) as FastBuffer;
  #at = 0;

  reset(): void {
    this.#at = 0;
  }

  /**
   * What was written so far, in memory of its own. Not from Node's shared pool: a small reply that is
   * kept for minutes would hold a whole slab.
   */
  copy(): Uint8Array {
    return this.#copyTo(Buffer.allocUnsafeSlow(this.#at), 0);
  }

  /** `head` and what was written so far, for immediate use: may lie in Node's shared pool. */
  copyAfter(head: Uint8Array): Uint8Array {
    const joined = Buffer.allocUnsafe(head.length + this.#at);
    joined.set(head, 0);
    return this.#copyTo(joined, head.length);
  }

  bytes(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#buffer.set(content, this.#at);
    this.#at += content.length;
  }

  /** Starts a length-delimited field: what to give to `close`. */
  open(field: number): number {
    this.#reserve(2 * VARINT_BYTES_MAX);
    this.#varint(field * 8 + WIRE_BYTES);
    this.#buffer[this.#at] = 0;
    return ++this.#at;
  }

  close(start: number): void {
    const length = this.#at - start;
    if (length <= ONE_BYTE_MAX) {
      this.#buffer[start - 1] = length;
      return;
    }
    const extra = varintBytes(length) - 1;
    this.#reserve(extra);
    this.#buffer.copyWithin(start + extra, start, this.#at);
    const end = this.#at + extra;
    this.#at = start - 1;
    this.#varint(length);
    this.#at = end;
  }

  textField(field: number, text: string): void {
    this.#reserve(text.length * UTF8_BYTES_PER_UNIT_MAX);
    const start = this.open(field);
    if (!this.#writeAscii(text)) this.#at += this.#buffer.utf8Write(text, this.#at);
    this.close(start);
  }

  bytesField(field: number, content: Uint8Array): void {
    const start = this.open(field);
    this.bytes(content);
    this.close(start);
  }

  /** `value` is a whole number from 0 to 2^53 - 1. */
  varintField(field: number, value: number): void {
    this.#reserve(2 * VARINT_BYTES_MAX);
    this.#varint(field * 8 + WIRE_VARINT);
    this.#varint(value);
  }

  doubleField(field: number, value: number): void {
    this.#reserve(2 * VARINT_BYTES_MAX);
    this.#varint(field * 8 + WIRE_64_BIT);
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
  }

  /** Faster than a native call for the short ASCII strings that replies consist of. */
  #writeAscii(text: string): boolean {
    if (text.length > ASCII_LENGTH_MAX) return false;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > ONE_BYTE_MAX) return false;
      this.#buffer[this.#at + index] = unit;
    }
    this.#at += text.length;
    return true;
  }

  #copyTo(target: Buffer, offset: number): Buffer {
    this.#buffer.copy(target, offset, 0, this.#at);
    return target;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > ONE_BYTE_MAX) {
      this.#buffer[this.#at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at++] = rest;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes + 2 * VARINT_BYTES_MAX;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2)) as FastBuffer;
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > ONE_BYTE_MAX; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
