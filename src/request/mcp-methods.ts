/**
 * What each MCP method asks for. A method that is not here is refused.
 *
 * @module
 */
import type { AuthzRequest } from "../domain/request.ts";
import type { McpVersion } from "../domain/route.ts";

/** What a call names; `server` = nothing beside the server, `level` = a level of its log. */
export type Named =
  | "server"
  | "level"
  | "tool"
  | "prompt"
  | "resource"
  | "task"
  | "reference"
  | "subscriptions";

/** Member of `params` that names such a thing, where a single one does. */
export const NAMING_MEMBERS: Readonly<Partial<Record<Named, "name" | "uri" | "taskId">>> = {
  tool: "name",
  prompt: "name",
  resource: "uri",
  task: "taskId",
};

export interface McpMethod {
  readonly names: Named;
  readonly action: string;
  readonly treatment: AuthzRequest["treatment"];
  readonly versions: ReadonlySet<McpVersion>;
  /** Member of `params` that policy sees as the parameters. */
  readonly parameters?: "arguments" | "argument";
  /** Members of `params` that policy sees as claims, beside `_meta`. */
  readonly claims?: readonly string[];
  /** Whether `Mcp-Name` repeats what is named. */
  readonly isMirrored?: boolean;
  /** Envoy's mcp filter does not take out what this method names. */
  readonly isHiddenFromEnvoy?: boolean;
}

const LEGACY: ReadonlySet<McpVersion> = new Set(["2025-03-26", "2025-06-18", "2025-11-25"]);
const MODERN: ReadonlySet<McpVersion> = new Set(["2026-07-28"]);
const ALL: ReadonlySet<McpVersion> = new Set([...LEGACY, ...MODERN]);
/** Tasks were part of one version and are an extension of the next. */
const TASKS: ReadonlySet<McpVersion> = new Set(["2025-11-25"]);
const TASKS_AND_MODERN: ReadonlySet<McpVersion> = new Set([...TASKS, ...MODERN]);

function policy(action: string, names: Named, versions: ReadonlySet<McpVersion>) {
  return { action, names, versions, treatment: "policy" } as const;
}

const LEGACY_INFO = policy("gateway:server:info", "server", LEGACY);
const LEGACY_ALWAYS = { ...LEGACY_INFO, treatment: "always" } as const;
const RESOURCE_READ = policy("gateway:resource:read", "resource", ALL);
const RESOURCE_LIST = policy("gateway:resource:list", "server", ALL);
const TASK = policy("gateway:task", "task", TASKS_AND_MODERN);

export const MCP_METHODS: ReadonlyMap<string, McpMethod> = new Map<string, McpMethod>([
  ["initialize", { ...LEGACY_INFO, claims: ["clientInfo", "capabilities"] }],
  ["ping", LEGACY_ALWAYS],
  ["logging/setLevel", { ...LEGACY_INFO, names: "level", claims: ["level"] }],
  ["server/discover", policy("gateway:server:info", "server", MODERN)],
  ["tools/list", policy("gateway:tool:discover", "server", ALL)],
  [
    "tools/call",
    {
      ...policy("gateway:tool:invoke", "tool", ALL),
      parameters: "arguments",
      isMirrored: true,
    },
  ],
  ["resources/list", RESOURCE_LIST],
  ["resources/templates/list", RESOURCE_LIST],
  ["resources/read", { ...RESOURCE_READ, isMirrored: true }],
  ["resources/subscribe", { ...RESOURCE_READ, versions: LEGACY }],
  ["resources/unsubscribe", { ...RESOURCE_READ, versions: LEGACY }],
  ["subscriptions/listen", policy("gateway:subscription", "subscriptions", MODERN)],
  ["prompts/list", policy("gateway:prompt:list", "server", ALL)],
  [
    "prompts/get",
    {
      ...policy("gateway:prompt:get", "prompt", ALL),
      parameters: "arguments",
      isMirrored: true,
    },
  ],
  [
    "completion/complete",
    { ...policy("gateway:completion", "reference", ALL), parameters: "argument" },
  ],
  ["tasks/get", { ...TASK, isMirrored: true }],
  ["tasks/cancel", { ...TASK, isMirrored: true }],
  ["tasks/result", { ...TASK, versions: TASKS, isHiddenFromEnvoy: true }],
  ["tasks/list", policy("gateway:task", "server", TASKS)],
  ["tasks/update", { ...TASK, versions: MODERN, isMirrored: true }],
  ["notifications/initialized", LEGACY_ALWAYS],
  ["notifications/cancelled", LEGACY_ALWAYS],
  ["notifications/progress", LEGACY_ALWAYS],
  ["notifications/roots/list_changed", LEGACY_ALWAYS],
]);

/** How an answer to a call of the server's is called, which has no method of its own. */
export const CLIENT_RESPONSE = "client/response";
export const CLIENT_RESPONSE_METHOD: McpMethod = policy("gateway:session", "server", LEGACY);

/** Requests without a message: the server's stream and the end of a session. */
export const MCP_HTTP_METHODS: ReadonlyMap<string, McpMethod> = new Map<string, McpMethod>([
  ["GET", LEGACY_INFO],
  ["DELETE", LEGACY_ALWAYS],
]);

/** Only servers send these. */
export const SERVER_METHODS: ReadonlySet<string> = new Set([
  "sampling/createMessage",
  "elicitation/create",
  "roots/list",
  "notifications/message",
  "notifications/resources/updated",
  "notifications/resources/list_changed",
  "notifications/tools/list_changed",
  "notifications/prompts/list_changed",
  "notifications/elicitation/complete",
  "notifications/subscriptions/acknowledged",
]);

/** Those of servers aside, 2026-07-28 has no notification at all. */
export function isNotificationName(method: string): boolean {
  return method.startsWith("notifications/");
}
