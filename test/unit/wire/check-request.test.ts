/** Each attribute is read from its own field, whatever else a well-formed CheckRequest holds. */
import { describe, expect, it } from "vitest";
import { decodeCheckRequest, selectHeaders } from "../../../src/wire/check-request.ts";
import { field, hex, http, integer, join, mapHeader, rawHeaders, source, tag } from "./vectors.ts";

const everything = selectHeaders([], [""]);

function decode(...parts: Uint8Array[]) {
  return decodeCheckRequest(join(...parts), everything);
}

describe("absent and empty", () => {
  it("gives empty attributes for zero bytes", () => {
    expect(decode()).toEqual({
      hasHttp: false,
      method: "",
      path: "",
      host: "",
      scheme: "",
      headers: [],
      headersAreJoined: false,
      headerCount: 0,
      headerBytes: 0,
      headerNameBytesMax: 0,
      headerValueBytesMax: 0,
      body: undefined,
      sizeBytes: 0,
      sourceAddress: "",
      sourcePrincipal: "",
      contextExtensions: new Map(),
    });
  });

  it("tells a present empty HTTP part from none", () => {
    expect(decode(http()).hasHttp).toBe(true);
    expect(decode(field(1, field(4))).hasHttp).toBe(false);
  });

  it("takes empty bodies for none", () => {
    expect(decode(http(field(11), field(12))).body).toBeUndefined();
  });
});

describe("merging", () => {
  it("merges repeated messages on every level", () => {
    const attributes = decode(
      field(1, field(4, field(2, field(2, "POST"), mapHeader("a", "1")))),
      field(1, field(4, field(2, field(4, "/x"), mapHeader("b", "2")))),
      field(1, field(4, field(2, field(5, "h")), field(2, field(6, "https")))),
      source(field(1, field(1, field(2, "10.0.0.7")))),
      source(field(4, "spiffe://a"), field(1, field(1, integer(3, 80)))),
    );
    expect(attributes).toMatchObject({
      method: "POST",
      path: "/x",
      host: "h",
      scheme: "https",
      headerCount: 2,
      sourceAddress: "10.0.0.7",
      sourcePrincipal: "spiffe://a",
    });
  });

  it("takes the last of repeated scalars, also an empty one", () => {
    const twice = http(
      field(4, "/first"),
      field(4, "/last"),
      field(5, "h"),
      field(5),
      integer(9, 1),
    );
    expect(decode(twice, http(integer(9, 2)))).toMatchObject({
      path: "/last",
      host: "",
      sizeBytes: 2,
    });
    expect(decode(http(field(12, "one"), field(12, "two"))).body).toEqual(Buffer.from("two"));
    expect(decode(http(field(12, "one"), field(12))).body).toBeUndefined();
  });

  it("takes the last kind of address", () => {
    const ip = field(1, field(2, "10.0.0.7"));
    expect(decode(source(field(1, ip, field(2, field(1, "/s"))))).sourceAddress).toBe("");
    expect(decode(source(field(1, ip), field(1, field(3)))).sourceAddress).toBe("");
    expect(decode(source(field(1, field(2, field(1, "/s")), ip))).sourceAddress).toBe("10.0.0.7");
  });
});

