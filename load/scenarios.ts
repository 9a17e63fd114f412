/**
 * The Checks that bench and load send: one CheckRequest each, as a running Envoy would write it.
 *
 * @module
 */
import { checkRequest } from "../test/support/check-request.ts";

export const COUNTER_DIGITS = 9;
const COUNTER = "0".repeat(COUNTER_DIGITS);
const COUNTER_MARK = `"n":"${COUNTER}"`;

export interface Scenario {
  readonly name: string;
  readonly bundle: "shipped" | "small" | "mid";
  /** Each message differs, so that no decision is found in the cache. */
  readonly isUnique: boolean;
  readonly description: string;
}

export const BENCH_SCENARIOS: readonly Scenario[] = [
  {
    name: "hit",
    bundle: "shipped",
    isUnique: false,
    description: "known token, known decision; audit and metrics on",
  },
  {
    name: "small",
    bundle: "small",
    isUnique: true,
    description: "two rules evaluated each time",
  },
  {
    name: "mid",
    bundle: "mid",
    isUnique: true,
    description: "about 25 rules and 77 KB of data evaluated each time",
  },
];

/** 20 headers, a JSON-RPC body of about 1 KiB and a token: what one tool call looks like. */
export function toolCall(token: string): {
  readonly message: Buffer;
  readonly counterOffset: number;
} {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: {
      name: "tool_1",
      arguments: { n: COUNTER, q: "select 1", table: "users", note: "x".repeat(850) },
    },
  });
  const message = callMessage(token, body);
  const at = message.indexOf(COUNTER_MARK);
  if (at < 0) throw new Error("the counter is not in the message");
  return { message, counterOffset: at + COUNTER_MARK.indexOf(COUNTER) };
}

/** One CheckRequest with `body`, as Envoy writes it for a tool call. */
export function callMessage(token: string, body: string): Buffer {
  return Buffer.from(
    checkRequest({
      path: "/mcp/demo",
      host: "gateway.example",
      sourcePrincipal: "spiffe://example.org/ns/agents/sa/assistant",
      destinationPrincipal: "spiffe://example.org/ns/gateway/sa/envoy",
      contextExtensions: { "sark.route": "mcp-demo", "sark.surface": "mcp", "sark.mode": "strict" },
      body,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
        "user-agent": "load/1",
        "x-request-id": "0f5aa5e0-3a5e-439c-a659-147a342eb34f",
        "x-forwarded-for": "10.0.0.7",
        "x-forwarded-proto": "http",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "accept-encoding": "gzip",
        "accept-language": "en",
        "x-custom-a": "a",
        "x-custom-b": "b",
        "x-custom-c": "c",
        "x-custom-d": "d",
      },
    }),
  );
}
