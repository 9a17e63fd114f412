/** The public card of an agent: the one A2A request that may need no credential. */
import { describe, expect, it } from "vitest";
import { readRequest } from "../../../src/request/read-request.ts";
import { route } from "../../support/samples.ts";
import { a2aRest } from "./a2a-requests.ts";
import { attributes, reasonOf, rules } from "./attributes.ts";

describe("the agent's card", () => {
  const card = (
    publicCard: boolean,
    change: object = {},
    headers: object = {},
    body: object = {},
  ) => {
    const a2a = { ...route().a2a, publicCard };
    const worker = route({
      ...{ path: undefined, pathPrefix: "/a2a/worker", surface: "a2a", a2a },
      ...{ agentId: "worker-1", serverName: undefined, ...change },
    });
    const request = a2aRest("GET", "/.well-known/agent-card.json", {
      headers: { "a2a-version": undefined, ...headers },
    });
    return readRequest(attributes({ ...request, ...body }), rules([worker]), {});
  };

  it("is for everybody where the route says so, else for its callers", () => {
    const named = { operation: "GetAgentCard", resource: { type: "card" } };
    expect(card(true)).toMatchObject({ ...named, treatment: "public", agentMessage: undefined });
    expect(card(false)).toMatchObject({ ...named, treatment: "always", agentMessage: undefined });
  });

  it("comes without a body: nobody has read what would go on with it", () => {
    for (const publicCard of [true, false]) {
      expect(reasonOf(() => card(publicCard, {}, {}, { body: "{}" }))).toBe("rpc.method_unknown");
      expect(reasonOf(() => card(publicCard, {}, { "content-length": "2" }))).toBe(
        "rpc.method_unknown",
      );
    }
  });

  it("may have a route of its own", () => {
    const path = "/a2a/worker/.well-known/agent-card.json";
    expect(card(true, { path, pathPrefix: undefined }).treatment).toBe("public");
  });

  it("never takes another operation along", () => {
    const a2a = { ...route().a2a, publicCard: true };
    const open = route({ path: undefined, pathPrefix: "/", surface: "a2a", a2a, agentId: "w" });
    const read = (path: string) =>
      readRequest(attributes({ ...a2aRest("GET", ""), path }), rules([open]), {});
    expect(read("/extendedAgentCard").treatment).toBe("policy");
    expect(reasonOf(() => read("/x/.well-known/agent-card.json"))).toBe("rpc.method_unknown");
  });
});