describe("headers as a map", () => {
  it("keeps names that mean something in JavaScript", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const { headers } = decode(http(...names.map((name) => mapHeader(name, name))));
    expect(headers.map(({ name, value }) => [name, value])).toEqual(
      names.map((name) => [name.toLowerCase(), name]),
    );
  });

  it("takes the last entry of a key, at the place of the first", () => {
    const { headers, headerCount, headersAreJoined } = decode(
      http(mapHeader("a", "1"), mapHeader("b", "2"), mapHeader("a", "3")),
    );
    expect(headers).toEqual([
      { name: "a", value: "3", isUtf8: true },
      { name: "b", value: "2", isUtf8: true },
    ]);
    expect(headerCount).toBe(3);
    expect(headersAreJoined).toBe(true);
  });

  it("keeps keys that differ in case as two headers of one name", () => {
    const { headers } = decode(
      http(mapHeader("Authorization", "1"), mapHeader("authorization", "2")),
    );
    expect(headers.map(({ name, value }) => [name, value])).toEqual([
      ["authorization", "1"],
      ["authorization", "2"],
    ]);
  });

  it("reads entries without key, without value, reversed, repeated and with unknown fields", () => {
    const { headers } = decode(
      http(
        field(3),
        field(3, field(1, "no-value")),
        field(3, field(2, "v"), field(1, "reversed")),
        field(3, field(1, "x"), field(1, "last"), field(2, "1"), field(2, "2"), integer(9, 9)),
        field(3, field(1, "raw"), field(2, "text"), field(3, "not a value here")),
      ),
    );
    expect(headers.map(({ name, value }) => [name, value])).toEqual([
      ["", ""],
      ["no-value", ""],
      ["reversed", "v"],
      ["last", "2"],
      ["raw", "text"],
    ]);
  });
});

describe("headers as a list", () => {
  it("keeps order and duplicates", () => {
    const { headers, headersAreJoined } = decode(
      http(rawHeaders(["b", "1"], ["a", "2"], ["b", "3"])),
      http(rawHeaders(["a", "4"])),
    );
    expect(headers.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "b=1",
      "a=2",
      "b=3",
      "a=4",
    ]);
    expect(headersAreJoined).toBe(false);
  });

  it("takes raw_value before value unless it is empty", () => {
    const list = field(
      13,
      field(1, field(1, "both"), field(2, "value"), field(3, "raw")),
      field(1, field(1, "value-only"), field(2, "value"), field(3)),
      field(1, field(1, "neither")),
    );
    const { headers } = decode(http(list));
    expect(headers.map(({ value }) => value)).toEqual(["raw", "value", ""]);
  });

  it("marks raw values that are not UTF-8 and never refuses them", () => {
    const { headers } = decode(
      http(rawHeaders(["bad", hex("61 c0 af")], ["kept", "\u{fffd}"], ["wide", "ü\u{1f600}"])),
    );
    expect(headers).toEqual([
      { name: "bad", value: "", isUtf8: false },
      { name: "kept", value: "\u{fffd}", isUtf8: true },
      { name: "wide", value: "ü\u{1f600}", isUtf8: true },
    ]);
  });

  it("wins over the map, also when it is empty and wherever it stands", () => {
    const map = mapHeader("from-map", "1");
    const list = rawHeaders(["from-list", "2"]);
    for (const parts of [
      [map, list],
      [list, map],
    ]) {
      const attributes = decode(http(...parts));
      expect(attributes.headers.map(({ name }) => name)).toEqual(["from-list"]);
      expect(attributes).toMatchObject({
        headersAreJoined: false,
        headerCount: 1,
        headerBytes: 10,
      });
    }
    expect(decode(http(map, field(13)))).toMatchObject({ headers: [], headersAreJoined: false });
  });
});

describe("header figures", () => {
  const selection = selectHeaders(["authorization"], ["mcp-"]);

  it.each<[string, Buffer]>([
    [
      "list",
      rawHeaders(
        [":path", "/"],
        ["authorization", "abc"],
        ["x-longer-than-that", "0123456789"],
        ["mcp-a", ""],
      ),
    ],
    [
      "map",
      join(
        mapHeader(":path", "/"),
        mapHeader("authorization", "abc"),
        mapHeader("x-longer-than-that", "0123456789"),
        mapHeader("mcp-a", ""),
      ),
    ],
  ])("counts all but pseudo headers, selected or not (%s)", (_, headers) => {
    expect(decodeCheckRequest(http(headers), selection)).toMatchObject({
      headers: [
        { name: "authorization", value: "abc", isUtf8: true },
        { name: "mcp-a", value: "", isUtf8: true },
      ],
      headerCount: 3,
      headerBytes: 13 + 3 + 18 + 10 + 5,
      headerNameBytesMax: 18,
      headerValueBytesMax: 10,
    });
  });
});

