/** Of Envoy's filter metadata only what its MCP filter wrote is read, and never deeper than 32 levels. */
import { describe, expect, it } from "vitest";
import { decodeCheckRequest, selectHeaders } from "../../../src/wire/check-request.ts";
import type { StructFields, StructValue } from "../../../src/wire/struct.ts";
import { WireError } from "../../../src/wire/wire-error.ts";
import { field, hex, http, integer, join } from "./vectors.ts";

const FILTER = "envoy.filters.http.mcp";
const nothing = selectHeaders([], []);

const decode = (...parts: Uint8Array[]) => decodeCheckRequest(join(...parts), nothing).mcpMetadata;
const entry = (name: string, ...value: Uint8Array[]) =>
  field(1, field(1, name), field(2, ...value));
const namespace = (name: string, ...fields: Uint8Array[]) =>
  field(1, field(11, field(1, field(1, name), field(2, ...fields))));
const text = (value: string) => field(3, value);
const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return join(hex("11"), bytes);
};
const plain = (value: StructValue | undefined): unknown =>
  value instanceof Map
    ? [...(value as StructFields)].map(([name, member]) => [name, plain(member)])
    : Array.isArray(value)
      ? value.map(plain)
      : value;

/** A Struct of `levels` levels. */
function deep(levels: number): Uint8Array {
  let inner = entry("end", text("x"));
  for (let level = 1; level < levels; level++) inner = entry("a", field(5, inner));
  return inner;
}

describe("the namespace", () => {
  it("is absent without metadata, and for other filters", () => {
    expect(decode(http(field(4, "/x")))).toBeUndefined();
    expect(decode(field(1, field(11)))).toBeUndefined();
    expect(decode(namespace("envoy.filters.http.a2a", hex("ff ff")))).toBeUndefined();
    expect(decode(namespace(`${FILTER}x`, entry("a", text("b"))))).toBeUndefined();
  });

  it("is the filter's, or its earlier name, and the present one wins", () => {
    const older = namespace("mcp_proxy", entry("method", text("older")));
    const present = namespace(FILTER, entry("method", text("present")));
    expect(decode(older)?.get("method")).toBe("older");
    for (const both of [join(older, present), join(present, older)]) {
      expect(decode(both)?.get("method")).toBe("present");
    }
  });

  it("is the last of its name, and empty without a value", () => {
    const twice = [
      namespace(FILTER, entry("a", text("1"))),
      namespace(FILTER, entry("b", text("2"))),
    ];
    expect(plain(decode(...twice))).toEqual([["b", "2"]]);
    expect(plain(decode(field(1, field(11, field(1, field(1, FILTER))))))).toEqual([]);
  });

  it("may come behind its value", () => {
    const reversed = field(1, field(2, entry("a", text("1"))), field(1, FILTER));
    expect(plain(decode(field(1, field(11, reversed))))).toEqual([["a", "1"]]);
  });
});

describe("values", () => {
  it.each<[string, Uint8Array[], unknown]>([
    ["a text", [text("\u00e9")], "\u00e9"],
    ["a number", [double(7)], 7],
    ["a large number", [double(2 ** 53)], 2 ** 53],
    ["true", [integer(4, 1)], true],
    ["false", [integer(4, 0)], false],
    ["null", [integer(1, 0)], null],
    ["nothing", [], null],
    ["a list", [field(6, field(1, text("a")), field(1, double(1)))], ["a", 1]],
    ["an empty list", [field(6)], []],
    ["a Struct", [field(5, entry("b", text("c")))], [["b", "c"]]],
    ["the last kind", [text("a"), double(4)], 4],
    [
      "a Struct in two parts",
      [field(5, entry("b", text("1"))), field(5, entry("c", text("2")))],
      [
        ["b", "1"],
        ["c", "2"],
      ],
    ],
    [
      "a list in two parts",
      [field(6, field(1, text("a"))), field(6, field(1, text("b")))],
      ["a", "b"],
    ],
    ["unknown fields", [text("a"), field(9, "x"), integer(3, 5)], "a"],
  ])("%s", (_, value, expected) => {
    expect(plain(decode(namespace(FILTER, entry("v", ...value))))).toEqual([["v", expected]]);
  });

  it("have names that mean nothing to JavaScript", () => {
    const names = ["__proto__", "constructor", ""];
    const read = decode(namespace(FILTER, ...names.map((name) => entry(name, text(name)))));
    expect(plain(read)).toEqual(names.map((name) => [name, name]));
    expect(Object.prototype).not.toHaveProperty("end");
  });

  it("take the last entry of a name", () => {
    const twice = [entry("a", text("1")), entry("a", text("2"))];
    expect(plain(decode(namespace(FILTER, ...twice)))).toEqual([["a", "2"]]);
  });
});

describe("depth", () => {
  it("is read up to 32 levels; deeper metadata is none, and what follows is still read", () => {
    expect(decode(namespace(FILTER, deep(32)))).toBeDefined();
    const tooDeep = namespace(FILTER, deep(33));
    expect(decode(tooDeep)).toBeUndefined();
    const { path, mcpMetadata } = decodeCheckRequest(join(tooDeep, http(field(4, "/x"))), nothing);
    expect([path, mcpMetadata]).toEqual(["/x", undefined]);
  });

  it("of 10,000 levels is no different", () => {
    expect(decode(namespace(FILTER, deep(10_000)))).toBeUndefined();
  });

  it("counts lists too", () => {
    let list = text("x");
    for (let level = 0; level < 32; level++) list = field(6, field(1, list));
    expect(decode(namespace(FILTER, entry("a", list)))).toBeUndefined();
  });
});

describe("malformed metadata", () => {
  it.each<[string, Uint8Array]>([
    ["text that is not UTF-8", namespace(FILTER, entry("a", field(3, hex("ff"))))],
    ["a name that is not UTF-8", namespace(FILTER, field(1, field(1, hex("ff"))))],
    ["a cut number", namespace(FILTER, entry("a", hex("11 00 00")))],
    ["a length past the end", namespace(FILTER, hex("0a 7f"))],
    ["a cut namespace", field(1, field(11, hex("0a 05 0a 7f")))],
    ["a namespace that is not UTF-8", field(1, field(11, field(1, field(1, hex("ff")))))],
  ])("%s is refused", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(WireError);
  });
});
