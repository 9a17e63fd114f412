/**
 * Where a request is sent to, in canonical form, and the first rule it breaks on the way. The order is
 * the method, the path, the query, the host; the route is looked for all the same, because it decides in
 * which form a refusal is given.
 *
 * @module
 */
import type { Route } from "../domain/route.ts";
import type { CheckAttributes } from "../wire/check-request.ts";
import { HOST_RULES, readAuthority } from "./canonical-host.ts";
import { brokenPathRule, routablePath } from "./canonical-path.ts";
import { METHOD_RULES } from "./method-rules.ts";
import { QUERY_RULES, readQuery } from "./query-rules.ts";
import type { RequestHeaders } from "./request-headers.ts";
import { type BrokenRule, firstBroken, type RequestRule } from "./request-rule.ts";
import type { RouteTable } from "./route-table.ts";

export interface Place {
  /** Canonical when no rule is broken, else possibly empty. */
  readonly path: string;
  readonly host: string;
  /** Raw, without `?`. */
  readonly query: string;
  /** As the table has it; undefined when none matches or there is nothing to match. */
  readonly route: Route | undefined;
  readonly broken: BrokenRule | undefined;
}

const PARAMETERS = /(?:;|%3B)[^/]*/g;

/** A path with the routes of its table. */
interface Placed {
  readonly route: Route | undefined;
  readonly path: string;
  readonly match: (path: string) => Route | undefined;
}

/** What a path may not be among the routes there are. */
export const PLACE_RULES: readonly RequestRule<Placed>[] = [
  {
    reason: "path.parameter",
    refuses: "a path that without its parameters belongs to another route",
    breaks: hidesRoute,
  },
];

export function readPlace(
  attributes: CheckAttributes,
  headers: RequestHeaders,
  routes: RouteTable,
): Place {
  const target = attributes.path;
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const query = readQuery(mark < 0 ? "" : target.slice(mark + 1));
  const authority = readAuthority(attributes.host, headers.get("host"), attributes.scheme);
  const path = routablePath(rawPath);
  const { host } = authority;

  const route =
    path === undefined || host === undefined
      ? undefined
      : routes.match(attributes.method, host, path);
  const broken =
    firstBroken(METHOD_RULES, { attributes, headers, query }) ??
    brokenPathRule(rawPath, route?.pathAllow) ??
    firstBroken(PLACE_RULES, {
      route,
      path: path ?? "",
      match: (plain) => routes.match(attributes.method, host ?? "", plain),
    }) ??
    firstBroken(QUERY_RULES, query) ??
    firstBroken(HOST_RULES, authority);
  return { path: path ?? "", host: host ?? "", query: query.raw, route, broken };
}

/**
 * A server that strips parameters, and the empty segments they leave, would serve what another entry
 * decides. An entry that names a parameter itself means it.
 */
function hidesRoute({ route, path, match }: Placed): boolean {
  if (route === undefined || path.search(PARAMETERS) < 0) return false;
  if ((route.path ?? route.pathPrefix ?? "").search(PARAMETERS) >= 0) return false;
  return match(path.replaceAll(PARAMETERS, "").replaceAll(/\/{2,}/g, "/")) !== route;
}
