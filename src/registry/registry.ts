/**
 * The registry document made ready for Checks: every known resource exists beforehand at each level a
 * caller can raise it to, so that resolving a known name allocates nothing. Pure.
 *
 * @module
 */
import type { Registry, RegistryAgent, Resource } from "../domain/registry.ts";
import type { ResourceName } from "../domain/request.ts";
import { higher, SENSITIVITIES, type Sensitivity } from "../domain/sensitivity.ts";
import { classify } from "./classifier.ts";
import type { AgentEntry, RegistryDocument, ServerEntry, ToolEntry } from "./config.ts";

/** A resource by what the caller claims; `low` is what no claim gives. */
type ByClaim = Readonly<Record<Sensitivity, Resource>>;

interface KnownServer {
  readonly itself: ByClaim;
  readonly tools: ReadonlyMap<string, ByClaim>;
}

interface KnownRoute {
  readonly read: ByClaim;
  readonly write: ByClaim;
}

const NOTHING: readonly string[] = Object.freeze([]);
const NO_HEADERS: ReadonlyMap<string, string> = new Map();
/** Types that belong to a server. */
const ON_SERVERS: ReadonlySet<ResourceName["type"]> = new Set([
  "tool",
  "server",
  "resource",
  "prompt",
  "task",
]);
/** Of what the registry does not have; a classifier may only raise it. */
const UNKNOWN_LEVEL: Sensitivity = "medium";

/** `revision` is the SHA-256 of the document's bytes in hex. */
export function buildRegistry(document: RegistryDocument, revision: string): Registry {
  const servers = mapValues(document.servers, knownServer);
  const agents = mapValues(document.agents, knownAgent);
  const routes = mapValues(document.http, knownRoute);

  return Object.freeze({
    revision,
    serverNames: new Set(servers.keys()),
    resolve: (name: ResourceName, access: "read" | "write" | undefined): Resource => {
      const claim = name.claimedSensitivity ?? "low";
      const key = name.server ?? "";
      if (name.type === "http") {
        return routes.get(key)?.[access ?? "write"][claim] ?? unknownResource(name);
      }
      const server = ON_SERVERS.has(name.type) ? servers.get(key) : undefined;
      return server === undefined ? unknownResource(name) : onServer(name, server, claim);
    },
    agent: (id: string): RegistryAgent => agents.get(id) ?? unknownAgent(id),
  });
}

function onServer(name: ResourceName, server: KnownServer, claim: Sensitivity): Resource {
  if (name.type === "server") return server.itself[claim];
  if (name.type !== "tool") return partOf(name, server.itself[claim]);
  return server.tools.get(name.tool ?? "")?.[claim] ?? unknownTool(name, server);
}

/** Resources, prompts and tasks have no entries of their own: the server's facts hold for them. */
function partOf(name: ResourceName, server: Resource): Resource {
  return Object.freeze({ ...server, type: name.type, name: name.name });
}

/** `Object.entries` sees own members only, so a name such as `constructor` is an ordinary one. */
function mapValues<Entry, Known>(
  entries: Readonly<Record<string, Entry>>,
  make: (name: string, entry: Entry) => Known,
): ReadonlyMap<string, Known> {
  return new Map(Object.entries(entries).map(([name, entry]) => [name, make(name, entry)]));
}

function knownServer(name: string, entry: ServerEntry): KnownServer {
  const base = serverResource(name, entry);
  return {
    itself: byClaim(base),
    tools: mapValues(entry.tools, (toolName, tool) => byClaim(toolResource(base, toolName, tool))),
  };
}

function serverResource(name: string, entry: ServerEntry): Resource {
  const teams = entry.team === null ? entry.teams : [entry.team, ...entry.teams];
  return {
    type: "server",
    server: name,
    tool: null,
    name: null,
    sensitivity: entry.sensitivity,
    known: true,
    owner: entry.owner,
    team: entry.team,
    teams: Object.freeze([...new Set(teams)]),
    environment: entry.environment,
    visibility: entry.visibility,
    sensitiveParams: NOTHING,
    requiredCapabilities: NOTHING,
    requiresMfa: false,
    allowedRoles: NOTHING,
    parameterHeaders: NO_HEADERS,
  };
}

function toolResource(server: Resource, name: string, entry: ToolEntry): Resource {
  return {
    ...server,
    type: "tool",
    tool: name,
    sensitivity: entry.override ?? entry.level ?? classify(toolText(name, entry)),
    sensitiveParams: Object.freeze(entry.sensitive_params.map(parameterName)),
    requiredCapabilities: Object.freeze([...entry.required_capabilities]),
    requiresMfa: entry.requires_mfa,
    parameterHeaders: new Map(
      Object.entries(entry.parameter_headers).map(([header, name]) => [header.toLowerCase(), name]),
    ),
  };
}

function toolText(name: string, entry: ToolEntry) {
  return { name, description: entry.description, parameterNames: entry.parameter_names };
}

/** The spelling in which parameter names are compared. */
function parameterName(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

function knownRoute(name: string, entry: RegistryDocument["http"][string]): KnownRoute {
  const forRoles = (roles: readonly string[]) =>
    byClaim({
      ...unknownResource({
        type: "http",
        server: name,
        tool: null,
        name: null,
        claimedSensitivity: undefined,
      }),
      known: true,
      allowedRoles: Object.freeze([...roles]),
    });
  return { read: forRoles(entry.read), write: forRoles(entry.write) };
}

function byClaim(base: Resource): ByClaim {
  const raisedTo = (claim: Sensitivity): [Sensitivity, Resource] => [
    claim,
    Object.freeze({ ...base, sensitivity: higher(base.sensitivity, claim) }),
  ];
  return Object.freeze(
    Object.fromEntries(SENSITIVITIES.map(raisedTo)) as Record<Sensitivity, Resource>,
  );
}

/** A tool that the registry does not list, on a server that it does. */
function unknownTool(name: ResourceName, server: KnownServer): Resource {
  const { owner, team, teams, environment, visibility } = server.itself.low;
  return Object.freeze({ ...unknownResource(name), owner, team, teams, environment, visibility });
}

function unknownResource(name: ResourceName): Resource {
  const byName = name.tool === null ? UNKNOWN_LEVEL : classify({ name: name.tool });
  return Object.freeze({
    type: name.type,
    server: name.server,
    tool: name.tool,
    name: name.name,
    sensitivity: higher(higher(byName, UNKNOWN_LEVEL), name.claimedSensitivity ?? "low"),
    known: false,
    owner: null,
    team: null,
    teams: NOTHING,
    environment: null,
    visibility: null,
    sensitiveParams: NOTHING,
    requiredCapabilities: NOTHING,
    requiresMfa: false,
    allowedRoles: NOTHING,
    parameterHeaders: NO_HEADERS,
  });
}

function knownAgent(id: string, entry: AgentEntry): RegistryAgent {
  return Object.freeze({
    id,
    known: true,
    type: entry.type,
    trustLevel: entry.trust_level,
    environment: entry.environment,
    organizationId: entry.organization_id,
    ownerId: entry.owner_id,
    accepts: Object.freeze([...entry.accepts]),
    rateLimitPerMinute: entry.rate_limit_per_minute,
    pushHosts: Object.freeze([...entry.push_hosts]),
  });
}

function unknownAgent(id: string): RegistryAgent {
  return Object.freeze({
    id,
    known: false,
    type: null,
    trustLevel: null,
    environment: null,
    organizationId: null,
    ownerId: null,
    accepts: NOTHING,
    rateLimitPerMinute: null,
    pushHosts: NOTHING,
  });
}
