/** One meaning per request: other spellings of it ask the same, and lenient readers see nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath } from "../../src/request/canonical-path.ts";
import { isSecurityHeader, REQUEST_HEADERS_EXACT } from "../../src/request/header-rules.ts";
import { QUERY_RULES, readQuery } from "../../src/request/query-rules.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { firstBroken } from "../../src/request/request-rule.ts";
import { decodeCheckRequest } from "../../src/wire/check-request.ts";
import { type CheckRequestOptions, checkRequest } from "../support/check-request.ts";
import { route } from "../support/samples.ts";
import { call, REQUEST_HEADERS, spine } from "../support/spine.ts";
import { reasonOf, rules, TOKEN } from "../unit/request/attributes.ts";

const SEED = { seed: 20_260_101 };
const RELAXED: ReadonlySet<"semicolon"> = new Set(["semicolon"]);
const BASE = { surface: "http", serverName: undefined, path: undefined, body: "optional" } as const;
const ROUTES = [
  route({ ...BASE, name: "all", pathPrefix: "/" }),
  route({ ...BASE, name: "relaxed", pathPrefix: "/r", pathAllow: RELAXED }),
];
const GOOD = { authorization: `Bearer ${TOKEN}`, "user-agent": "test/1" };

/** The same path with other escapes: of unreserved characters, and with other hex digits. */
function respelled(path: string, choices: readonly number[]): string {
  let at = 0;
  const pick = () => choices[at++ % choices.length] ?? 0;
  return path.replaceAll(/%[0-9A-F]{2}|[A-Za-z0-9_~-]/g, (piece) => {
    if (piece.length === 3) return pick() % 2 === 0 ? piece : piece.toLowerCase();
    if (pick() % 3 !== 0) return piece;
    const hex = piece.charCodeAt(0).toString(16);
    return `%${pick() % 2 === 0 ? hex : hex.toUpperCase()}`;
  });
}

