/**
 * A place in a JSON text and the tokens behind it: white space, strings, numbers, words. Every method
 * leaves the cursor behind what it has read.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { JSON_NUMBER_CHARACTERS_MAX } from "../domain/limits.ts";
import type { DenyReason } from "../domain/reasons.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const LETTER_A = 0x61;
const LETTER_E = 0x65;
const LETTER_F = 0x66;
const LETTER_U = 0x75;
const LOWER_CASE_BIT = 0x20;
/** `" \ / b f n r t`: what may follow a backslash beside `u`. */
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const WORDS: readonly Buffer[] = ["true", "false", "null"].map((word) => Buffer.from(word));
/** An integer of so many characters is exact whatever its digits are. */
const SAFE_INTEGER_CHARACTERS = 15;

export function jsonRefusal(reason: DenyReason, at: number): DenyError {
  return new DenyError(reason, `the body is refused at byte ${at}`);
}

export class JsonCursor {
  readonly bytes: Buffer;
  at = 0;
  /** Whether an integer beyond 2^53 is counted instead of refused. */
  allowsBigIntegers = false;
  bigIntegerCount = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** 0 behind the end, which no rule accepts anywhere. */
  byte(): number {
    return this.bytes[this.at] ?? 0;
  }

  skipSpace(): void {
    let byte = this.byte();
    while (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB) {
      this.at++;
      byte = this.byte();
    }
  }

  /** From the opening quote to behind the closing one; true when there is an escape. */
  string(): boolean {
    if (this.byte() !== QUOTE) throw jsonRefusal("json.syntax", this.at);
    const bytes = this.bytes;
    let hasEscape = false;
    let at = this.at + 1;
    for (let byte = bytes[at] ?? 0; byte !== QUOTE; byte = bytes[at] ?? 0) {
      if (byte < SPACE) throw jsonRefusal("json.syntax", at);
      if (byte === BACKSLASH) {
        hasEscape = true;
        at = this.#escape(at + 1);
      } else at++;
    }
    this.at = at + 1;
    return hasEscape;
  }

  /** `at` is behind the backslash; gives the position behind the escape. */
  #escape(at: number): number {
    const byte = this.bytes[at] ?? 0;
    if (byte !== LETTER_U) {
      if (!SIMPLE_ESCAPES.has(byte)) throw jsonRefusal("json.syntax", at);
      return at + 1;
    }
    const unit = this.#codeUnit(at + 1);
    if (unit < 0xd800 || unit > 0xdfff) return at + 5;
    const isPair =
      unit < 0xdc00 && this.bytes[at + 5] === BACKSLASH && this.bytes[at + 6] === LETTER_U;
    const second = isPair ? this.#codeUnit(at + 7) : 0;
    if (second < 0xdc00 || second > 0xdfff) throw jsonRefusal("json.lone_surrogate", at);
    return at + 11;
  }

  #codeUnit(at: number): number {
    let unit = 0;
    for (let digit = at; digit < at + 4; digit++) {
      const value = hexValue(this.bytes[digit] ?? 0);
      if (value < 0) throw jsonRefusal("json.syntax", digit);
      unit = unit * 16 + value;
    }
    return unit;
  }

  scalar(): void {
    const byte = this.byte();
    if (byte === MINUS || isDigit(byte)) {
      this.#number();
      return;
    }
    for (const word of WORDS) {
      if (word[0] !== byte) continue;
      if (!word.equals(this.bytes.subarray(this.at, this.at + word.length))) break;
      this.at += word.length;
      return;
    }
    throw jsonRefusal("json.syntax", this.at);
  }

  #number(): void {
    const start = this.at;
    if (this.byte() === MINUS) this.at++;
    if (this.byte() === ZERO) this.at++;
    else this.#digits();
    const integerEnd = this.at;
    if (this.byte() === DOT) {
      this.at++;
      this.#digits();
    }
    const hasExponent = (this.byte() | LOWER_CASE_BIT) === LETTER_E;
    if (hasExponent) {
      this.at++;
      if (this.byte() === MINUS || this.byte() === PLUS) this.at++;
      this.#digits();
    }
    if (this.at - start > SAFE_INTEGER_CHARACTERS || hasExponent) {
      this.#requireExact(start, integerEnd === this.at);
    }
  }

  /** Of the number that ends here: its value is the one that is written, or a text is made of it. */
  #requireExact(start: number, isInteger: boolean): void {
    if (this.at - start > JSON_NUMBER_CHARACTERS_MAX) throw jsonRefusal("json.number_range", start);
    const value = Number(this.bytes.toString("latin1", start, this.at));
    if (isInteger ? Number.isSafeInteger(value) : Number.isFinite(value)) return;
    if (!isInteger || !this.allowsBigIntegers) throw jsonRefusal("json.number_range", start);
    this.bigIntegerCount++;
  }

  #digits(): void {
    if (!isDigit(this.byte())) throw jsonRefusal("json.syntax", this.at);
    while (isDigit(this.byte())) this.at++;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function hexValue(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const letter = byte | LOWER_CASE_BIT;
  return letter >= LETTER_A && letter <= LETTER_F ? letter - LETTER_A + 10 : -1;
}
