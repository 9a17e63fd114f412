/** Bypasses that need a wrong reply: forced errors, doubled headers, contradictions, answers of others. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { EntryCapture } from "../../src/audit/audit-entry.ts";
import { encodeRecord } from "../../src/audit/audit-record.ts";
import type { CheckRecord } from "../../src/domain/record.ts";
import { HttpsKeySource } from "../../src/identity/https-key-source.ts";
import { type CheckRequestOptions, checkRequest } from "../support/check-request.ts";
import { readReply } from "../support/check-response.ts";
import { route, user, verified } from "../support/samples.ts";
import { call, spine } from "../support/spine.ts";

const TOKEN = `${"h".repeat(20)}.${"p".repeat(60)}.${"s".repeat(86)}`;
const HEADERS = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "get_weather", arguments: { city: "Paris" } },
});

const tool = (change: CheckRequestOptions = {}) =>
  checkRequest({ headers: HEADERS, body: CALL, ...change });

describe("B21: what a client can force is a refusal, never an error that a lenient route lets pass", () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`x-pad-${at}`, "x"]));
  it.each<[string, Uint8Array]>([
    ["bytes that are no message", Buffer.from("ffffffffffff", "hex")],
    ["a message cut short", tool().subarray(0, 300)],
    ["a body of a megabyte", tool({ body: `"${"x".repeat(900_000)}"` })],
    ["more headers than any client sends", tool({ headers: { ...HEADERS, ...many } })],
    ["a header of 20,000 bytes", tool({ headers: { ...HEADERS, accept: "a".repeat(20_000) } })],
    ["a path of 10,000 bytes", tool({ path: `/mcp/${"a".repeat(10_000)}` })],
    ["nesting without end", tool({ body: "[".repeat(60_000) })],
    ["100,000 members", tool({ body: `{${'"a":1,'.repeat(9_000)}"b":1}` })],
    ["a number beyond all bounds", tool({ body: CALL.replace('"Paris"', "1e999") })],
    ["no credential", checkRequest({ body: CALL })],
  ])("%s", async (_what, bytes) => {
    const { handler, records } = spine();
    const reply = readReply(await handler(bytes, call));
    expect(reply.error).toBeUndefined();
    expect(reply.denied?.httpStatus).toBeGreaterThanOrEqual(400);
    expect(reply.denied?.httpStatus).toBeLessThan(500);
    expect(reply.code).not.toBe(0);
    expect(records.map(({ effect }) => effect)).toEqual(["deny"]);
  });

  it("and a strict route of the reference configuration lets no error pass", () => {
    for (const { typed_config: filter } of filters("sark.authz.strict")) {
      expect(filter.failure_mode_allow).toBe(false);
    }
  });
});

describe("B22: every header overwrites, in both of Envoy's notations", () => {
  /** `readReply` throws on an option without `append: false` and `OVERWRITE_IF_EXISTS_OR_ADD`. */
  it.each([
    ["allow", [{ result: { allow: true } }]],
    ["deny", [{ result: { allow: false } }]],
    ["error", null],
  ])("%s", async (_effect, resultSet) => {
    const { handler } = spine({
      policy: () => {
        if (resultSet === null) throw new Error("defect");
        return resultSet;
      },
    });
    const reply = readReply(await handler(tool(), call));
    const headers = reply.ok ?? reply.denied ?? reply.error;
    expect(Object.keys(headers?.headers ?? {}).length).toBeGreaterThan(0);
  });
});

it("B23: a reply has a status, one answer, and no name that is both set and removed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (result) => {
      const { handler } = spine({ policy: () => [{ result }] });
      const reply = readReply(await handler(tool(), call));
      expect(reply.code).toBeDefined();
      const answers = [reply.ok, reply.denied, reply.error].filter((one) => one !== undefined);
      expect(answers).toHaveLength(1);
      expect(reply.code === 0).toBe(reply.ok !== undefined);
      const removed = new Set(reply.ok?.remove ?? []);
      for (const name of Object.keys(reply.ok?.headers ?? {}))
        expect(removed.has(name)).toBe(false);
    }),
    { seed: 20_261_124, numRuns: 300 },
  );
});

describe("B24: a stored decision answers its own question only", () => {
  const changes: readonly (readonly [string, CheckRequestOptions])[] = [
    ["argument", { body: CALL.replace("Paris", "Rome") }],
    ["tool", { body: CALL.replace("get_weather", "get_news") }],
    ["method", { body: CALL.replace("tools/call", "tools/list") }],
    ["query", { path: "/mcp/demo?a=1" }],
    ["host", { host: "other.example" }],
    ["client address", { sourceAddress: "10.0.0.8" }],
    ["route key", { contextExtensions: { "sark.tenant": "acme" } }],
    ["extension", { contextExtensions: { team: "x" } }],
    ["protocol version", { headers: { ...HEADERS, "mcp-protocol-version": "2025-06-18" } }],
  ];
  it.each(changes)("not one with another %s", async (_what, change) => {
    const { handler, calls } = spine();
    await handler(tool(), call);
    await handler(tool(), call);
    expect(calls.filter((name) => name === "policy")).toHaveLength(1);
    await handler(tool(change), call);
    expect(calls.filter((name) => name === "policy")).toHaveLength(2);
  });

  it("not another principal's", async () => {
    const { handler, calls, state } = spine();
    await handler(tool(), call);
    state.token = verified(user({ id: "bob" }));
    await handler(tool(), call);
    expect(calls.filter((name) => name === "policy")).toHaveLength(2);
  });

  it("and a stored denial stays a denial", async () => {
    const { handler, calls } = spine({ policy: () => [{ result: { allow: false } }] });
    for (let repeat = 0; repeat < 2; repeat++) {
      expect(readReply(await handler(tool(), call)).denied?.httpStatus).toBe(403);
    }
    expect(calls.filter((name) => name === "policy")).toHaveLength(1);
  });
});

