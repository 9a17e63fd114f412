/** Reads CheckResponse bytes the way Envoy does: repeated messages merge, the last scalar wins. */

interface LocalReply {
  httpStatus: number;
  headers: Record<string, string>;
  body: string;
}

export interface Reply {
  /** Undefined when `status` is absent: Envoy would allow. */
  code: number | undefined;
  ok?: { headers: Record<string, string>; remove: string[] };
  denied?: LocalReply;
  error?: LocalReply;
  metadata: Record<string, string | number>;
}

/** @throws when a header option does not say twice that it overwrites, or a field is unexpected. */
export function readReply(bytes: Uint8Array): Reply {
  const reply: Reply = { code: undefined, metadata: {} };
  visit(bytes, {
    1: (status) => {
      reply.code ??= 0;
      visit(status, { 1: (code) => (reply.code = number(code)) });
    },
    2: (denied) => {
      reply.denied ??= emptyLocal();
      readLocal(denied, reply.denied);
    },
    3: (ok) => {
      reply.ok ??= { headers: {}, remove: [] };
      readOk(ok, reply.ok);
    },
    4: (struct) => visit(struct, { 1: (entry) => readMetadata(entry, reply.metadata) }),
    5: (error) => {
      reply.error ??= emptyLocal();
      readLocal(error, reply.error);
    },
  });
  return reply;
}

/** A varint or double as a number, anything with a length as bytes. */
type Content = number | Buffer;

function number(content: Content): number {
  if (typeof content !== "number") throw new Error("expected a number");
  return content;
}

function text(content: Content): string {
  if (typeof content === "number") throw new Error("expected a string");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
}

/** Gives each field of the message to its reader; a field without one is an error. */
function visit(message: Content | Uint8Array, readers: Record<number, (content: Content) => void>) {
  if (typeof message === "number") throw new Error("expected a message");
  const bytes = Buffer.from(message);
  let at = 0;
  const varint = (): number => {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  const content = (wireType: number): Content => {
    if (wireType === 0) return varint();
    if (wireType !== 1 && wireType !== 2) throw new Error(`unexpected wire type ${wireType}`);
    const length = wireType === 1 ? 8 : varint();
    if (at + length > bytes.length) throw new Error("length past the end");
    const part = bytes.subarray(at, at + length);
    at += length;
    return wireType === 1 ? part.readDoubleLE() : part;
  };
  while (at < bytes.length) {
    const tag = varint();
    const read = readers[Math.floor(tag / 8)];
    if (read === undefined) throw new Error(`unexpected field ${Math.floor(tag / 8)}`);
    read(content(tag % 8));
  }
}

function emptyLocal(): LocalReply {
  return { httpStatus: 0, headers: {}, body: "" };
}

function readLocal(message: Content, local: LocalReply): void {
  visit(message, {
    1: (status) => visit(status, { 1: (code) => (local.httpStatus = number(code)) }),
    2: (option) => readHeader(option, local.headers),
    3: (body) => (local.body = text(body)),
  });
}

function readOk(message: Content, ok: NonNullable<Reply["ok"]>): void {
  visit(message, {
    2: (option) => readHeader(option, ok.headers),
    5: (name) => ok.remove.push(text(name)),
  });
}

function readHeader(option: Content, into: Record<string, string>): void {
  let name = "";
  let value = "";
  let append: number | undefined;
  let action: number | undefined;
  visit(option, {
    1: (header) => {
      visit(header, { 1: (key) => (name = text(key)), 2: (content) => (value = text(content)) });
    },
    2: (flag) => {
      append ??= 0;
      visit(flag, { 1: (content) => (append = number(content)) });
    },
    3: (content) => (action = number(content)),
  });
  if (append !== 0 || action !== 2) throw new Error(`${name} does not say that it overwrites`);
  into[name] = value;
}

function readMetadata(entry: Content, into: Record<string, string | number>): void {
  let key = "";
  let value: string | number | undefined;
  visit(entry, {
    1: (content) => (key = text(content)),
    2: (kinds) => {
      visit(kinds, {
        2: (content) => (value = number(content)),
        3: (content) => (value = text(content)),
      });
    },
  });
  if (value === undefined) throw new Error(`metadata ${key} has no value`);
  into[key] = value;
}
