/**
 * Text and its UTF-8 bytes. A Rego string may hold bytes that are no UTF-8 (a decoded key, a digest):
 * such a byte is kept as a lone surrogate, U+DC80 to U+DCFF, so that it stays what it is until it is
 * written, where it becomes U+FFFD. Documents from outside hold no lone surrogate.
 *
 * @module
 */
const BYTE_BASE = 0xdc00;
const NOT_ASCII = 0x80;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether a code point stands for a byte that is no text. */
export function isByte(point: number): boolean {
  return point >= BYTE_BASE + NOT_ASCII && point <= BYTE_BASE + 0xff;
}

export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Buffer[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.codePointAt(index) as number;
    if (unit >= 0x10000) index++;
    if (!isByte(unit)) continue;
    parts.push(Buffer.from(text.slice(start, index)), Buffer.of(unit & 0xff));
    start = index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(start))]);
}

export function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return mixedText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
}

/** A sequence of more than one byte (RFC 3629 section 4), or a byte that belongs to none. */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

function mixedText(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(SEQUENCE, (sequence) =>
      sequence.length > 1
        ? Buffer.from(sequence, "latin1").toString()
        : String.fromCharCode(BYTE_BASE + sequence.charCodeAt(0)),
    );
}
