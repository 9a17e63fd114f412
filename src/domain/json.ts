/**
 * JSON values as the strict reader builds them: objects have no prototype, so that `__proto__` and
 * `constructor` are ordinary members.
 *
 * @module
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
