/**
 * Whether a body is there, whole and in the one form that is read. What is decided on a part of a
 * body is decided on something the upstream does not see.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import type { RequestHeaders } from "./request-headers.ts";

const PARTIAL_HEADER = "x-envoy-auth-partial-body";
const JSON_TYPE = "application/json";
/** The one parameter that is allowed is the only encoding JSON has. */
const TYPE_LONG = /^([a-z]+\/[a-z0-9.+-]+)[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;
const NO_TYPES: readonly string[] = [];

/**
 * The complete bytes of a JSON body that has to be there.
 *
 * @param moreTypes media types in lower case that stand for JSON as well
 * @throws {DenyError} `body.*`
 */
export function requireJsonBody(
  attributes: CheckAttributes,
  headers: RequestHeaders,
  bodyBytesMax: number,
  moreTypes: readonly string[] = NO_TYPES,
): Uint8Array {
  const body = requireBody(attributes, headers, bodyBytesMax);
  requireJsonType(headers, moreTypes);
  return body;
}

/**
 * That the body, read here or elsewhere, is declared as plain JSON.
 *
 * @throws {DenyError} `body.content_type`, `body.encoding`
 */
export function requireJsonType(
  headers: RequestHeaders,
  moreTypes: readonly string[] = NO_TYPES,
): void {
  const type = headers.get("content-type");
  if (type === undefined || (type !== JSON_TYPE && !isJson(type, moreTypes))) {
    throw new DenyError("body.content_type", "the body is not declared as JSON");
  }
  const encoding = headers.get("content-encoding");
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new DenyError("body.encoding", "the body is encoded");
  }
}

function isJson(type: string, moreTypes: readonly string[]): boolean {
  const name = TYPE_LONG.exec(type)?.[1]?.toLowerCase();
  return name !== undefined && (name === JSON_TYPE || moreTypes.includes(name));
}

/** Of a route whose bodies Envoy shows. */
export function hasNoBody({ body }: CheckAttributes, headers: RequestHeaders): boolean {
  const isEmpty = body === undefined || body.length === 0;
  return isEmpty && (headers.get("content-length") ?? "0") === "0";
}

/** @throws {DenyError} `body.truncated`, `body.missing` */
export function requireBody(
  attributes: CheckAttributes,
  headers: RequestHeaders,
  bodyBytesMax: number,
): Uint8Array {
  const { body } = attributes;
  if (headers.get(PARTIAL_HEADER) === "true") throw truncated();
  if (body === undefined) throw new DenyError("body.missing", "the request has no body");
  // At exactly its own limit Envoy can not tell whether more follows.
  if (body.length >= bodyBytesMax) throw truncated();
  if (attributes.sizeBytes > body.length) throw truncated();
  const declared = headers.get("content-length");
  if (declared !== undefined && declared !== String(body.length)) throw truncated();
  if (body.length === 0) throw new DenyError("body.missing", "the body is empty");
  return body;
}

function truncated(): DenyError {
  return new DenyError("body.truncated", "the body is not complete");
}
