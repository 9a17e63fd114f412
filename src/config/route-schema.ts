/**
 * Schema of one entry of the route table and the rules between its fields.
 *
 * @module
 */
import { z } from "zod";
import type { Frozen } from "../domain/frozen.ts";
import {
  AGENT_ID_CHARACTERS_MAX,
  ENVIRONMENT_BYTES_MAX,
  SERVER_NAME_BYTES_MAX,
} from "../domain/limits.ts";
import {
  BODY_RULES,
  MCP_SOURCES,
  MODES,
  PRINCIPAL_KINDS,
  type Route,
  SURFACES,
  type Surface,
} from "../domain/route.ts";
import {
  areEqualMatches,
  hasSemicolon,
  isCanonicalHost,
  isCanonicalPath,
  isCanonicalPrefix,
} from "./match-rules.ts";
import {
  a2aSchema,
  actionSchema,
  corsSchema,
  mcpSchema,
  printable,
  scopeSchema,
} from "./route-protocols.ts";

const METHOD = /^[A-Z][A-Z-]{0,31}$/;
const NEVER_SERVED: readonly string[] = ["CONNECT", "TRACE"];
const ENTRYPOINT = /^[A-Za-z0-9_]+(?:\/[A-Za-z0-9_]+)+$/;
export const entrypointSchema = z
  .string()
  .regex(ENTRYPOINT, "must be an entrypoint such as mcp/gateway/result");

const matchSchema = z
  .strictObject({
    path: z
      .string()
      .refine(
        isCanonicalPath,
        "must be a canonical path: no //, dot segments, query or needless escapes",
      )
      .optional()
      .describe("Exact canonical path."),
    path_prefix: z
      .string()
      .refine(isCanonicalPrefix, "must be a canonical path that does not end in /")
      .optional()
      .describe("Path prefix of whole segments; the longest one wins, an exact path before it."),
    methods: z
      .array(
        z
          .string()
          .regex(METHOD, "must be an upper-case HTTP method")
          .refine((method) => !NEVER_SERVED.includes(method), "CONNECT and TRACE are never served"),
      )
      .min(1)
      .optional()
      .describe("HTTP methods; absent means all but CONNECT and TRACE."),
    hosts: z
      .array(
        z
          .string()
          .refine(
            isCanonicalHost,
            "must be a lower-case host, with a port only if it is not 80 or 443",
          ),
      )
      .min(1)
      .optional()
      .describe("Hosts; absent means any."),
  })
  .refine(
    (match) => (match.path === undefined) !== (match.path_prefix === undefined),
    "needs exactly one of path and path_prefix",
  )
  .describe("Which requests the entry is for.");

const fields = {
  name: z
    .string()
    .regex(/^[a-z0-9._-]{1,64}$/, "must be 1-64 characters of a-z, 0-9, dot, underscore, hyphen")
    .describe("Name in audit, metrics and decision key."),
  match: matchSchema,
  surface: z
    .enum(SURFACES)
    .optional()
    .describe("How the request is read; absent means sark on the two authorize paths, else http."),
  mode: z
    .enum(MODES)
    .default("strict")
    .describe(
      "strict: decided here. migration: decided here within the rollout. observe: recorded only.",
    ),
  policy: entrypointSchema.optional().describe("Entrypoint; absent means that of the surface."),
  server_name: printable(SERVER_NAME_BYTES_MAX).optional().describe("MCP server behind the route."),
  agent_id: printable(AGENT_ID_CHARACTERS_MAX)
    .optional()
    .describe("Agent behind the route; surface a2a needs it."),
  environment: printable(ENVIRONMENT_BYTES_MAX)
    .optional()
    .describe("Environment behind the route."),
  tenant: printable(AGENT_ID_CHARACTERS_MAX).optional().describe("Tenant; no header can name one."),
  audience: printable(1_024)
    .optional()
    .describe("Exact audience a token needs; absent means any audience of its issuer."),
  body: z
    .enum(BODY_RULES)
    .optional()
    .describe(
      "Whether a body must be there; absent means required on mcp, a2a and sark, else optional.",
    ),
  mcp_source: z
    .enum(MCP_SOURCES)
    .default("body")
    .describe("Where MCP facts are read: body, Envoy's metadata, both, or headers of 2026-07-28."),
  mtls: z
    .enum(["required", "optional"])
    .optional()
    .describe("Whether the peer's certificate must or may name a workload; absent: not looked at."),
  param_filter: z
    .enum(["upstream"])
    .optional()
    .describe("upstream: removed parameters are named in a header instead of refusing the call."),
  strip_authorization: z
    .boolean()
    .optional()
    .describe(
      "Whether the token is kept from the upstream; absent means true on strict, else false.",
    ),
  jsonrpc_denial_code: z
    .enum(["sark", "own"])
    .default("sark")
    .describe("sark: denials are -32000. own: codes outside the reserved range."),
  principals: z
    .array(z.enum(PRINCIPAL_KINDS))
    .min(1)
    .optional()
    .describe("Accepted kinds; absent means agent between agents, else user and api_key."),
  scopes: z
    .record(actionSchema, z.array(scopeSchema).min(1))
    .default({})
    .describe("By action, the scopes a token must hold."),
  mcp: mcpSchema.optional(),
  a2a: a2aSchema.optional(),
  cors: corsSchema.optional(),
  path_allow: z
    .array(z.enum(["semicolon"]))
    .min(1)
    .optional()
    .describe("Path rules this route relaxes. semicolon: a parameter is matched as it stands."),
};

