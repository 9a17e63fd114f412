/** Bytes that are no CheckRequest are a `WireError`, and a cut message never yields invented values. */
import { describe, expect, it } from "vitest";
import {
  type CheckAttributes,
  decodeCheckRequest,
  selectHeaders,
} from "../../../src/wire/check-request.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { checkRequest } from "../../support/check-request.ts";
import { field, hex, http, integer, join, mapHeader, rawHeaders, source, tag } from "./vectors.ts";

const everything = selectHeaders([], [""]);

function decode(bytes: Uint8Array) {
  return decodeCheckRequest(bytes, everything);
}

const BAD_TEXT = hex("61 c3 28");

describe("refuses", () => {
  it.each<[string, Buffer]>([
    ["a cut tag", hex("80")],
    ["field number 0", hex("02 01 61")],
    ["wire type 6", hex("0e 01")],
    ["wire type 7", hex("0f 01")],
    ["a length past the end", hex("0a 10 22 02")],
    ["a length past the end of the outer message", field(1, hex("22 05 12 01 61"))],
    ["a length of more than 64 bits", hex("0a ff ff ff ff ff ff ff ff ff 7f")],
    ["an eleven-byte varint", http(tag(9, 0), hex("80 80 80 80 80 80 80 80 80 80 00"))],
    ["a group, closed", http(tag(60, 3), integer(1, 7), tag(60, 4))],
    ["a group, unclosed", http(tag(60, 3))],
    ["the end of a group", http(tag(60, 4))],
    ["bytes after the message", join(http(field(4, "/x")), hex("0a"))],
    ["a cut fixed64 in a header", http(field(3, hex("19 00 00")))],
  ])("%s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(WireError);
  });

  it.each<[string, Buffer]>([
    ...([1, 2, 4, 5, 6, 7, 8, 10, 11] as const).map((number): [string, Buffer] => [
      `HttpRequest.${number}`,
      http(field(number, BAD_TEXT)),
    ]),
    ["a header name of the map", http(mapHeader(BAD_TEXT, "v"))],
    ["a header value of the map", http(mapHeader("k", BAD_TEXT))],
    ["a header name of the list", http(rawHeaders([BAD_TEXT, "v"]))],
    ["a header's text value in the list", http(field(13, field(1, field(2, BAD_TEXT))))],
    ["a pseudo header's value", http(mapHeader(":path", BAD_TEXT))],
    ["a value that a later one replaces", http(field(4, BAD_TEXT), field(4, "/x"))],
    ["the peer's service", source(field(2, BAD_TEXT))],
    ["the principal", source(field(4, BAD_TEXT))],
    ["the certificate", source(field(5, BAD_TEXT))],
    ["the address", source(field(1, field(1, field(2, BAD_TEXT))))],
    ["the named port", source(field(1, field(1, field(4, BAD_TEXT))))],
    ["an extension's key", field(1, field(10, field(1, BAD_TEXT)))],
    ["an extension's value", field(1, field(10, field(2, BAD_TEXT)))],
  ])("text that is not UTF-8 in %s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(WireError);
  });

  it("text in headers that nobody selected", () => {
    const nothing = selectHeaders([], []);
    expect(() => decodeCheckRequest(http(mapHeader("k", BAD_TEXT)), nothing)).toThrow(WireError);
    expect(() => decodeCheckRequest(http(mapHeader(BAD_TEXT, "v")), nothing)).toThrow(WireError);
  });

  it("with a message that holds nothing of the request", () => {
    const secret = "Bearer very-secret";
    try {
      decode(http(field(4, secret), field(5, BAD_TEXT)));
      expect.unreachable();
    } catch (thrown) {
      expect(String(thrown)).not.toContain("secret");
    }
  });
});

describe("a message cut at every byte", () => {
  it("is refused when it is one field", () => {
    const whole = checkRequest({ body: "{}", headers: { authorization: "Bearer x" } });
    for (let length = 1; length < whole.length; length++) {
      expect(() => decode(whole.subarray(0, length)), `${length} bytes`).toThrow(WireError);
    }
    expect(decode(whole).path).toBe("/mcp/demo");
  });

  it("gives exactly the fields before the cut, or is refused", () => {
    const fields: readonly (readonly [keyof CheckAttributes, Buffer])[] = [
      ["method", field(2, "POST")],
      ["path", field(4, "/path")],
      ["host", field(5, "host")],
      ["body", field(12, "body")],
      ["headers", rawHeaders(["a", "1"], ["b", "2"])],
      ["scheme", field(6, "https")],
    ];
    const inside = join(...fields.map(([, bytes]) => bytes));
    const empty = decode(http());
    const full = decode(http(inside));
    const expected: Partial<Record<keyof CheckAttributes, unknown>> = {};
    for (const [name] of fields) expected[name] = empty[name];

    let start = 0;
    for (const [name, bytes] of fields) {
      expect(decode(http(inside.subarray(0, start)))).toMatchObject(expected);
      for (let length = start + 1; length < start + bytes.length; length++) {
        const cut = http(inside.subarray(0, length));
        expect(() => decode(cut), `${length} bytes`).toThrow(WireError);
      }
      expected[name] = full[name];
      start += bytes.length;
    }
    expect(full).toMatchObject(expected);
    expect(full).toMatchObject({ method: "POST", path: "/path", host: "host", scheme: "https" });
  });
});
