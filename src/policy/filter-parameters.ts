/**
 * Which parameters of an allowed tool call are taken away (SARK contract 12): credentials of high and
 * critical tools, and whatever the registry calls sensitive. Pure.
 *
 * @module
 */
import type { FilteredParameters } from "../domain/decision.ts";
import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Principal } from "../domain/principal.ts";
import type { Resource } from "../domain/registry.ts";

const HIGH_NAMES = ["password", "secret", "api_key", "token", "credentials"];
export const CRITICAL_NAMES = [
  ...HIGH_NAMES,
  "ssn",
  "credit_card",
  "private_key",
  "encryption_key",
];

/** Names compare in lower case with `-` read as `_`. */
export function foldedName(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

function removedNames(resource: Resource): ReadonlySet<string> {
  const names = new Set(resource.sensitiveParams);
  const bySensitivity = { low: [], medium: [], high: HIGH_NAMES, critical: CRITICAL_NAMES };
  for (const name of bySensitivity[resource.sensitivity]) names.add(name);
  return names;
}

/** Whether anything would be taken away from some parameters; `admin` sees everything. */
export function isFiltered(resource: Resource, principal: Principal): boolean {
  return !isAdmin(principal) && removedNames(resource).size > 0;
}

/** What remains and the JSON Pointers of what was removed. */
export function filterParameters(
  parameters: JsonObject,
  resource: Resource,
  principal: Principal,
): FilteredParameters {
  const names = removedNames(resource);
  if (names.size === 0 || isAdmin(principal)) return { remaining: parameters, removed: [] };
  const removed: string[] = [];
  const remaining = without(parameters, names, "", removed);
  return { remaining: removed.length === 0 ? parameters : remaining, removed };
}

function isAdmin(principal: Principal): boolean {
  return principal.kind !== "agent" && principal.roles.includes("admin");
}

function without(
  object: JsonObject,
  names: ReadonlySet<string>,
  pointer: string,
  removed: string[],
): JsonObject {
  const kept: Record<string, Json> = Object.create(null);
  for (const [name, value] of Object.entries(object)) {
    const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (names.has(foldedName(name))) removed.push(at);
    else kept[name] = visit(value, names, at, removed);
  }
  return kept;
}

function visit(value: Json, names: ReadonlySet<string>, at: string, removed: string[]): Json {
  if (Array.isArray(value)) {
    return value.map((element, index) => visit(element, names, `${at}/${index}`, removed));
  }
  return isJsonObject(value) ? without(value, names, at, removed) : value;
}
