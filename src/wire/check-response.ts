/**
 * Reply parts → CheckResponse bytes (`envoy.service.auth.v3`, field numbers in `proto/`). What is absent
 * is not written; a present empty message is written with length 0.
 *
 * @module
 */
import { Writer } from "./writer.ts";

export type HeaderPair = readonly [name: string, value: string];

interface LocalReplyParts {
  readonly httpStatus?: number;
  readonly headers?: readonly HeaderPair[];
  /** Bytes must be UTF-8: Envoy refuses the whole reply otherwise. */
  readonly body?: string | Uint8Array;
}

/** At most one of `ok`, `denied` and `error`. */
export interface ReplyParts {
  /** `CheckResponse.status.code`; 0 is written as a present, empty message. */
  readonly status?: number;
  readonly ok?: {
    readonly headers?: readonly HeaderPair[];
    readonly headersToRemove?: readonly string[];
    readonly responseHeaders?: readonly HeaderPair[];
  };
  readonly denied?: LocalReplyParts;
  readonly error?: LocalReplyParts;
  /** Fields of `dynamic_metadata`. */
  readonly metadata?: readonly (readonly [string, string | number])[];
}

/** Field numbers (`proto/`). */
const FIELD = {
  status: 1,
  denied: 2,
  ok: 3,
  dynamicMetadata: 4,
  error: 5,
  statusCode: 1,
  okHeaders: 2,
  okRemove: 5,
  okResponseHeaders: 6,
  deniedStatus: 1,
  deniedHeaders: 2,
  deniedBody: 3,
  httpStatusCode: 1,
  header: 1,
  headerKey: 1,
  headerValue: 2,
  structFields: 1,
  entryKey: 1,
  entryValue: 2,
  numberValue: 2,
  stringValue: 3,
} as const;

/** `append {false}`, then `append_action: OVERWRITE_IF_EXISTS_OR_ADD`: releases differ when one is unset. */
const OVERWRITE = Uint8Array.of(0x12, 0x00, 0x18, 0x02);

/** One for all: encoding is synchronous and its result never shares this memory. */
const writer = new Writer();

/** Nothing at all for no parts, which Envoy would take for an allow: the caller gives a status. */
export function encodeCheckResponse(parts: ReplyParts): Uint8Array {
  writer.reset();
  write(parts);
  return writer.copy();
}

/** `fixed` followed by the parts, in one allocation: protobuf merges repeated message fields. */
export function appendCheckResponse(fixed: Uint8Array, parts: ReplyParts): Uint8Array {
  writer.reset();
  write(parts);
  return writer.copyAfter(fixed);
}

function write(parts: ReplyParts): void {
  if (parts.status !== undefined) {
    const status = writer.open(FIELD.status);
    if (parts.status !== 0) writer.varintField(FIELD.statusCode, parts.status);
    writer.close(status);
  }
  if (parts.ok !== undefined) writeOk(parts.ok);
  if (parts.denied !== undefined) writeLocal(FIELD.denied, parts.denied);
  if (parts.error !== undefined) writeLocal(FIELD.error, parts.error);
  if (parts.metadata !== undefined) writeMetadata(parts.metadata);
}

function writeOk(ok: NonNullable<ReplyParts["ok"]>): void {
  const start = writer.open(FIELD.ok);
  for (const pair of ok.headers ?? []) writeHeader(FIELD.okHeaders, pair);
  for (const name of ok.headersToRemove ?? []) writer.textField(FIELD.okRemove, name);
  for (const pair of ok.responseHeaders ?? []) writeHeader(FIELD.okResponseHeaders, pair);
  writer.close(start);
}

function writeLocal(field: number, local: LocalReplyParts): void {
  const start = writer.open(field);
  if (local.httpStatus !== undefined) {
    const status = writer.open(FIELD.deniedStatus);
    writer.varintField(FIELD.httpStatusCode, local.httpStatus);
    writer.close(status);
  }
  for (const pair of local.headers ?? []) writeHeader(FIELD.deniedHeaders, pair);
  if (typeof local.body === "string") writer.textField(FIELD.deniedBody, local.body);
  else if (local.body !== undefined) writer.bytesField(FIELD.deniedBody, local.body);
  writer.close(start);
}

function writeHeader(field: number, pair: HeaderPair): void {
  const option = writer.open(field);
  const header = writer.open(FIELD.header);
  writer.textField(FIELD.headerKey, pair[0]);
  writer.textField(FIELD.headerValue, pair[1]);
  writer.close(header);
  writer.bytes(OVERWRITE);
  writer.close(option);
}

function writeMetadata(metadata: NonNullable<ReplyParts["metadata"]>): void {
  const struct = writer.open(FIELD.dynamicMetadata);
  for (const [name, content] of metadata) {
    const entry = writer.open(FIELD.structFields);
    writer.textField(FIELD.entryKey, name);
    const value = writer.open(FIELD.entryValue);
    if (typeof content === "string") writer.textField(FIELD.stringValue, content);
    else writer.doubleField(FIELD.numberValue, content);
    writer.close(value);
    writer.close(entry);
  }
  writer.close(struct);
}
