/**
 * The few HTTP/2 frames a load client writes and reads (RFC 9113): enough for unary gRPC calls over one
 * connection, nothing of it suited for anything but measuring.
 *
 * @module
 */
export const FRAME_HEADER_BYTES = 9;
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
} as const;
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
/** Each side may send this much before the other grants more (section 6.9.2). */
export const INITIAL_WINDOW_BYTES = 65_535;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

export function windowUpdate(stream: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes, 0);
  return frame(FRAME.windowUpdate, 0, stream, payload);
}

/** A header block of literals without indexing (RFC 7541 section 6.2.2): the same bytes every time. */
export function headerBlock(fields: readonly (readonly [string, string])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) {
    parts.push(Buffer.from([0]), literal(name), literal(value));
  }
  return Buffer.concat(parts);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.length >= 127) throw new RangeError("literal too long for a one-byte length");
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