describe("body", () => {
  it.each([
    ["raw_body", http(field(12, hex("00 ff fe")))],
    ["raw_body before body", http(field(11, "text"), field(12, hex("00 ff fe")))],
  ])("is %s, byte for byte", (_, message) => {
    expect(decode(message).body).toEqual(hex("00 ff fe"));
  });

  it("is the string's bytes when there is no raw_body", () => {
    expect(decode(http(field(11, "{ü}"), field(12))).body).toEqual(Buffer.from("{ü}"));
  });

  it("is a view into the message, also into a plain array", () => {
    const message = Uint8Array.from(http(field(12, "abc")));
    const { body } = decodeCheckRequest(message, everything);
    message.set(Buffer.from("x"), message.length - 1);
    expect(Buffer.from(body ?? []).toString()).toBe("abx");
  });
});

describe("what is not used", () => {
  it("skips unknown fields of every wire type on every level", () => {
    const unknown = join(
      integer(99, 2n ** 64n - 1n),
      tag(98, 1),
      Buffer.alloc(8, 0xff),
      field(97, hex("ff ff")),
      tag(96, 5),
      Buffer.alloc(4, 0xff),
    );
    const header = field(1, unknown, field(1, "a"), unknown, field(3, "1"), unknown);
    const request = field(
      4,
      unknown,
      field(2, unknown, field(4, "/x"), field(13, unknown, header), unknown),
    );
    const peer = field(1, unknown, field(1, unknown, field(1, unknown, field(2, "10.0.0.7"))));
    const extension = field(10, unknown, field(1, "k"), unknown, field(2, "v"));
    expect(decode(unknown, field(1, unknown, peer, request, extension), unknown)).toMatchObject({
      path: "/x",
      headers: [{ name: "a", value: "1" }],
      sourceAddress: "10.0.0.7",
      contextExtensions: new Map([["k", "v"]]),
    });
  });

  it("skips known fields that come with another wire type", () => {
    const wrong = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13].map((number) => integer(number, 5));
    const attributes = decode(
      integer(1, 5),
      field(1, integer(1, 5), integer(4, 5), integer(10, 5)),
      source(integer(1, 5), integer(2, 5), integer(4, 5), integer(5, 5), field(1, integer(1, 5))),
      http(field(4, "/kept"), ...wrong, field(9, "size"), field(3, integer(1, 5), integer(2, 5))),
    );
    expect(attributes).toMatchObject({ path: "/kept", method: "", sizeBytes: 0, body: undefined });
    expect(attributes.headers).toEqual([{ name: "", value: "", isUtf8: true }]);
  });

  it("does not look into messages it has no use for", () => {
    const junk = hex("ff ff ff");
    const attributes = decode(
      field(1, field(2, junk), field(12, junk), field(13, junk)),
      field(1, field(4, field(1, junk)), field(1, field(3, junk))),
      http(field(4, "/x")),
    );
    expect(attributes.path).toBe("/x");
  });
});

describe("context extensions", () => {
  it("are a map that knows no prototype", () => {
    const entries = ["__proto__", "constructor", "", "sark.route"];
    const { contextExtensions } = decode(
      field(1, ...entries.map((key) => field(10, field(1, key), field(2, `of ${key}`)))),
      field(
        1,
        field(10, field(1, "sark.route"), field(2, "last")),
        field(10, field(1, "no-value")),
      ),
    );
    expect([...contextExtensions]).toEqual([
      ["__proto__", "of __proto__"],
      ["constructor", "of constructor"],
      ["", "of "],
      ["sark.route", "last"],
      ["no-value", ""],
    ]);
  });
});