describe("B25: the route that was decided is the route that is taken", () => {
  it("refuses when Envoy names another one", async () => {
    const { handler, records } = spine();
    const reply = await handler(tool({ contextExtensions: { "sark.route": "other" } }), call);
    expect(readReply(reply).denied?.httpStatus).toBe(403);
    expect(records[0]?.reason).toBe("route.mismatch");
  });

  it("and nothing in the reference configuration selects a route again", () => {
    expect(readFileSync("envoy/envoy.yaml", "utf8")).not.toContain("clear_route_cache: true");
  });
});

it("B26: the strict filter is on everywhere but on routes that are listed as exceptions", () => {
  expect(filters("sark.authz.strict").every(({ disabled }) => disabled !== true)).toBe(true);
  const off = routes().filter(
    (one) => one.typed_per_filter_config?.["sark.authz.strict"]?.disabled,
  );
  for (const { match, typed_per_filter_config: per } of off) {
    const hasOther = per?.["sark.authz.migration"] !== undefined;
    const isPythons = match.path_separated_prefix === "/api/v1/gateway";
    const isDocument = match.path?.startsWith("/.well-known/") === true;
    expect([match, hasOther || isPythons || isDocument]).toEqual([match, true]);
  }
});

it("B27: keys come from the configured address only, without redirects and from no private network", async () => {
  const asked: { readonly url: string; readonly allowPrivate: boolean }[] = [];
  const { clock } = spine();
  const source = new HttpsKeySource(
    {
      url: "https://idp.example/jwks",
      issuer: "https://idp.example",
      caPem: undefined,
      allowPrivate: false,
      log: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, isDebug: false },
    },
    {
      clock,
      random: { bytes: (count) => new Uint8Array(count), float: () => 0.5, uuid: () => "" },
      http: {
        get: async (request) => {
          asked.push(request);
          throw new Error("redirects are not followed");
        },
      },
    },
  );
  await source.start();
  source.missed();
  source.stop();
  expect(source.current).toBeUndefined();
  expect(new Set(asked.map(({ url }) => url))).toEqual(new Set(["https://idp.example/jwks"]));
  expect(asked.every(({ allowPrivate }) => !allowPrivate)).toBe(true);
});

it("B31: whatever a caller writes, a record is one line of JSON", async () => {
  const { handler, records } = spine();
  await handler(tool(), call);
  const capture = new EntryCapture();
  const [record] = records;
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const request = { ...record?.request, userAgent: text, requestId: text, path: text };
      const changed = { ...record, request, text } as unknown as CheckRecord;
      const line = encodeRecord(capture.capture(changed), text);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(line.endsWith("\n")).toBe(true);
      expect(JSON.parse(line)).toMatchObject({ schema: "sark.audit/1" });
    }),
    { seed: 20_261_124, numRuns: 1_000 },
  );
});

describe("B32: the cold path is never a way round", () => {
  const migration = route({ mode: "migration", stripAuthorization: false });
  const noToken = checkRequest({ headers: { "content-type": "application/json" }, body: CALL });

  it("a strict route refuses whoever is unknown, at every percentage", async () => {
    for (const percent of [0, 50, 100]) {
      const reply = readReply(await spine({ percent }).handler(noToken, call));
      expect(reply.denied?.httpStatus).toBe(401);
    }
  });

  it("at 100 % a migration route does so as well", async () => {
    const { handler } = spine({ percent: 100, routes: [migration] });
    expect(readReply(await handler(noToken, call)).denied?.httpStatus).toBe(401);
  });

  it("what is left to it carries no word of a decision", async () => {
    const { handler } = spine({ percent: 0, routes: [migration] });
    const reply = readReply(await handler(noToken, call));
    expect(reply.ok?.headers["x-sark-authz"]).toBe("deferred");
    expect(reply.ok?.headers).not.toHaveProperty("x-sark-user-id");
    expect(reply.ok?.remove).toContain("x-sark-assertion");
  });
});

interface Filter {
  readonly name: string;
  readonly disabled?: boolean;
  readonly typed_config: { readonly failure_mode_allow?: boolean };
}

interface EnvoyRoute {
  readonly match: { readonly path?: string; readonly path_separated_prefix?: string };
  readonly typed_per_filter_config?: Readonly<Record<string, { readonly disabled?: boolean }>>;
}

/** The connection manager of the reference configuration. */
function manager() {
  const document = parse(readFileSync("envoy/envoy.yaml", "utf8"));
  return document.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
}

function filters(name: string): readonly Filter[] {
  const found = (manager().http_filters as Filter[]).filter((filter) => filter.name === name);
  expect(found).toHaveLength(1);
  return found;
}

function routes(): readonly EnvoyRoute[] {
  return manager().route_config.virtual_hosts.flatMap(
    (host: { readonly routes: EnvoyRoute[] }) => host.routes,
  );
}
