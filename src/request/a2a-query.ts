/**
 * The keys of a query that mean something to A2A. Frameworks differ in how they read keys, so a key that
 * is known in another spelling is refused.
 *
 * @module
 */
import { DenyError } from "../domain/errors.ts";
import { paramsInvalid, requireA2aId } from "./a2a-ids.ts";

export interface A2aQuery {
  /** `A2A-Version`, which clients may send here instead of in a header. */
  readonly version: string | undefined;
  readonly tenant: string | undefined;
  readonly contextId: string | undefined;
  /** Of a task, or of a config where the path names one: a transcoder maps it to a field. */
  readonly id: string | undefined;
  readonly taskId: string | undefined;
}

type Known = "version" | "tenant" | "contextId" | "id" | "taskId";

const KNOWN: ReadonlyMap<string, Known> = new Map([
  ["a2a-version", "version"],
  ["tenant", "tenant"],
  ["contextid", "contextId"],
  ["id", "id"],
  ["taskid", "taskId"],
]);
/** Fields that only a path or a body may hold; a transcoder would take them from here as well. */
const REFUSED: ReadonlySet<string> = new Set([
  "name",
  "parent",
  "message",
  "request",
  "configuration",
  "config",
  "configid",
  "url",
  "pushnotificationconfig",
  "pushnotificationconfigid",
]);
/** `tenant[]`, `tenant[a]` and `tenant.a` are `tenant` to some readers. */
const NESTED = /[[.].*$/;

const NOTHING: A2aQuery = {
  version: undefined,
  tenant: undefined,
  contextId: undefined,
  id: undefined,
  taskId: undefined,
};

/**
 * @param query has passed the rules for every query
 * @throws {DenyError} `rpc.params_invalid`, `query.repeated_key`
 */
export function readA2aQuery(query: string): A2aQuery {
  if (query === "") return NOTHING;
  const found = new Map<Known, string>();
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf("=");
    const known = knownKey(decoded(equals < 0 ? pair : pair.slice(0, equals)));
    if (known === undefined) continue;
    if (found.has(known)) throw new DenyError("query.repeated_key", "a key is there twice");
    const value = decoded(equals < 0 ? "" : pair.slice(equals + 1));
    if (value === undefined) throw paramsInvalid("a query value does not decode");
    found.set(known, value);
  }
  return {
    version: found.get("version"),
    tenant: idOf(found.get("tenant")),
    contextId: idOf(found.get("contextId")),
    id: idOf(found.get("id")),
    taskId: idOf(found.get("taskId")),
  };
}

/** The version's key is compared like the header it stands for, without regard to case. */
function knownKey(key: string | undefined): Known | undefined {
  const folded = key?.replace(NESTED, "").toLowerCase().replaceAll("_", "");
  if (folded === undefined) return undefined;
  if (REFUSED.has(folded)) throw paramsInvalid("a query key belongs into the path or the body");
  const known = KNOWN.get(folded);
  if (known === undefined || known === key) return known;
  if (known === "version" && key?.toLowerCase() === folded) return known;
  throw paramsInvalid("a query key is a variant of a known one");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** An empty value is a field that is not set. */
function idOf(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : requireA2aId(value);
}
