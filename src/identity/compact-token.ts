/**
 * The compact form of a JWT read strictly, before any library sees it: jose alone accepts white space,
 * other spellings of the same bytes and repeated members (RFC 7515 section 7.1).
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import {
  TOKEN_BYTES_MAX,
  TOKEN_BYTES_MIN,
  TOKEN_HEADER_BYTES_MAX,
  TOKEN_JSON_DEPTH_MAX,
  TOKEN_JSON_MEMBERS_MAX,
  TOKEN_PAYLOAD_BYTES_MAX,
} from "../domain/limits.ts";
import { lazyObject } from "../json/json-node.ts";
import { isReservedName, protocolLevel } from "../json/protocol-level.ts";
import { readStrictJson } from "../json/strict-json.ts";

export interface CompactToken {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signature: Buffer;
}

const SEGMENT = /^[A-Za-z0-9_-]+$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Members of a token have no fixed case in any reader; nothing is folded. */
const NO_LEVEL = protocolLevel({});

/** @throws {DenyError} `identity.malformed` */
export function readCompactToken(token: string): CompactToken {
  if (token.length < TOKEN_BYTES_MIN || token.length > TOKEN_BYTES_MAX) throw malformed("length");
  const segments = token.split(".");
  const [header, payload, signature] = segments;
  if (
    segments.length !== 3 ||
    header === undefined ||
    payload === undefined ||
    signature === undefined
  ) {
    throw malformed("not three segments");
  }
  return {
    header: readSegment(header, TOKEN_HEADER_BYTES_MAX),
    payload: readSegment(payload, TOKEN_PAYLOAD_BYTES_MAX),
    signature: decode(signature),
  };
}

function readSegment(segment: string, bytesMax: number): JsonObject {
  const bytes = decode(segment);
  if (bytes.length > bytesMax) throw malformed("segment is too long");
  let object: JsonObject;
  try {
    const node = readStrictJson(bytes, NO_LEVEL);
    if (node.kind !== "object") throw malformed("segment is no object");
    object = lazyObject(node).value();
  } catch (error) {
    if (error instanceof DenyError) throw malformed("segment is no strict JSON");
    throw error;
  }
  requireShallow(object);
  return object;
}

/** Canonical base64url: right alphabet, right length, unused low bits zero. */
function decode(segment: string): Buffer {
  const rest = segment.length % 4;
  if (!SEGMENT.test(segment) || rest === 1) throw malformed("not base64url");
  if (rest !== 0) {
    const last = ALPHABET.indexOf(segment.charAt(segment.length - 1));
    if ((last & (rest === 2 ? 0b1111 : 0b11)) !== 0) throw malformed("not canonical base64url");
  }
  return Buffer.from(segment, "base64url");
}

function requireShallow(object: JsonObject): void {
  let members = 0;
  const visit = (value: Json, depth: number): void => {
    if (typeof value !== "object" || value === null) return;
    if (depth > TOKEN_JSON_DEPTH_MAX) throw malformed("nested too deep");
    const isArray = Array.isArray(value);
    for (const [name, member] of Object.entries(value)) {
      if (!isArray && (++members > TOKEN_JSON_MEMBERS_MAX || isReservedName(name))) {
        throw malformed("too many or reserved members");
      }
      visit(member, depth + 1);
    }
  };
  visit(object, 1);
}

function malformed(what: string): DenyError {
  return new DenyError("identity.malformed", what);
}
