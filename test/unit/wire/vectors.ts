/** Protobuf written byte by byte, for messages that no encoder would make. */

type Part = string | Uint8Array;

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export function tag(field: number, wireType: number): Buffer {
  return varint((BigInt(field) << 3n) | BigInt(wireType));
}

export function join(...parts: Part[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** A length-delimited field: message, string or bytes. */
export function field(number: number, ...parts: Part[]): Buffer {
  const content = join(...parts);
  return join(tag(number, 2), varint(content.length), content);
}

export function integer(number: number, value: number | bigint): Buffer {
  return join(tag(number, 0), varint(value));
}

export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

/** CheckRequest → attributes → request → http. */
export function http(...fields: Part[]): Buffer {
  return field(1, field(4, field(2, ...fields)));
}

export function source(...fields: Part[]): Buffer {
  return field(1, field(1, ...fields));
}

/** One entry of the map `headers`. */
export function mapHeader(key: Part, value: Part): Buffer {
  return field(3, field(1, key), field(2, value));
}

/** `header_map` with one raw value for each name. */
export function rawHeaders(...headers: readonly (readonly [Part, Part])[]): Buffer {
  return field(13, ...headers.map(([key, value]) => field(1, field(1, key), field(3, value))));
}
