/**
 * Claims of one type each, bounded; a claim of another type is a refusal, never a default.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { ACTOR_DEPTH_MAX, SCOPES_MAX, USER_ID_CHARACTERS_MAX } from "../domain/limits.ts";

const ENTRY_CHARACTERS_MAX = 128;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** Controls and format characters: a display could show something else than is compared. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\ufffd]/u;

export function badClaim(name: string): DenyError {
  return new DenyError("identity.claims", name);
}

/** A subject: visible, without blanks at its ends. */
export function subject(value: Json | undefined, name: string): string {
  const isFine =
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= USER_ID_CHARACTERS_MAX &&
    value.trim() === value &&
    !INVISIBLE.test(value) &&
    !value.startsWith("apikey:");
  if (!isFine) throw badClaim(name);
  return value;
}

export function optionalText(value: Json | undefined, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || value.length > USER_ID_CHARACTERS_MAX) throw badClaim(name);
  return value;
}

/** One string or a list of strings; absent = empty. */
export function texts(value: Json | undefined, name: string, countMax: number): readonly string[] {
  if (value === undefined || value === null) return [];
  const list = typeof value === "string" ? [value] : value;
  const isFine =
    Array.isArray(list) &&
    list.length <= countMax &&
    list.every((entry) => typeof entry === "string" && entry.length <= ENTRY_CHARACTERS_MAX);
  if (!isFine) throw badClaim(name);
  return list as readonly string[];
}

/** `scope` is one string with blanks (RFC 6749 section 3.3), `scp` a string or a list. */
export function scopes(payload: JsonObject): readonly string[] {
  const value = payload["scope"] ?? payload["scp"];
  const list = typeof value === "string" ? value.split(" ").filter((scope) => scope !== "") : value;
  const found = texts(list, "scope", SCOPES_MAX);
  if (found.some((scope) => !SCOPE.test(scope))) throw badClaim("scope");
  return sortedUnique(found);
}

export function sortedUnique(list: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(list)].sort());
}

/** Who acts for the subject, outermost first (RFC 8693 section 4.1). */
export function actorsOf(payload: JsonObject): readonly string[] {
  const actors: string[] = [];
  let actor = payload["act"];
  while (actor !== undefined) {
    if (!isJsonObject(actor) || actors.length >= ACTOR_DEPTH_MAX) throw badClaim("act");
    actors.push(subject(actor["sub"], "act.sub"));
    actor = actor["act"];
  }
  return Object.freeze(actors);
}
