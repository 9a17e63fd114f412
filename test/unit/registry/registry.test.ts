/** A name is resolved to what the registry says; a caller can only make it more sensitive. */
import { expect, it } from "vitest";
import { parseRegistry } from "../../../src/config/registry-document.ts";
import type { ResourceName } from "../../../src/domain/request.ts";
import type { Sensitivity } from "../../../src/domain/sensitivity.ts";
import { buildRegistry } from "../../../src/registry/registry.ts";

const TEXT = `
servers:
  demo:
    owner: alice
    team: platform
    teams: [search, platform]
    environment: production
    visibility: internal
    sensitivity: high
    tools:
      get_weather: { level: low, description: read the weather }
      delete_index: { level: high, sensitive_params: [Index-Secret] }
      overridden: { level: low, override: critical }
      by_words: { description: purge everything }
      wordless: { required_capabilities: [query], requires_mfa: true }
  bare: {}
  constructor: { tools: { toString: { level: low } } }
agents:
  planner: { type: orchestrator, trust_level: trusted, environment: production, accepts: [query] }
  bare: {}
http:
  app: { read: [developer, viewer], write: [admin] }
`;
const registry = buildRegistry(parseRegistry(TEXT, "registry.yaml"), "r1");

function tool(server: string | null, name: string | null, claim?: Sensitivity): ResourceName {
  return { type: "tool", server, tool: name, name: null, claimedSensitivity: claim };
}

it.each([
  ["level", tool("demo", "get_weather"), "low"],
  ["override before level", tool("demo", "overridden"), "critical"],
  ["words where there is no level", tool("demo", "by_words"), "high"],
  ["medium where nothing tells", tool("demo", "wordless"), "medium"],
  ["a raising claim", tool("demo", "get_weather", "high"), "high"],
  ["no lowering claim", tool("demo", "delete_index", "low"), "high"],
  ["at least medium for an unknown tool", tool("demo", "list_all"), "medium"],
  ["the name of an unknown tool", tool("demo", "drop_all"), "high"],
  ["the name on an unknown server", tool("other", "read_password"), "critical"],
  ["a claim for an unknown tool", tool("demo", "list_all", "critical"), "critical"],
  ["a tool without name", tool("demo", null), "medium"],
] as const)("takes %s", (_, name, sensitivity) => {
  expect(registry.resolve(name, undefined).sensitivity).toBe(sensitivity);
});

it("gives the facts of server and tool", () => {
  expect(registry.resolve(tool("demo", "delete_index"), undefined)).toEqual({
    type: "tool",
    server: "demo",
    tool: "delete_index",
    sensitivity: "high",
    known: true,
    owner: "alice",
    team: "platform",
    teams: ["platform", "search"],
    environment: "production",
    visibility: "internal",
    sensitiveParams: ["index_secret"],
    requiredCapabilities: [],
    requiresMfa: false,
    allowedRoles: [],
    name: null,
    parameterHeaders: new Map(),
  });
  expect(registry.resolve(tool("demo", "wordless"), undefined)).toMatchObject({
    requiredCapabilities: ["query"],
    requiresMfa: true,
  });
});

it("gives a known tool without making anything", () => {
  const name = tool("demo", "get_weather");
  expect(registry.resolve(name, undefined)).toBe(registry.resolve({ ...name }, undefined));
  const raised = { ...name, claimedSensitivity: "critical" } as const;
  expect(registry.resolve(raised, undefined)).toBe(registry.resolve({ ...raised }, undefined));
  expect(Object.isFrozen(registry.resolve(name, undefined))).toBe(true);
});

it("keeps the facts of a known server for a tool it does not list", () => {
  expect(registry.resolve(tool("demo", "nobody_knows"), undefined)).toMatchObject({
    tool: "nobody_knows",
    known: false,
    owner: "alice",
    teams: ["platform", "search"],
  });
});

