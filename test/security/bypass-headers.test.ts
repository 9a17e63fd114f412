/** Known bypasses by headers: what two readers could take differently is refused in both of Envoy's forms. */
import { describe, expect, it } from "vitest";
import { isSecurityHeader, REQUEST_HEADERS_EXACT } from "../../src/request/header-rules.ts";
import type { CheckRequestOptions } from "../support/check-request.ts";
import { answerTo, GOOD_HEADERS, hostile, reasonTo } from "../support/hostile-check.ts";

const SECURITY = [...REQUEST_HEADERS_EXACT.filter(isSecurityHeader), "mcp-param-city"];
/** Their grammar has commas: joined, two of them look like one. */
const WITH_COMMAS = ["mcp-name", "mcp-param-city", "a2a-extensions"];
/** Refused for what they are before it matters how often. */
const EARLIER: Readonly<Record<string, string>> = {
  host: "host.conflict",
  upgrade: "upgrade.refused",
};
const present = new Set(GOOD_HEADERS.map(([name]) => name));

describe("repeated headers", () => {
  it.each(SECURITY)("B3: %s twice is refused", async (name) => {
    const copies = present.has(name) ? ["a"] : ["a", "b"];
    const change = { headers: copies.map((value) => [name, value] as const) };
    const expected = EARLIER[name] ?? "header.duplicate";
    expect((await answerTo(hostile(change))).reason).toBe(expected);
    if (!WITH_COMMAS.includes(name)) expect(await reasonTo(change)).toBe(expected);
  });

  it.each(SECURITY.filter((name) => !WITH_COMMAS.includes(name) && !present.has(name)))(
    "B3: %s joined with a comma is refused",
    async (name) => {
      const expected = EARLIER[name] ?? "header.duplicate";
      expect(await reasonTo({ headers: [[name, "a,b"]] })).toBe(expected);
      expect(await reasonTo({ headers: [[name, ","]] })).toBe(expected);
    },
  );

  it("B3: a second credential is refused in any letter case and any header", async () => {
    expect(await reasonTo({ headers: [["Authorization", "Bearer x"]] })).toBe("header.duplicate");
    expect(await reasonTo({ headers: [["x-api-key", "x"]] })).toBe("identity.multiple");
    expect(await reasonTo({ headers: [["x-gateway-api-key", ""]] })).toBe("identity.multiple");
  });
});

describe("both header forms", () => {
  it.each<[string, CheckRequestOptions]>([
    ["nothing more", {}],
    [
      "headers without a rule",
      {
        headers: [
          ["accept", "a"],
          ["accept", "b"],
        ],
      },
    ],
    ["a mirrored method", { headers: [["mcp-method", "tools/call"]] }],
    [
      "a comma where it belongs",
      { headers: [["a2a-extensions", "https://a.example,https://b.example"]] },
    ],
    ["a request id", { headers: [["x-request-id", "r-1"]] }],
  ])("B4: give the same request: %s", async (_, change) => {
    const raw = await answerTo(hostile({ ...change, form: "raw" }));
    const joined = await answerTo(hostile({ ...change, form: "map" }));
    expect(raw.reason).toBe("allowed");
    expect(joined.reason).toBe("allowed");
    expect(comparable(joined)).toEqual(comparable(raw));
  });

  function comparable({ request }: Awaited<ReturnType<typeof answerTo>>) {
    const { parameters, untrusted, route: _, ...rest } = request ?? {};
    return { ...rest, parameters: parameters?.value(), untrusted: untrusted?.value() };
  }
});

describe("forged headers", () => {
  const NAMES = [
    ...["user-id", "principal", "decision", "audit-id", "sensitivity", "tenant", "deferred", ""],
  ].map((name) => `x-sark-${name}`);

  it.each([...NAMES, "x-envoy-auth-failure-mode-allowed"])("B5: %s is refused", async (name) => {
    for (const spelling of [name, name.toUpperCase()]) {
      expect(await reasonTo({ headers: [[spelling, "root"]] })).toBe("header.reserved");
    }
    expect(
      await reasonTo({
        headers: [
          [name, "a"],
          [name, "b"],
        ],
      }),
    ).toBe("header.reserved");
  });

  it.each([
    ...["x_sark_user_id", "x-sark_user-id", "X_Sark-User-Id", "x_envoy_original_path"],
    ...["x_api_key", "x-gateway_api_key", "mcp_method", "mcp-session_id", "mcp_param_city"],
    ...["a2a_version", "content_type", "transfer_encoding", "proxy_authorization"],
  ])("B5: the twin %s is refused", async (name) => {
    expect(await reasonTo({ headers: [[name, "a"]] })).toBe("header.underscore");
  });
});

describe("bytes that are not text", () => {
  const bytes = Array.from({ length: 0x80 }, (_, at) => at + 0x80);

  it.each(SECURITY.filter((name) => !present.has(name) && EARLIER[name] === undefined))(
    "B14: %s with any byte from 0x80 is a refusal, never an error",
    async (name) => {
      for (const byte of bytes) {
        const headers = [[name, Buffer.from([0x61, byte])] as const];
        expect((await answerTo(hostile({ headers }))).reason).toBe("header.not_utf8");
      }
    },
  );

  it.each(["user-agent", "accept", "x-request-id", "connection"])(
    "B14: %s that is not UTF-8 is a refusal",
    async (name) => {
      const headers = [[name, Buffer.from([0x61, 0xff])] as const];
      expect((await answerTo(hostile({ headers }))).reason).toBe("header.not_utf8");
    },
  );

  it("B14: a message field that is not UTF-8 is a refusal", async () => {
    const bytes = hostile({ path: "/public/XYZ" });
    bytes[bytes.indexOf("XYZ")] = 0xff;
    expect((await answerTo(bytes)).reason).toBe("request.malformed");
  });

  it.each(["a\0b", "a\rb", "a\nb", "a\r\nx-sark-user-id: root"])(
    "B14: the control byte in %j is a refusal",
    async (value) => {
      expect((await answerTo(hostile({ headers: [["accept", value]] }))).reason).toBe(
        "header.control_byte",
      );
    },
  );
});

describe("names of JavaScript", () => {
  it.each(["__proto__", "constructor", "toString", "prototype", "hasOwnProperty"])(
    "B29: %s as a header, query key and path is a name like others",
    async (name) => {
      expect(await reasonTo({ headers: [[name, "x"]] })).toBe("allowed");
      expect(await reasonTo({ path: `/public/x?${name}=1` })).toBe("allowed");
      expect(await reasonTo({ path: `/${name}` })).toBe("route.unknown");
      expect(await reasonTo({ contextExtensions: { [name]: "x" } })).toBe("allowed");
    },
  );

  it("B29: a route key of Envoy is found among its own names only", async () => {
    await expect(
      answerTo(hostile({ contextExtensions: { "sark.toString": "x" } })),
    ).rejects.toThrow("check.internal");
  });
});
