/** Known bypasses by the body: read whole, in one form, and one way only, or refused. */
import { describe, expect, it } from "vitest";
import { answerTo, hostile, reasonTo } from "../support/hostile-check.ts";

const reasonOf = (body: string | Uint8Array) => reasonTo({ body });
const call = (params: string) =>
  `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":${params}}`;

/** Every other letter case, and the two letters that fold into ASCII. */
function variants(name: string): readonly string[] {
  const spellings = [
    name.toUpperCase(),
    name.charAt(0).toUpperCase() + name.slice(1),
    name.toLowerCase(),
    name.replace("s", "\u017f"),
    name.replace("k", "\u212a"),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling !== name);
}

describe("letter case", () => {
  it.each(["jsonrpc", "id", "method", "params", "result", "error"])(
    "B6: %s at the root has one spelling",
    async (name) => {
      for (const variant of variants(name)) {
        const text = call('{"name":"get_weather"}');
        expect(await reasonOf(`{"${variant}":1,${text.slice(1)}`)).toBe("json.case_variant");
      }
    },
  );

  it.each([
    "name",
    "arguments",
    "uri",
    "taskId",
    "ref",
    "protocolVersion",
    "_meta",
    "requestState",
  ])("B6: %s in params has one spelling", async (name) => {
    for (const variant of variants(name)) {
      const text = call(`{"name":"get_weather","${variant}":{}}`);
      expect(await reasonOf(text)).toBe("json.case_variant");
    }
  });

  it("B6: an escape is no other spelling", async () => {
    expect(await reasonOf(call('{"\\u006eame":"get_weather"}'))).toBe("allowed");
    expect(await reasonOf(call('{"\\u004eame":"get_weather"}'))).toBe("json.case_variant");
  });
});

describe("repeated members", () => {
  it.each([
    ["at the root", '{"method":"ping","jsonrpc":"2.0","id":7,"method":"tools/call"}'],
    ["escaped", '{"method":"ping","jsonrpc":"2.0","id":7,"m\\u0065thod":"tools/call"}'],
    ["in params", call('{"name":"a","name":"b"}')],
    ["in arguments", call('{"name":"a","arguments":{"x":1,"x":2}}')],
    ["deep in arguments", call('{"name":"a","arguments":{"x":[{"y":[{"z":1,"\\u007a":2}]}]}}')],
    ["of equal value", call('{"name":"a","name":"a"}')],
  ])("B7: are refused %s", async (_, body) => {
    expect(await reasonOf(body)).toBe("json.duplicate_member");
  });
});

describe("truncated bodies", () => {
  const LIMIT = 65_536;
  const padded = (length: number) => call('{"name":"get_weather"}').padEnd(length, " ");

  it.each([
    [LIMIT - 1, "allowed"],
    [LIMIT, "body.truncated"],
    [LIMIT + 1, "body.truncated"],
  ])("B18: %i bytes against a limit of 65,536 are %s", async (length, reason) => {
    expect(await reasonOf(padded(length))).toBe(reason);
  });

  it("B18: a body that Envoy calls partial is refused, on a plain route that needs none as well", async () => {
    expect(await reasonTo({ partialBody: true })).toBe("body.truncated");
  });

  it.each(["1", "105", "107", "0", "-106", "+106", "106.0", "0x6a", "1e2", " 106", "0106"])(
    "B18: a content-length of %s lies",
    async (length) => {
      expect(await reasonTo({ headers: [["content-length", length]] })).toBe("body.truncated");
    },
  );

  it("B18: a true content-length passes", async () => {
    const body = call('{"name":"get_weather"}');
    const headers = [["content-length", String(body.length)]] as const;
    expect(await reasonTo({ body, headers })).toBe("allowed");
  });
});