const segment = fc.stringMatching(
  /^[a-zA-Z0-9_~-](?:[a-zA-Z0-9._~!$&'()*+,=:@-]|%C3%A9|%20){0,6}$/,
);
const path = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom("", "/"))
  .map(([segments, end]) => `/${segments.join("/")}${segments.length > 0 ? end : ""}`);
const choices = fc.array(fc.nat(5), { minLength: 3, maxLength: 9 });
const host = fc.constantFrom(
  "gateway.example",
  "Gateway.Example",
  "gateway.example.",
  "GATEWAY.example.:443",
);

describe("two spellings of one request", () => {
  const keys: string[] = [];
  const { handler } = spine({
    routes: ROUTES,
    deps: { cache: { get: (key) => void keys.push(key), set: () => undefined } },
  });
  const keyOf = async (options: CheckRequestOptions) => {
    keys.length = 0;
    await handler(
      checkRequest({ method: "GET", scheme: "https", headers: GOOD, ...options }),
      call,
    );
    return keys[0];
  };

  it("are one request and one decision key", async () => {
    await fc.assert(
      fc.asyncProperty(path, choices, host, fc.constantFrom("raw", "map"), async (...drawn) => {
        const [plain, spelling, otherHost, form] = drawn;
        const other = { path: respelled(plain, spelling), host: otherHost, form } as const;
        const key = await keyOf({ path: plain });
        expect(key).toBeDefined();
        expect(await keyOf(other)).toBe(key);
        expect(read({ ...other, headers: GOOD })).toEqual(read({ path: plain, headers: GOOD }));
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  it("are two decisions when their canonical forms differ", async () => {
    await fc.assert(
      fc.asyncProperty(path, path, async (one, two) => {
        fc.pre(one !== two);
        expect(await keyOf({ path: one })).not.toBe(await keyOf({ path: two }));
      }),
      { ...SEED, numRuns: 200 },
    );
  });
});

function read(options: CheckRequestOptions, reader = rules(ROUTES)) {
  const bytes = checkRequest({ method: "GET", scheme: "https", ...options });
  return readRequest(decodeCheckRequest(bytes, REQUEST_HEADERS), reader, {});
}

describe("a path that is accepted", () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...["/", "/", "a", "B", ".", "..", ";", "%3b", "%2e", "%2F", "%5c", "\\", "%41", "%7e"],
      ...[
        "%c3%a9",
        "%c0%af",
        "%20",
        "%00",
        "%",
        "#",

        ":",
        "@",
        "//",
        "\t",
        "\u00e9",
        "+",
        "x=1",
      ],
    ),
    { maxLength: 10 },
  );

  it("is its own canonical form, with and without parameters", () => {
    let accepted = 0;
    fc.assert(
      fc.property(pieces, fc.constantFrom(RELAXED, new Set<never>()), (drawn, allow) => {
        const raw = `/${drawn.join("")}`;
        if (reasonOf(() => canonicalPath(raw, allow)) !== "accepted") return;
        accepted++;
        const canonical = canonicalPath(raw, allow);
        expect(canonicalPath(canonical, allow)).toBe(canonical);
        expect(canonical.includes(";")).toBe(raw.includes(";"));
      }),
      { ...SEED, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it("is the one that a URL parser sees, which repairs all others", () => {
    let accepted = 0;
    fc.assert(
      fc.property(pieces, (drawn) => {
        const raw = `/${drawn.join("")}`;
        if (reasonOf(() => canonicalPath(raw)) !== "accepted") return;
        accepted++;
        const url = new URL(raw, "https://gateway.example");
        expect(url.host).toBe("gateway.example");
        expect(url.pathname).toBe(raw);
        expect(decodeURIComponent(url.pathname)).toBe(decodeURIComponent(canonicalPath(raw)));
      }),
      { ...SEED, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});

describe("a query that is accepted", () => {
  it("has its unique keys once for readers that take the first, the last or all", () => {
    const key = fc.constantFrom(
      ...["tenant", "TENANT", "%74enant", "tenant[]", "a2a-version", "access_token", "a", "b%3D"],
    );
    const pair = fc.tuple(key, fc.constantFrom("", "=1", "=2")).map((parts) => parts.join(""));
    const query = fc
      .tuple(fc.array(pair, { maxLength: 5 }), fc.constantFrom("&", ";"))
      .map(([pairs, separator]) => pairs.join(separator));
    fc.assert(
      fc.property(query, (raw) => {
        if (firstBroken(QUERY_RULES, readQuery(raw)) !== undefined) return;
        for (const text of [raw, raw.replaceAll(";", "&")]) {
          const names = [...new URLSearchParams(text).keys()].map((name) => name.toLowerCase());
          for (const unique of ["tenant", "a2a-version"]) {
            expect(names.filter((name) => name.replace("[]", "") === unique).length).toBeLessThan(
              2,
            );
          }
          expect(names).not.toContain("access_token");
        }
      }),
      { ...SEED, numRuns: 2_000 },
    );
  });
});

describe("headers", () => {
  /** In the joined form two of them can not be told from one with a comma. */
  const withCommas = ["mcp-name", "a2a-extensions"];
  const names = [
    ...REQUEST_HEADERS_EXACT.filter((name) => !withCommas.includes(name)),
    ...[
      "x-sark-user-id",
      "x_api_key",
      "mcp_method",
      "x-envoy-original_path",
      "Mcp-Method",
      "cookie",
    ],
  ];
  const value = fc.constantFrom(
    "",
    "a",
    "b",
    "a,b",
    "application/json",
    "keep-alive, Upgrade",
    "é",
  );
  const extra = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 });
  const everywhere = fc.constantFrom("/mcp/demo", "/app/x", "/upload");

  it("give the same request or the same reason in both of Envoy's forms", () => {
    let accepted = 0;
    fc.assert(
      fc.property(extra, everywhere, (more, target) => {
        const outcomes = (["raw", "map"] as const).map((form) => {
          const headers = [
            ...Object.entries(GOOD),
            ...more.map(([n, v]) => [n.toLowerCase(), v] as const),
          ];
          const body = target === "/mcp/demo" ? '{"jsonrpc":"2.0","id":1,"method":"ping"}' : "x";
          const options = { method: "POST", path: target, body, headers, form } as const;
          let request: object | undefined;
          const reason = reasonOf(() => {
            request = read(options, rules());
          });
          return { reason, request };
        });
        expect(outcomes[1]).toEqual(outcomes[0]);
        if (outcomes[0]?.reason === "accepted") accepted++;
      }),
      { ...SEED, numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it("that decide are never there twice, for readers that take the first or the last", () => {
    const name = fc.constantFrom(...REQUEST_HEADERS_EXACT.filter(isSecurityHeader), "mcp-param-a");
    fc.assert(
      fc.property(name, fc.tuple(value, value), (twice, values) => {
        const headers = values.map((text) => [twice, text] as const);
        const options = { path: "/x", headers: [["user-agent", "t"], ...headers] as const };
        expect(reasonOf(() => read(options))).not.toBe("accepted");
      }),
      { ...SEED, numRuns: 500 },
    );
  });
});
