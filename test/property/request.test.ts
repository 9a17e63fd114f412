/** readRequest: whatever Envoy sends, one request or one typed refusal; both header forms say the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DenyError, UnavailableError } from "../../src/domain/errors.ts";
import { canonicalHost } from "../../src/request/canonical-host.ts";
import { canonicalPath } from "../../src/request/canonical-path.ts";
import { REQUEST_HEADERS_EXACT } from "../../src/request/header-rules.ts";
import { readRequest } from "../../src/request/read-request.ts";
import type { CheckAttributes, WireHeader } from "../../src/wire/check-request.ts";
import {
  AGENT_DOCUMENT,
  attributes,
  authorize,
  authorizeAgent,
  header,
  reasonOf,
  rules,
  TOKEN,
} from "../unit/request/attributes.ts";

const SEED = { seed: 20_260_101 };
const RULES = rules();

/** Undefined when it threw on purpose; anything else thrown fails the test. */
function outcome(given: CheckAttributes) {
  try {
    return readRequest(given, RULES, {});
  } catch (thrown) {
    if (thrown instanceof DenyError || thrown instanceof UnavailableError) return undefined;
    throw thrown;
  }
}

describe("canonical forms", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/",
      "a",
      "B",
      "-",
      "~",
      "%41",
      "%2d",
      "%c3%a9",
      "%20",
      ".",
      "+",
      "%",
      ";",
      "\\",
    ),
    fc.string({ maxLength: 3 }),
  );

  it("of a path are their own canonical form", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const raw = `/${pieces.join("")}`;
        if (reasonOf(() => canonicalPath(raw)) !== "accepted") return;
        accepted++;
        const canonical = canonicalPath(raw);
        expect(canonicalPath(canonical)).toBe(canonical);
        expect(decodeURIComponent(canonical)).toBe(decodeURIComponent(raw));
      }),
      { ...SEED, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("of a host are their own canonical form", () => {
    const part = fc.constantFrom(
      "a",
      "B1",
      ".",
      "-",
      ":",
      "80",
      "443",
      "8080",
      "[",
      "]",
      "::1",
      "_",
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom("http", "https"),
        (parts, scheme) => {
          const raw = parts.join("");
          const canonical = canonicalHost(raw, scheme);
          if (canonical === undefined) return;
          expect(canonicalHost(canonical, scheme)).toBe(canonical);
        },
      ),
      { ...SEED, numRuns: 5_000 },
    );
  });
});

describe("header forms", () => {
  /** Their grammar has commas, so joined they look like one value. */
  const withCommas = new Set(["mcp-name", "a2a-extensions"]);
  const names = REQUEST_HEADERS_EXACT.filter((name) => !withCommas.has(name));
  const value = fc.constantFrom("", "a", "1", "application/json", `Bearer ${TOKEN}`, "POST", "a b");
  const drawn = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 });

  it("give the same request or the same reason", () => {
    const good = attributes().headers;
    fc.assert(
      fc.property(drawn, fc.boolean(), (extra, withGood) => {
        const listed = extra.map(([name, text]) => header(name, text));
        const raw: readonly WireHeader[] = withGood ? [...good, ...listed] : listed;
        const given = { ...attributes(), headers: raw, headersAreJoined: false };
        const joined = { ...given, headers: join(raw), headersAreJoined: true };
        expect(summary(joined)).toEqual(summary(given));
      }),
      { ...SEED, numRuns: 3_000 },
    );
  });

  function summary(given: CheckAttributes) {
    const reason = reasonOf(() => readRequest(given, RULES, {}));
    const { parameters: _, untrusted: __, ...rest } = outcome(given) ?? {};
    return { reason, rest };
  }

  function join(headers: readonly WireHeader[]): WireHeader[] {
    const values = new Map<string, string>();
    for (const { name, value: text } of headers) {
      const before = values.get(name);
      values.set(name, before === undefined ? text : `${before},${text}`);
    }
    return [...values].map(([name, text]) => header(name, text));
  }
});

describe("totality", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ maxLength: 30 }));
  const anyHeader = fc.record({
    name: fc.oneof(fc.constantFrom(...REQUEST_HEADERS_EXACT, "x-sark-a", "mcp-param-a"), text),
    value: text,
    isUtf8: fc.boolean(),
  });
  const paths = ["/mcp/demo", "/mcp/x", "/app/a", "/upload", authorize({}).path ?? ""];
  const extensionKey = fc.constantFrom(
    "sark.mode",
    "sark.route",
    "sark.surface",
    "sark.body",
    "other",
  );

  it("holds for any attributes", () => {
    const any = fc.record({
      hasHttp: fc.boolean(),
      method: fc.oneof(fc.constantFrom("POST", "GET", "DELETE", "TRACE"), text),
      path: fc.oneof(fc.constantFrom(...paths), text),
      host: fc.oneof(fc.constant("gateway.example"), text),
      scheme: fc.oneof(fc.constantFrom("http", "https"), text),
      headers: fc.array(anyHeader, { maxLength: 6 }),
      headersAreJoined: fc.boolean(),
      headerCount: fc.integer({ min: -1, max: 200 }),
      headerBytes: fc.nat(100_000),
      headerNameBytesMax: fc.nat(400),
      headerValueBytesMax: fc.nat(20_000),
      body: fc.option(fc.uint8Array({ maxLength: 80 }), { nil: undefined }),
      sizeBytes: fc.integer(),
      sourceAddress: text,
      sourcePrincipal: text,
      contextExtensions: fc
        .array(fc.tuple(fc.oneof(extensionKey, text), text), { maxLength: 3 })
        .map((entries) => new Map(entries)),
    });
    fc.assert(
      fc.property(any, (given) => {
        outcome(given);
      }),
      { ...SEED, numRuns: 5_000 },
    );
  });

  it.each([
    ["MCP", attributes()],
    [
      "SARK",
      attributes(authorize({ action: "invoke", resource: { tool: "t" }, user: { id: "a" } })),
    ],
    ["agents", attributes(authorizeAgent({ ...AGENT_DOCUMENT, context: { delegation_depth: 1 } }))],
  ])("holds for any document like one of %s", (_, good) => {
    const members = fc.constantFrom(
      ...["jsonrpc", "id", "method", "params", "result", "name", "arguments", "_meta", "action"],
      ...["resource", "user", "context", "capability", "source_agent", "tool_name", "parameters"],
    );
    const leaf = fc.oneof(
      fc.constantFrom("2.0", "tools/call", "ping", "a", "execute"),
      fc.jsonValue(),
    );
    const document = fc.dictionary(members, fc.oneof(leaf, fc.dictionary(members, leaf)));
    fc.assert(
      fc.property(document, (value) => {
        const request = outcome({ ...good, body: Buffer.from(JSON.stringify(value)) });
        request?.parameters.value();
        request?.untrusted.value();
      }),
      { ...SEED, numRuns: 1_500 },
    );
  });

  it("holds for every single changed byte of a good body", () => {
    const { body = Buffer.alloc(0), ...rest } = attributes();
    for (let at = 0; at < body.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(body);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        outcome({ ...rest, body: changed })?.parameters.value();
      }
    }
  });
});
