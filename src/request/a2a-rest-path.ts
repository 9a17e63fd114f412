/**
 * What the part of a path behind the route's prefix asks for in A2A's REST binding. Works on the
 * canonical path; a spelling that another router could read as another operation is refused.
 *
 * @module
 */
import type { A2aVersion } from "../domain/route.ts";
import { paramsInvalid, requireA2aId } from "./a2a-ids.ts";
import { type A2aOperation, operationByPattern } from "./a2a-operations.ts";

export interface RestTarget {
  readonly operation: A2aOperation;
  readonly tenant: string | undefined;
  readonly taskId: string | undefined;
  readonly configId: string | undefined;
}

/** First segments that are not a tenant. */
const STARTS: ReadonlySet<string> = new Set([
  "tasks",
  "message:send",
  "message:stream",
  "extendedAgentCard",
]);
/** In decoded form: a router that decodes first would not see a tenant in these either. */
const NO_TENANTS: ReadonlySet<string> = new Set([...STARTS, "v1", ".well-known"]);
const VERSION_SEGMENT = "v1";
const VERBS: readonly string[] = [":cancel", ":subscribe"];
/** Where a route lets it through, servers strip it, and what is left names another task. */
const PARAMETER = /;|%3B/;
const TASK_AT = 1;
const CONFIG_AT = 3;

/**
 * Undefined when the path is no operation of this version.
 *
 * @throws {DenyError} `rpc.params_invalid` for an id that is none
 */
export function restTarget(
  method: string,
  path: string,
  version: A2aVersion,
): RestTarget | undefined {
  return PARAMETER.test(path) ? undefined : readTarget(method, path, version);
}

function readTarget(method: string, path: string, version: A2aVersion): RestTarget | undefined {
  const segments = path.split("/").slice(1);
  let tenant: string | undefined;
  if (version === "0.3") {
    if (segments.shift() !== VERSION_SEGMENT) return undefined;
  } else if (!STARTS.has(segments[0] ?? "")) {
    tenant = decodeURIComponent(segments.shift() ?? "");
    if (NO_TENANTS.has(tenant)) return undefined;
  }
  const task = segments[TASK_AT];
  const verb = VERBS.find((known) => task?.endsWith(known)) ?? "";
  if (task !== undefined) segments[TASK_AT] = `*${verb}`;
  const config = segments[CONFIG_AT];
  if (config !== undefined) segments[CONFIG_AT] = "*";

  const operation = operationByPattern(`${method} ${segments.join("/")}`, version);
  if (operation === undefined) return undefined;
  return {
    operation,
    tenant: tenant === undefined ? undefined : requireA2aId(tenant),
    taskId: task === undefined ? undefined : idOf(task.slice(0, task.length - verb.length)),
    configId: config === undefined ? undefined : idOf(config),
  };
}

/** A plain colon starts a verb, so inside an id it comes encoded, and an encoded verb is a trap. */
function idOf(segment: string): string {
  const id = decodeURIComponent(segment);
  if (segment.includes(":") || VERBS.some((verb) => id.endsWith(verb))) {
    throw paramsInvalid("a path segment is an id or a verb");
  }
  return requireA2aId(id);
}