it("resolves a server itself", () => {
  const name = {
    type: "server",
    server: "demo",
    tool: null,
    name: null,
    claimedSensitivity: undefined,
  } as const;
  expect(registry.resolve(name, undefined)).toMatchObject({
    known: true,
    sensitivity: "high",
    tool: null,
  });
  expect(registry.resolve({ ...name, server: "bare" }, undefined)).toMatchObject({
    known: true,
    sensitivity: "medium",
    owner: null,
    visibility: null,
  });
  for (const server of ["other", null]) {
    expect(registry.resolve({ ...name, server }, undefined).known).toBe(false);
  }
});

it("gives nothing of a server to other kinds of resource", () => {
  for (const type of ["agent", "unknown"] as const) {
    const name = {
      type,
      server: "demo",
      tool: "get_weather",
      name: null,
      claimedSensitivity: undefined,
    };
    expect(registry.resolve(name, undefined)).toMatchObject({ type, known: false, owner: null });
  }
});

it("gives the roles of an HTTP route by access", () => {
  const name = {
    type: "http",
    server: "app",
    tool: null,
    name: null,
    claimedSensitivity: undefined,
  } as const;
  const read = registry.resolve(name, "read");
  expect(read).toMatchObject({
    known: true,
    sensitivity: "medium",
    allowedRoles: ["developer", "viewer"],
  });
  expect(registry.resolve(name, "write").allowedRoles).toEqual(["admin"]);
  expect(registry.resolve(name, undefined).allowedRoles).toEqual(["admin"]);
  expect(registry.resolve({ ...name, server: "other" }, "read")).toMatchObject({
    known: false,
    allowedRoles: [],
    name: null,
    parameterHeaders: new Map(),
  });
});

it("describes agents, known and unknown", () => {
  expect(registry.agent("planner")).toEqual({
    id: "planner",
    known: true,
    type: "orchestrator",
    trustLevel: "trusted",
    environment: "production",
    organizationId: null,
    ownerId: null,
    accepts: ["query"],
    pushHosts: [],
    rateLimitPerMinute: null,
  });
  expect(registry.agent("bare")).toMatchObject({ known: true, accepts: [] });
  expect(registry.agent("stranger")).toMatchObject({ id: "stranger", known: false, accepts: [] });
});

it("takes names of JavaScript's own for ordinary ones", () => {
  expect(registry.resolve(tool("constructor", "toString"), undefined)).toMatchObject({
    known: true,
  });
  expect(registry.resolve(tool("hasOwnProperty", "toString"), undefined).known).toBe(false);
  expect(registry.agent("toString").known).toBe(false);
});

it("lists its servers and revision", () => {
  expect([...registry.serverNames]).toEqual(["demo", "bare", "constructor"]);
  expect(registry.revision).toBe("r1");
});

it.each([
  [
    "servers: { a: { tools: { b: { levle: low } } } }",
    '1:31 servers.a.tools.b.levle: unknown key; did you mean "level"?',
  ],
  [
    "servers: { a: { sensitivity: hihg } }",
    '1:30 servers.a.sensitivity: must be one of low, medium, high, critical; did you mean "high"?',
  ],
  [
    "servers: { a: { tools: { 'b c': {} } } }",
    "1:26 servers.a.tools.b c: must be 1-128 letters, digits, dots, underscores or hyphens",
  ],
  [
    "agents: { a: { trust_level: critical } }",
    "1:29 agents.a.trust_level: must be one of trusted, limited, untrusted",
  ],
  ["http: { App: {} }", "1:9 http.App: must be a route name"],
  ["server: {}", '1:1 server: unknown key; did you mean "servers"?'],
])("refuses %s", (text, problem) => {
  expect(() => parseRegistry(text, "r.yaml")).toThrow(
    expect.objectContaining({ problems: [`r.yaml:${problem}`] }),
  );
});

it("reads JSON as well", () => {
  const document = parseRegistry('{\n\t"agents": {"a": {"accepts": ["query"]}}\n}', "r.json");
  expect(buildRegistry(document, "r").agent("a").accepts).toEqual(["query"]);
});
