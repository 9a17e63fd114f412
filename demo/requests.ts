/**
 * The requests of the demo: what is sent, what has to come back, and the same thing as a `curl` line.
 *
 * @module
 */
import { join } from "node:path";
import type { HttpAnswer } from "../test/support/http-call.ts";
import type { Stack } from "./stack.ts";
import type { TokenName } from "./tokens.ts";

export interface DemoRequest {
  readonly title: string;
  readonly path: string;
  readonly token?: TokenName;
  readonly headers?: readonly (readonly [string, string])[];
  /** Sent as JSON with POST; a GET without. */
  readonly body?: object;
  readonly status: number;
  /** What the reason has to contain. */
  readonly reason: string;
  /** Whether the cold path has to see it. */
  readonly reachesPython?: boolean;
}

const AUTHORIZE = "/api/v1/gateway/authorize";
const FORGED = [["x-sark-user-id", "admin"]] as const;
const SPOKEN_FOR_ALICE = "get_weather ran for alice";

const toolCall = (name: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: { city: "Bern" } },
});
const question = (tool_name: string) => ({
  action: "gateway:tool:invoke",
  server_name: "demo",
  tool_name,
  parameters: { city: "Bern" },
});
const weather = { path: "/mcp/demo", body: toolCall("get_weather") };
const authorize = { path: AUTHORIZE, token: "alice", body: question("get_weather") } as const;

export const ALLOWED_CALL: DemoRequest = {
  ...weather,
  ...{ title: "allowed tool call", token: "alice", status: 200, reason: SPOKEN_FOR_ALICE },
};

export const REQUESTS: readonly DemoRequest[] = [
  {
    title: "denied tool call",
    path: "/mcp/demo",
    token: "alice",
    body: toolCall("delete_index"),
    status: 403,
    reason: "Access denied",
  },
  { ...weather, title: "no credential", status: 401, reason: "Authentication required" },
  {
    ...weather,
    title: "expired token",
    token: "alice-expired",
    status: 401,
    reason: "Token has expired",
  },
  { ...ALLOWED_CALL, title: "forged x-sark-user-id: admin", headers: FORGED },
  { title: "HTTP read", path: "/app/items", token: "viewer-1", status: 200, reason: "app" },
  {
    title: "HTTP write, denied",
    path: "/app/items",
    token: "viewer-1",
    body: { item: 1 },
    status: 403,
    reason: "Access denied",
  },
  { ...authorize, title: "SARK decision: allowed", status: 200, reason: "allow: Allowed" },
  {
    ...authorize,
    title: "SARK decision: denied",
    body: question("delete_index"),
    status: 200,
    reason: "deny: Denied",
  },
  {
    title: "agent to agent: denied",
    path: `${AUTHORIZE}-a2a`,
    token: "worker-1",
    body: {
      source_agent_id: "worker-1",
      target_agent_id: "planner",
      capability: "execute",
      message_type: "task",
    },
    status: 200,
    reason: "deny: Agent lacks required capability: execute",
  },
  {
    title: "rest of the gateway: Python",
    path: "/api/v1/gateway/servers",
    token: "alice",
    status: 200,
    reason: "served by python",
    reachesPython: true,
  },
];

/** While the sidecar is dead. */
export const OUTAGE_REQUESTS: readonly DemoRequest[] = [
  { ...ALLOWED_CALL, title: "sidecar killed: strict route", status: 503, reason: "no answer" },
  {
    ...authorize,
    title: "sidecar killed: SARK decision",
    status: 200,
    reason: "allow: Cold path: allowed get_weather",
    reachesPython: true,
  },
];

/** Why it ended so, in one line, wherever this answer carries it. */
export function reasonOf(answer: HttpAnswer): string {
  if (answer.text === "") return answer.status === 503 ? "no answer from the sidecar" : "";
  const body = parsed(answer.text);
  if (body.error?.message !== undefined) return body.error.message;
  if (body.result?.content?.[0]?.text !== undefined) return body.result.content[0].text;
  if (body.reason !== undefined) return `${body.allow === true ? "allow" : "deny"}: ${body.reason}`;
  const servedBy = body.served_by ?? answer.headers["x-demo-served-by"];
  return servedBy === undefined ? answer.text.slice(0, 80) : `served by ${servedBy}`;
}

/** The id of the audit record, from the reply or from what the upstream received. */
export function auditIdOf(answer: HttpAnswer): string | undefined {
  const header = answer.headers["x-sark-audit-id"];
  if (typeof header === "string") return header;
  const body = parsed(answer.text);
  return (body.result?._meta?.["demo/received"] ?? body.received)?.["x-sark-audit-id"];
}

interface AnyAnswer {
  readonly allow?: boolean;
  readonly reason?: string;
  readonly error?: { readonly message?: string };
  readonly result?: {
    readonly content?: readonly { readonly text?: string }[];
    readonly _meta?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  readonly received?: Readonly<Record<string, string>>;
  readonly served_by?: string;
}

function parsed(text: string): AnyAnswer {
  try {
    return JSON.parse(text) as AnyAnswer;
  } catch {
    return {};
  }
}

/** Reads the token from a file beside the demo's configuration, so that the line stays short. */
export function curlLine(request: DemoRequest, stack: Stack): string {
  const parts = ["curl -sS -i"];
  if (request.token !== undefined) parts.push(`-H @${join(stack.folder, request.token)}`);
  for (const [name, value] of request.headers ?? []) parts.push(`-H '${name}: ${value}'`);
  if (request.body !== undefined) {
    parts.push("-H 'content-type: application/json'", `-d '${JSON.stringify(request.body)}'`);
  }
  parts.push(`http://127.0.0.1:${stack.envoy.gatewayPort}${request.path}`);
  return parts.join(" ");
}
