/**
 * `Mcp-Param-*` headers against the arguments they repeat. Which header repeats which argument stands in
 * the registry, so this is compared once the tool is known there.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { AuthzRequest } from "../domain/request.ts";
import { mirroredText } from "./mirrored-text.ts";

const NUMBER = /^-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,16})?$/;

/**
 * @param mapping header name without `mcp-param-` → argument
 * @throws {DenyError} `mcp.header_mismatch`, `mcp.header_encoding`
 */
export function requireParameterHeaders(
  { mcp, parameters }: AuthzRequest,
  mapping: ReadonlyMap<string, string>,
): void {
  const headers = mcp?.parameterHeaders;
  if (headers === undefined || mapping.size === 0) return;
  const values = parameters.value();
  for (const [name, argument] of mapping) requireSame(headers.get(name), values, argument);
}

function requireSame(header: string | undefined, values: JsonObject, argument: string): void {
  const value = Object.hasOwn(values, argument) ? (values[argument] ?? null) : null;
  const isRepeated = header === undefined ? value === null : isSame(mirroredText(header), value);
  if (!isRepeated) {
    throw new DenyError("mcp.header_mismatch", "a header and an argument differ");
  }
}

function isSame(text: string, value: Json): boolean {
  switch (typeof value) {
    case "string":
      return text === value;
    case "boolean":
      return text === String(value);
    case "number":
      return NUMBER.test(text) && Number(text) === value;
    default:
      return false;
  }
}