const routeSchema = z.strictObject(fields).superRefine((route, context) => {
  for (const { path, message } of conflictsOf(route)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

export type RouteEntry = Frozen<z.infer<z.ZodObject<typeof fields>>>;

export const routesSchema = z
  .array(routeSchema)
  .min(1)
  .superRefine((routes, context) => {
    for (const [index, route] of routes.entries()) {
      const before = routes.slice(0, index);
      if (before.some(({ name }) => name === route.name)) {
        context.addIssue({
          code: "custom",
          path: [index, "name"],
          message: "the name is used twice",
        });
      }
      const equal = before.findIndex(({ match }) => areEqualMatches(match, route.match));
      if (equal >= 0) {
        const message = `some requests match routes[${equal}] just as well; make path, methods or hosts differ`;
        context.addIssue({ code: "custom", path: [index, "match"], message });
      }
    }
  })
  .describe("The route table. A request that fits no entry is refused.");

interface Conflict {
  readonly path: readonly string[];
  readonly message: string;
}

function conflictsOf(route: RouteEntry): Conflict[] {
  const surface = surfaceOf(route);
  const endpoint = endpointOf(route);
  const found: Conflict[] = [];
  const check = (isWrong: boolean, path: readonly string[], message: string) => {
    if (isWrong) found.push({ path, message });
  };
  check(
    surface === "sark" && endpoint === undefined,
    ["match"],
    "surface sark needs an exact path that ends in /authorize or /authorize-a2a",
  );
  check(
    route.mode === "migration" && surface !== "sark",
    ["mode"],
    "migration is supported on surface sark only: a forwarded request would need a signed assertion",
  );
  check(route.mcp !== undefined && surface !== "mcp", ["mcp"], "only allowed with surface mcp");
  check(
    route.body === "none" && surface !== "http",
    ["body"],
    `surface ${surface} is decided by its body`,
  );
  check(route.a2a !== undefined && surface !== "a2a", ["a2a"], "only allowed with surface a2a");
  check(
    surface === "a2a" && route.agent_id === undefined,
    ["agent_id"],
    "is needed with surface a2a: it names the agent behind the route",
  );
  check(
    route.mcp_source === "headers" && route.mcp?.header_verifier === undefined,
    ["mcp_source"],
    "headers needs mcp.header_verifier: somebody must compare them with the body",
  );
  check(
    route.mcp_source !== "body" && surface !== "mcp",
    ["mcp_source"],
    "only allowed with surface mcp",
  );
  check(
    route.cors !== undefined && surface === "sark",
    ["cors"],
    "the authorize paths are not for browser pages",
  );
  check(
    hasSemicolon(route.match) && route.path_allow?.includes("semicolon") !== true,
    ["match"],
    "a semicolon in the path needs path_allow: [semicolon]",
  );
  const isBetweenAgents = surface === "a2a" || endpoint === "authorize-a2a";
  const allowsAgent = surface === "mcp" || isBetweenAgents;
  const kinds = route.principals ?? [];
  check(
    !allowsAgent && kinds.includes("agent"),
    ["principals"],
    "agents are accepted on mcp, a2a and authorize-a2a only",
  );
  check(
    isBetweenAgents && kinds.some((kind) => kind !== "agent"),
    ["principals"],
    "between agents only agents are accepted",
  );
  return found;
}

type Addressed = Pick<RouteEntry, "match" | "surface">;

const AUTHORIZE = "/api/v1/gateway/authorize";
const AUTHORIZE_A2A = "/api/v1/gateway/authorize-a2a";

export function surfaceOf({ match, surface }: Addressed): Surface {
  if (surface !== undefined) return surface;
  return match.path === AUTHORIZE || match.path === AUTHORIZE_A2A ? "sark" : "http";
}

/** Which SARK document is read; undefined on other surfaces. */
export function endpointOf(route: Addressed): Route["endpoint"] {
  if (surfaceOf(route) !== "sark") return undefined;
  if (route.match.path?.endsWith("/authorize-a2a")) return "authorize-a2a";
  return route.match.path?.endsWith("/authorize") ? "authorize" : undefined;
}
