/** Decision key: every part counts, and no two different tuples share a pre-image. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type DecisionKeyParts, decisionKey, digestOf } from "../../src/cache/decision-key.ts";

const base: DecisionKeyParts = {
  entrypoint: "mcp/gateway/result",
  policyRevision: "p1",
  dataRevision: "d1",
  routeKey: "mcp-demo",
  principalDigest: "u1",
  action: "gateway:tool:invoke",
  capability: "",
  resourceType: "tool",
  resourceName: "",
  moreResources: "",
  server: "demo",
  tool: "get_weather",
  sensitivity: "low",
  targetAgent: "",
  targetEnvironment: "",
  parameters: Buffer.from("a"),
  untrusted: Buffer.from("b"),
  method: "POST",
  host: "gateway.example",
  path: "/mcp/demo",
  query: "",
  clientIp: "10.0.0.1",
  delegationDepth: 0,
  parametersKnown: true,
  mcp: { method: "tools/call", protocolVersion: "2025-11-25", sessionId: null },
  a2a: undefined,
  peerPrincipal: "",
  dialect: "jsonrpc",
  timeSlot: 490_000,
};

const facts = {
  ...{ method: "tools/call", protocolVersion: "2025-11-25", sessionId: "s-1" },
  ...{ operation: "SendMessage", binding: "jsonrpc", taskId: "t-1" },
};

it.each(Object.keys(base) as (keyof DecisionKeyParts)[])("changes with %s", (name) => {
  const value = base[name];
  const other = (() => {
    if (typeof value === "number") return value + 1;
    if (typeof value === "boolean") return !value;
    if (value instanceof Uint8Array) return Buffer.concat([value, Buffer.from("x")]);
    return typeof value === "string" ? `${value}x` : facts;
  })();
  expect(decisionKey({ ...base, [name]: other })).not.toBe(decisionKey(base));
});

it("is the same for equal parts", () => {
  expect(decisionKey({ ...base })).toBe(decisionKey(base));
});

it("tells apart what plain joining would confuse", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  fc.assert(
    fc.property(text, text, text, text, (server, tool, otherServer, otherTool) => {
      fc.pre(server !== otherServer || tool !== otherTool);
      fc.pre(server.isWellFormed() && tool.isWellFormed());
      fc.pre(otherServer.isWellFormed() && otherTool.isWellFormed());
      expect(decisionKey({ ...base, server, tool })).not.toBe(
        decisionKey({ ...base, server: otherServer, tool: otherTool }),
      );
    }),
    { seed: 20_261_124, numRuns: 20_000 },
  );
});

it("does not confuse a delimiter moved from one part to the next", () => {
  expect(decisionKey({ ...base, server: "a:b", tool: "c" })).not.toBe(
    decisionKey({ ...base, server: "a", tool: "b:c" }),
  );
});

it("takes parts beyond its scratch buffer", () => {
  const path = `/${"ü".repeat(40_000)}`;
  expect(decisionKey({ ...base, path })).toBe(decisionKey({ ...base, path }));
  expect(decisionKey({ ...base, path })).not.toBe(decisionKey({ ...base, path: `${path}x` }));
});

it("digests the empty part like any other", () => {
  expect(digestOf(new Uint8Array(0))).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});
