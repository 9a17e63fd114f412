/** Headers: bounded, readable in one way only, and never a forged word of ours or of Envoy. */
import { describe, expect, it } from "vitest";
import {
  REQUEST_HEADER_PREFIXES,
  REQUEST_HEADER_TWIN_PREFIXES,
  REQUEST_HEADERS_EXACT,
} from "../../../src/request/header-rules.ts";
import { RequestHeaders } from "../../../src/request/request-headers.ts";
import { selectedName, selectHeaders } from "../../../src/wire/header-selection.ts";
import { attributes, type Changes, header, reasonOf } from "./attributes.ts";

function check(changes: Changes): string {
  const given = attributes(changes);
  return reasonOf(() => new RequestHeaders(given).check(given));
}

describe("bounds", () => {
  it.each([
    ["headerCount", 100],
    ["headerNameBytesMax", 256],
    ["headerValueBytesMax", 16_384],
    ["headerBytes", 61_440],
  ])("takes %s up to %i and not one more", (figure, max) => {
    expect(check({ [figure]: max })).toBe("accepted");
    expect(check({ [figure]: max + 1 })).toBe("header.too_large");
  });
});

describe("security headers", () => {
  const single = REQUEST_HEADERS_EXACT.slice(0, REQUEST_HEADERS_EXACT.indexOf("mcp-name"));

  it.each(single)("refuses %s twice, as entries and joined", (name) => {
    expect(check({ headers: [header(name, "a"), header(name, "a")] })).toBe("header.duplicate");
    expect(check({ headers: [header(name, "a,a")] })).toBe("header.duplicate");
  });

  it.each(["mcp-name", "a2a-extensions", "mcp-param-City"])("takes a comma in %s", (name) => {
    expect(check({ headers: [header(name, "a,b")] })).toBe("accepted");
    expect(check({ headers: [header(name, "a"), header(name, "b")] })).toBe("header.duplicate");
  });

  it.each(["a\tb", "\u00e9", "\u007f"])("refuses %j in them and not in others", (value) => {
    expect(check({ headers: [header("mcp-method", value)] })).toBe("header.not_utf8");
    expect(check({ headers: [header("user-agent", value)] })).toBe("accepted");
  });
});

describe("names", () => {
  it.each(["x-sark-user-id", "x-sark-", "x-envoy-auth-failure-mode-allowed"])(
    "reserves %s",
    (n) => {
      expect(check({ headers: [header(n, "")] })).toBe("header.reserved");
    },
  );

  const twins = [
    ...[
      "x_sark-user-id",
      "x-sark_user",
      "x_sark_",
      "content_type",
      "x_api-key",
      "x-gateway_api-key",
    ],
    ...[
      "x_envoy_original_path",
      "x-envoy-original_path",
      "mcp_anything",
      "mcp-param_a",
      "mcp_param_a",
    ],
    ...["a2a_version", "a2a-x_y", "transfer_encoding", "x_http_method_override"],
  ];

  it.each(twins)("refuses %s, which servers read with dashes", (name) => {
    expect(check({ headers: [header(name, "a")] })).toBe("header.underscore");
  });

  it.each(["x-mcp_a", "user_agent", "x_envoyer"])("has nothing against %s", (name) => {
    expect(check({ headers: [header(name, "a")] })).toBe("accepted");
  });

  it("are kept by the wire stage, forged ones and twins too", () => {
    const selection = selectHeaders(
      REQUEST_HEADERS_EXACT,
      REQUEST_HEADER_PREFIXES,
      REQUEST_HEADER_TWIN_PREFIXES,
    );
    const isKept = (name: string) =>
      selectedName(selection, Buffer.from(name) as never, 0, name.length) !== undefined;
    expect(
      ["authorization", "x-sark-a", "mcp-param-a", ...twins].filter((n) => !isKept(n)),
    ).toEqual([]);
    expect(["cookie", "x-envoy-a", "mcp-a", "some_thing"].filter(isKept)).toEqual([]);
  });
});

it("gives the reason of the first broken rule, whatever the order of the headers", () => {
  const reserved = header("x-sark-a", "1");
  const control = header("user-agent", "a\0");
  expect(check({ headers: [reserved, control] })).toBe("header.control_byte");
  expect(check({ headers: [control, reserved] })).toBe("header.control_byte");
});

it("joins repeated headers without a rule as Envoy does", () => {
  const given = attributes({ headers: [header("accept", "a"), header("accept", "b")] });
  expect(new RequestHeaders(given).get("accept")).toBe("a,b");
});

it("skips pseudo headers", () => {
  expect(check({ headers: [header(":path", "/\r\n")] })).toBe("accepted");
});
