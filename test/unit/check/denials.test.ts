/** Denials and allows over the whole spine: what an answer must not tell, and how long it may go on. */
import { describe, expect, it } from "vitest";
import { checkRequest } from "../../support/check-request.ts";
import { readReply } from "../../support/check-response.ts";
import { resource, route, user, verified } from "../../support/samples.ts";
import { call, registry, type SpineOptions, spine } from "../../support/spine.ts";

const TOKEN = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;
/** Where the hand clock starts. */
const NOW_S = 1_764_000_000;

function toolCall(tool: string, change: { id?: string; version?: string } = {}): Buffer {
  const id = change.id ?? '"id":1,';
  return checkRequest({
    body: `{"jsonrpc":"2.0",${id}"method":"tools/call","params":{"name":"${tool}"}}`,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${TOKEN}`,
      ...(change.version === undefined ? {} : { "mcp-protocol-version": change.version }),
    },
  });
}

/** The exact reply bytes with the audit id replaced. */
function face(reply: Uint8Array): string {
  const id = String(readReply(reply).metadata["decision_id"]);
  return Buffer.from(reply).toString("latin1").replaceAll(id, "ID");
}

describe("policy.denied", () => {
  /** A policy that would tell, and a registry in which `known` is critical and `other` is not there. */
  const telling: SpineOptions = {
    policy: (_entrypoint, input) => {
      const { tool } = (input as { resource: { tool: string } }).resource;
      if (tool === "undefined") return [];
      return [{ result: { allow: false, reason: `tool ${tool} exists or not` } }];
    },
  };

  it("gives each tool the same answer, and the record the exact one", async () => {
    const { handler, records, state } = spine(telling);
    state.registry = registry({
      resolve: ({ type, server, tool }) =>
        resource({ type, server, tool, sensitivity: tool === "known" ? "critical" : "low" }),
    });
    const bodies = [];
    for (const tool of ["known", "other", "other", "undefined"]) {
      const { denied } = readReply(await handler(toolCall(tool), call));
      const { "x-sark-audit-id": auditId, ...headers } = denied?.headers ?? {};
      bodies.push(
        JSON.stringify([denied?.httpStatus, headers, denied?.body.replace(String(auditId), "ID")]),
      );
    }
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).not.toContain("exists");
    expect(records.map(({ reason, text }) => [reason, text])).toEqual([
      ["policy.denied", "tool known exists or not"],
      ["policy.denied", "tool other exists or not"],
      ["policy.denied", "tool other exists or not"],
      ["policy.undefined", "Access denied"],
    ]);
  });

  it("echoes the id of each Check, whoever's answer was stored", async () => {
    const { handler, records } = spine(telling);
    const ids = [];
    for (const id of ["", '"id":5,', '"id":"x",', ""]) {
      const { denied } = readReply(await handler(toolCall("other", { id }), call));
      ids.push((JSON.parse(denied?.body ?? "") as { id?: unknown }).id);
    }
    expect(ids).toEqual([undefined, 5, "x", undefined]);
    expect(records.map(({ source }) => source)).toEqual(["policy", "cache", "cache", "cache"]);
  });

  it("gives a stored answer byte for byte", async () => {
    const { handler } = spine(telling);
    const [, second, third] = [
      await handler(toolCall("other"), call),
      await handler(toolCall("other"), call),
      await handler(toolCall("other"), call),
    ];
    expect(face(second as Uint8Array)).toBe(face(third as Uint8Array));
  });
});

it.each([
  ["2025-11-25", { id: null }],
  ["2026-07-28", {}],
])("answers rpc.id_invalid of %s with %j", async (version, expected) => {
  const { handler } = spine();
  const bytes = await handler(toolCall("x", { id: '"id":1.5,', version }), call);
  const body = JSON.parse(readReply(bytes).denied?.body ?? "") as object;
  expect("id" in body ? { id: (body as { id: unknown }).id } : {}).toEqual(expected);
});

describe("a route with bound streams", () => {
  const base = route();
  const bounded = route({ mcp: { ...base.mcp, boundStreams: true } });
  const timeout = async (expiresInS: number, on = bounded) => {
    const token = verified(user(), { expiresAtS: NOW_S + expiresInS });
    const { handler } = spine({ routes: [on], token });
    const answers = [await handler(toolCall("x"), call), await handler(toolCall("x"), call)];
    return answers.map((bytes) => readReply(bytes).ok?.headers["x-envoy-upstream-rq-timeout-ms"]);
  };

  it("lets an allowed answer go on as long as its token, new or stored", async () => {
    expect(await timeout(60)).toEqual(["60000", "60000"]);
  });

  it("has an upper and a lower bound", async () => {
    expect(await timeout(90_000)).toEqual(["3600000", "3600000"]);
    expect(await timeout(-5)).toEqual(["1000", "1000"]);
  });

  it("says nothing elsewhere", async () => {
    expect(await timeout(60, base)).toEqual([undefined, undefined]);
  });
});
