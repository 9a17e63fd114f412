/**
 * Which route a request belongs to, found by the sidecar itself from method, host and canonical path.
 *
 * @module
 */
import { ConfigError, DenyError } from "../domain/errors.ts";
import type { Route } from "../domain/route.ts";
import { canonicalPath } from "./canonical-path.ts";
import { RouteExtensions } from "./route-extensions.ts";

/** Exact beats prefix, a longer prefix beats a shorter one; two that could both match stop the start. */
export class RouteTable {
  readonly #byPath = new Map<string, Route[]>();
  /** Longest first. */
  readonly #byPrefix: { readonly prefix: string; readonly below: string; readonly route: Route }[] =
    [];

  readonly #extensions = new RouteExtensions();

  /** @throws {ConfigError} for routes that can not be told apart or not be matched. */
  constructor(routes: readonly Route[]) {
    const problems = routes.flatMap((route, at) => problemsOf(route, routes.slice(0, at)));
    if (problems.length > 0) throw new ConfigError(problems);
    for (const route of routes) this.#add(route);
    this.#byPrefix.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  match(method: string, host: string, path: string): Route | undefined {
    const exact = this.#byPath.get(path);
    if (exact !== undefined) {
      for (const route of exact) if (fits(route, method, host)) return route;
    }
    for (const { prefix, below, route } of this.#byPrefix) {
      if ((path === prefix || path.startsWith(below)) && fits(route, method, host)) return route;
    }
    return undefined;
  }

  /**
   * A matched route with Envoy's own words on it.
   *
   * @throws {DenyError} `route.mismatch`
   * @throws {UnavailableError} `check.internal` for a `sark.*` key that can not be followed
   */
  extended(route: Route, extensions: ReadonlyMap<string, string>): Route {
    return this.#extensions.apply(route, extensions);
  }

  #add(route: Route): void {
    if (route.path !== undefined) {
      const others = this.#byPath.get(route.path) ?? [];
      others.push(route);
      this.#byPath.set(route.path, others);
    } else if (route.pathPrefix !== undefined) {
      const prefix = route.pathPrefix;
      this.#byPrefix.push({ prefix, below: prefix.endsWith("/") ? prefix : `${prefix}/`, route });
    }
  }
}

function fits(route: Route, method: string, host: string): boolean {
  return (
    (route.methods === undefined || route.methods.has(method)) &&
    (route.hosts === undefined || route.hosts.has(host))
  );
}

function problemsOf(route: Route, earlier: readonly Route[]): readonly string[] {
  const problems: string[] = [];
  const say = (problem: string) => problems.push(`routes: "${route.name}" ${problem}`);
  const path = route.path ?? route.pathPrefix ?? "";
  if ((route.path === undefined) === (route.pathPrefix === undefined)) {
    say("needs either a path or a path prefix; give exactly one");
  } else if (!isCanonical(path, route)) {
    say("can never match: write its path in canonical form, beginning with /");
  }
  if (route.surface === "sark" && route.endpoint === undefined) {
    say("has surface sark, which is served on the two authorize paths only");
  }
  for (const other of earlier) {
    if (other.name === route.name) say("is there twice; names are unique");
    if (isEqualMatch(route, other)) {
      say(`matches the same requests as "${other.name}"; make paths, methods or hosts differ`);
    }
  }
  return problems;
}

function isCanonical(path: string, { pathAllow }: Route): boolean {
  try {
    return canonicalPath(path, pathAllow) === path;
  } catch (thrown) {
    if (thrown instanceof DenyError) return false;
    throw thrown;
  }
}

function isEqualMatch(a: Route, b: Route): boolean {
  return (
    a.path === b.path &&
    a.pathPrefix === b.pathPrefix &&
    overlap(a.methods, b.methods) &&
    overlap(a.hosts, b.hosts)
  );
}

/** Undefined stands for every value. */
function overlap(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === undefined || b === undefined || [...a].some((value) => b.has(value));
}