describe("bodies in another form", () => {
  const typed = async (type: string | undefined, body: string | Uint8Array = call("{}")) => {
    const bytes = hostile({ body });
    const name = Buffer.from("application/json");
    const at = bytes.indexOf(name);
    if (type === undefined) bytes[bytes.indexOf("content-type")] = 0x78;
    else bytes.write(type.padEnd(name.length, " "), at);
    return (await answerTo(bytes)).reason;
  };

  it.each(["text/plain", "text/json", "application/xml", "multipart/mixed", "*/*", ""])(
    "B19: content type %j is refused",
    async (type) => {
      expect(await typed(type)).toBe("body.content_type");
    },
  );

  it("B19: no content type is refused", async () => {
    expect(await typed(undefined)).toBe("body.content_type");
  });

  it.each(["gzip", "br", "deflate", "identity, gzip", "x"])(
    "B19: content encoding %s is refused",
    async (encoding) => {
      const expected = encoding.includes(",") ? "header.duplicate" : "body.encoding";
      expect(await reasonTo({ headers: [["content-encoding", encoding]] })).toBe(expected);
    },
  );

  it.each([
    ["", "body.missing"],
    ["a=1&b=2", "json.syntax"],
    ["--boundary\r\n\r\n{}", "json.syntax"],
    ["<a/>", "json.syntax"],
    ["{}{}", "json.syntax"],
    ["{'a':1}", "json.syntax"],
    ["{} // x", "json.syntax"],
    ["NaN", "json.syntax"],
    ["\ufeff{}", "json.bom"],
    [Buffer.from([0x1f, 0x8b, 0x08, 0x00]), "json.bom"],
    [Buffer.from('{"a":1}', "utf16le"), "json.bom"],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22]), "json.not_utf8"],
  ])("B19: the body %j is refused", async (body, reason) => {
    expect((await answerTo(hostile({ body }))).reason).toBe(reason);
  });
});

it.each([
  "[]",
  `[${call('{"name":"a"}')}]`,
  `[${call('{"name":"a"}')},${call('{"name":"b"}')}]`,
  `[[${call('{"name":"a"}')}]]`,
  " [ ] ",
])("B20: the batch %s is refused", async (body) => {
  expect(await reasonOf(body)).toBe("rpc.batch");
});

describe("names of JavaScript", () => {
  it.each(["__proto__", "constructor", "prototype", "__pr\\u006fto__"])(
    "B29: %s where the protocol has its names is refused",
    async (name) => {
      const member = `"${name}":{"name":"get_weather"}`;
      expect(await reasonOf(`{${member},${call("{}").slice(1)}`)).toBe("json.reserved_member");
      expect(await reasonOf(call(`{${member}}`))).toBe("json.reserved_member");
      expect(await reasonOf(call(`{"_meta":{${member}}}`))).toBe("json.reserved_member");
    },
  );

  it("B29: in arguments they are members like others", async () => {
    const text = '{"__proto__":{"admin":true},"constructor":1,"toString":2}';
    const body = call(`{"name":"get_weather","arguments":${text}}`);
    const { reason, request } = await answerTo(hostile({ body }));
    expect(reason).toBe("allowed");
    const value = request?.parameters.value() ?? {};
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "toString"]);
    expect(JSON.stringify(value)).toBe(text);
    expect(value["admin"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it.each(["toString", "hasOwnProperty", "valueOf", "__defineGetter__"])(
    "B29: the method %s is not known",
    async (method) => {
      const body = `{"jsonrpc":"2.0","id":7,"method":"${method}"}`;
      expect(await reasonOf(body)).toBe("rpc.method_unknown");
    },
  );
});

describe("bodies made to cost time", () => {
  const args = (text: string) => call(`{"name":"get_weather","arguments":${text}}`);
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

  it.each([
    ["nested to the limit", args(`{"a":${deep(29)}}`), "allowed"],
    ["nested one deeper", args(`{"a":${deep(30)}}`), "json.depth"],
    ["nested without end", "[".repeat(65_000), "json.depth"],
    ["objects without end", '{"a":'.repeat(13_000), "json.depth"],
    ["too many elements", args(`{"a":[${"0,".repeat(10_000)}0]}`), "json.too_many"],
  ])("B30: %s", async (_, body, reason) => {
    expect(await reasonOf(body)).toBe(reason);
  });

  it("B30: 9,000 names made to collide are read like any others", async () => {
    // As array indices these would all be hashed by their number.
    const names = Array.from({ length: 9_000 }, (_, at) => String(at * 7));
    const members = names.map((name) => `"${name}":0`);
    expect(
      await reasonOf(
        args(
          `{${members
            .join(",")
            .slice(0, 60_000)
            .replace(/,[^,]*$/, "")}}`,
        ),
      ),
    ).toBe("allowed");
  });
});
