/** A request that touches several resources: all must be allowed, and the most sensitive bounds its life. */
import { describe, expect, it } from "vitest";
import type { Sensitivity } from "../../../src/domain/sensitivity.ts";
import { checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { resource } from "../../support/samples.ts";
import { call, registry, spine } from "../../support/spine.ts";

const VERSION = "2026-07-28";
const TOKEN = `${"h".repeat(20)}.${"p".repeat(60)}.${"s".repeat(86)}`;

function listen(uris: readonly string[]): Buffer {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return checkRequest({
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "mcp-protocol-version": VERSION,
      "mcp-method": "subscriptions/listen",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "subscriptions/listen",
      params: { notifications: { resourceSubscriptions: uris }, _meta: meta },
    }),
  });
}

const nameOf = (input: object) =>
  (input as { readonly resource: { readonly name: string | null } }).resource.name;

/** The level of a resource is the last part of its URI. */
function levelled() {
  const own = spine();
  own.state.registry = registry({
    resolve: ({ type, server, tool, name }) => {
      const sensitivity = (name?.split("/").at(-1) ?? "low") as Sensitivity;
      return resource({ type, server, tool, name, sensitivity });
    },
  });
  return own;
}

describe("subscriptions/listen", () => {
  it("asks for each, and refuses all when one is refused", async () => {
    const asked: (string | null)[] = [];
    const own = spine({
      policy: (_entrypoint, input) => {
        asked.push(nameOf(input));
        return [{ result: { allow: nameOf(input) !== "file:b" } }];
      },
    });
    own.state.registry = registry({ resolve: (name) => resource({ ...name, sensitivity: "low" }) });
    const { handler } = own;
    expect(readReply(await handler(listen(["file:a"]), call)).ok).toBeDefined();
    expect(readReply(await handler(listen(["file:a", "file:b"]), call)).denied).toBeDefined();
    expect(asked).toEqual(["file:a", "file:a", "file:b"]);
  });

  it.each([
    [["demo:/low"], 60],
    [["demo:/low", "demo:/high"], 60],
    [["demo:/low", "demo:/critical"], 0],
    [["demo:/critical", "demo:/low"], 0],
  ])("%j is kept for %i s", async (uris, ttlS) => {
    const { handler } = levelled();
    expect(readReply(await handler(listen(uris), call)).metadata["cache_ttl"]).toBe(ttlS);
  });

  it("answers only the same list from the cache", async () => {
    const { handler, calls } = levelled();
    await handler(listen(["demo:/low", "demo:/high"]), call);
    await handler(listen(["demo:/low", "demo:/high"]), call);
    expect(calls.filter((name) => name === "policy")).toHaveLength(2);
    await handler(listen(["demo:/low"]), call);
    expect(calls.filter((name) => name === "policy")).toHaveLength(3);
  });
});
