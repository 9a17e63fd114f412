/** MCP reader: whatever comes from wherever, it is one request or one refusal on purpose. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { DenyError, UnavailableError } from "../../src/domain/errors.ts";
import { MCP_SOURCES } from "../../src/domain/route.ts";
import type { StructValue } from "../../src/wire/struct.ts";
import type { Changes } from "../unit/request/attributes.ts";
import { MODERN, mcpRoute, modern, readOn, withHeaders } from "../unit/request/mcp-messages.ts";

const SEED = { seed: 20_261_124, numRuns: 3_000 };
const word = fc.oneof(
  fc.constantFrom(
    ...["tools/call", "tools/list", "resources/read", "completion/complete", "tasks/get"],
    ...["subscriptions/listen", "initialize", "client/response", "ping", "a", "a:b", "2.0", MODERN],
    ...["__jsonrpc_response", "=?base64?YQ==?=", "ref/prompt", "mcp_ok", "2025-11-25", ""],
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const member = fc.oneof(
  fc.constantFrom(
    ...["jsonrpc", "id", "method", "params", "result", "name", "uri", "taskId", "ref", "type"],
    ...["arguments", "argument", "notifications", "resourceSubscriptions", "_meta", "level"],
    ...["io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities"],
    ...["is_mcp_request", "status", "inputResponses", "toolsListChanged", "__proto__"],
  ),
  word,
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    word,
    fc.constantFrom(null, true, false, 7, 2 ** 60, 1.5, Number.NaN),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(member, tie("json"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const headers = fc.record(
  {
    "mcp-protocol-version": word,
    "mcp-method": word,
    "mcp-name": word,
    "mcp-session-id": word,
    "mcp-param-a": word,
    accept: fc.constantFrom("text/event-stream", "*/*"),
  },
  { requiredKeys: [] },
);
const method = fc.constantFrom("POST", "POST", "POST", "GET", "DELETE", "OPTIONS");

function structOf(value: unknown): StructValue {
  if (Array.isArray(value)) return value.map(structOf);
  if (typeof value !== "object" || value === null) return value as StructValue;
  return new Map(Object.entries(value).map(([name, of]) => [name, structOf(of)]));
}

/** Whether it was read; anything thrown by accident fails the test. */
function isRead(source: (typeof MCP_SOURCES)[number], changes: Changes): boolean {
  const route = mcpRoute({ source, headerVerifier: "envoy", bigIntegers: "string" });
  try {
    const request = readOn(route, changes);
    request.parameters.value();
    request.untrusted.value();
    expect(request.mcp).toBeDefined();
    return true;
  } catch (thrown) {
    if (thrown instanceof DenyError || thrown instanceof UnavailableError) return false;
    throw thrown;
  }
}

it.each(MCP_SOURCES)("reads or refuses any message from source %s", (source) => {
  const whole = { is_mcp_request: true, status: "mcp_ok", jsonrpc: "2.0", id: 7 };
  const any = fc.record({ body: json, metadata: fc.option(json), headers, method });
  fc.assert(
    fc.property(any, ({ body, metadata, headers, method }) => {
      const described = structOf({ ...whole, ...(metadata as object) });
      isRead(source, {
        method,
        headers,
        body: JSON.stringify(body),
        mcpMetadata: metadata === null ? undefined : (described as Map<string, StructValue>),
      });
    }),
    SEED,
  );
});

it("reads or refuses any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), headers, (body, given) => {
      isRead("body", { body, headers: given });
    }),
    SEED,
  );
});

it("reads or refuses a good message with any bit changed", () => {
  const { body, headers: good } = modern("tools/call", { name: "a", arguments: { x: [1] } });
  const bytes = Buffer.from(body ?? "");
  for (let at = 0; at < bytes.length * 8; at++) {
    const changed = Buffer.from(bytes);
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    isRead("body", { body: changed, ...(good === undefined ? {} : { headers: good }) });
  }
});

it("never reads a message whose mirrored name differs from the body", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/), (other) => {
      const call = modern("tools/call", { name: "get_weather" });
      expect(isRead("body", withHeaders(call, { "mcp-name": other }))).toBe(
        other === "get_weather",
      );
    }),
    SEED,
  );
});
