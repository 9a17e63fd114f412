/**
 * Envoy's own words on a matched route: `sark.*` keys of its context extensions win over the entry,
 * all other keys go to policy. Only Envoy's configuration writes them, so anything unknown among them
 * is a fault of the installation and not of the caller.
 *
 * @module
 */
import { DenyError, UnavailableError } from "../domain/errors.ts";
import { BODY_RULES, MCP_SOURCES, MODES, type Route, SURFACES } from "../domain/route.ts";

const PREFIX = "sark.";
/** Different contents per route are as many as Envoy has route entries for it. */
const MERGED_MAX = 256;

type RoutePatch = Partial<Route>;
/** What a key's value changes; undefined when the value is invalid. */
type KeyReader = (value: string, route: Route) => RoutePatch | undefined;

const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const AGENT_ID = /^[A-Za-z0-9_.:-]{1,128}$/;
const ENTRYPOINT = /^[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)*$/;
const AUDIENCE = /^[!-~]{1,2048}$/;

const KEYS: Readonly<Record<string, KeyReader>> = {
  route: () => ({}), // compared with the match before anything is merged
  surface: (value, route) => surfacePatch(value, route),
  mode: (value, route) => modePatch(value, route),
  policy: (value) => (ENTRYPOINT.test(value) ? { policy: value } : undefined),
  server_name: (value) => (NAME.test(value) ? { serverName: value } : undefined),
  environment: (value) => (NAME.test(value) ? { environment: value } : undefined),
  tenant: (value) => (NAME.test(value) ? { tenant: value } : undefined),
  audience: (value) => (AUDIENCE.test(value) ? { audience: value } : undefined),
  body: (value) => optional(oneOf(BODY_RULES, value), (body) => ({ body })),
  agent_id: (value) => (AGENT_ID.test(value) ? { agentId: value } : undefined),
  mtls: (value) => optional(oneOf(["required", "optional"], value), (mtls) => ({ mtls })),
  mcp_source: (value, route) => mcpSourcePatch(value, route),
  param_filter: (value) => (value === "upstream" ? { paramFilter: value } : undefined),
  strip_authorization: (value) =>
    optional(oneOf(["true", "false"], value), (word) => ({ stripAuthorization: word === "true" })),
  jsonrpc_denial_code: (value) =>
    optional(oneOf(["sark", "own"], value), (jsonrpcDenialCode) => ({ jsonrpcDenialCode })),
};

/** Joins routes with extensions and remembers the outcome: the same few pairs come again and again. */
export class RouteExtensions {
  readonly #merged = new Map<Route, Map<string, Route>>();

  /**
   * @throws {DenyError} `route.mismatch`
   * @throws {UnavailableError} `check.internal` for a `sark.*` key that can not be followed
   */
  apply(route: Route, extensions: ReadonlyMap<string, string>): Route {
    let known = this.#merged.get(route);
    if (known === undefined) {
      known = new Map();
      this.#merged.set(route, known);
    }
    const content = contentOf(extensions);
    const before = known.get(content);
    if (before !== undefined) return before;

    const merged = mergeRoute(route, extensions);
    if (known.size >= MERGED_MAX) known.clear();
    known.set(content, merged);
    return merged;
  }
}

/** Lengths keep two different contents from giving one text. */
function contentOf(extensions: ReadonlyMap<string, string>): string {
  let content = "";
  for (const [key, value] of extensions) {
    content += `${key.length}:${key}${value.length}:${value}`;
  }
  return content;
}

function mergeRoute(route: Route, extensions: ReadonlyMap<string, string>): Route {
  const named = extensions.get(`${PREFIX}route`);
  if (named !== undefined && named !== route.name) {
    throw new DenyError("route.mismatch", "Envoy and the route table name different routes");
  }
  let merged = route;
  const rest: Record<string, string> = Object.assign(Object.create(null), route.extensions);
  for (const key of [...extensions.keys()].sort()) {
    const value = extensions.get(key) ?? "";
    if (key.startsWith(PREFIX)) merged = { ...merged, ...patchOf(key, value, route) };
    else rest[key] = value;
  }
  merged = { ...merged, extensions: Object.freeze(rest) };
  return Object.freeze({ ...merged, keyPart: keyPartOf(merged) });
}

function patchOf(key: string, value: string, route: Route): RoutePatch {
  const name = key.slice(PREFIX.length);
  const patch = Object.hasOwn(KEYS, name) ? KEYS[name]?.(value, route) : undefined;
  if (patch === undefined) {
    const what = Object.hasOwn(KEYS, name) ? `the value of ${key}` : "a sark.* key";
    throw new UnavailableError("check.internal", `${what} on route ${route.name} is not supported`);
  }
  return patch;
}

function surfacePatch(value: string, route: Route): RoutePatch | undefined {
  const surface = oneOf(SURFACES, value);
  if (surface === undefined) return undefined;
  if (surface === "sark" && route.endpoint === undefined) return undefined;
  return { surface };
}

/** Headers alone are only believed where the entry says who compared them. */
function mcpSourcePatch(value: string, route: Route): RoutePatch | undefined {
  const source = oneOf(MCP_SOURCES, value);
  if (source === undefined) return undefined;
  if (source === "headers" && route.mcp.headerVerifier === undefined) return undefined;
  return { mcp: { ...route.mcp, source } };
}

/** Envoy may tighten what the entry says, never loosen it. */
function modePatch(value: string, route: Route): RoutePatch | undefined {
  const mode = oneOf(MODES, value);
  if (mode === undefined || MODES.indexOf(mode) > MODES.indexOf(route.mode)) return undefined;
  return { mode };
}

function oneOf<const Word extends string>(words: readonly Word[], value: string): Word | undefined {
  return words.find((word) => word === value);
}

function optional<Value>(
  value: Value | undefined,
  patch: (value: Value) => RoutePatch,
): RoutePatch | undefined {
  return value === undefined ? undefined : patch(value);
}

function keyPartOf(route: Route): string {
  return JSON.stringify([
    route.surface,
    route.mode,
    route.policy,
    route.serverName,
    route.agentId,
    route.environment,
    route.tenant,
    route.audience,
    route.body,
    route.paramFilter,
    route.stripAuthorization,
    route.jsonrpcDenialCode,
    route.mtls,
    route.mcp.source,
    Object.entries(route.extensions).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
