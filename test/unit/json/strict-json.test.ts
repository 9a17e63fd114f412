/** Strict reader: accepts only what every JSON reader understands in the same way, in linear time. */
import { describe, expect, it } from "vitest";
import { protocolLevel } from "../../../src/json/protocol-level.ts";
import { readStrictJson } from "../../../src/json/strict-json.ts";
import { reasonOf } from "../request/attributes.ts";

const LEVEL = protocolLevel({ id: null, params: { name: null, taskId: null, _meta: {} } });
const read = (text: string | Uint8Array) =>
  readStrictJson(typeof text === "string" ? Buffer.from(text) : text, LEVEL);
const reason = (text: string | Uint8Array) => reasonOf(() => read(text));
const free = (value: string) => `{"free":${value}}`;

describe("grammar", () => {
  it.each([
    "null",
    "0",
    "-0",
    "-1.50e+10",
    "1E5",
    "1e-400",
    "9007199254740991",
    "-9007199254740991",
    '""',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
    '"\\ud83d\\ude00"',
    '"\u007f\u2028"',
    " \t\r\n[ 1 , true , false , null ] ",
    "{}",
    "[]",
    free(`${"0.".padEnd(64, "1")}`),
  ])("accepts %j", (text) => {
    expect(reason(text)).toBe("accepted");
  });

  it.each([
    "",
    " ",
    "{",
    "[1,]",
    "[,1]",
    "[1 2]",
    '{"a":1,}',
    '{"a" 1}',
    "{a:1}",
    "{'a':1}",
    '{"a":1}x',
    '{"a":1}{"b":1}',
    "1 2",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "0x1",
    "NaN",
    "Infinity",
    "tru",
    "True",
    "nulll",
    "//a\n1",
    "/**/1",
    '"a',
    '"\\x41"',
    '"\\u12g4"',
    '"\\u123"',
    '"\\',
    '"a\nb"',
    '"a\tb"',
    "[1}",
    '{"a":1]',
    "\u00a01",
    "\f1",
  ])("refuses %j", (text) => {
    expect(reason(text)).toBe("json.syntax");
  });
});

describe("encoding", () => {
  it.each([
    [[0xef, 0xbb, 0xbf, 0x31], "json.bom"],
    [[0xfe, 0xff, 0, 0x31], "json.bom"],
    [[0xff, 0xfe, 0x31, 0], "json.bom"],
    [[0x31, 0], "json.bom"],
    [[0x22, 0x61, 0x61, 0], "json.bom"],
    [[0x22, 0x61, 0x61, 0x61, 0, 0x22], "json.syntax"],
    [[0x22, 0xc0, 0xaf, 0x22], "json.not_utf8"],
    [[0x22, 0xed, 0xa0, 0x80, 0x22], "json.not_utf8"],
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], "json.not_utf8"],
    [[0x22, 0xe2, 0x82], "json.not_utf8"],
  ])("of %j is %s", (bytes, expected) => {
    expect(reason(Uint8Array.from(bytes))).toBe(expected);
  });
});

describe("bounds", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

  it("of depth", () => {
    expect(reason(nested(32))).toBe("accepted");
    expect(reason(nested(33))).toBe("json.depth");
    expect(reason(objects(32))).toBe("accepted");
    expect(reason(objects(33))).toBe("json.depth");
    expect(reason("[".repeat(60_000))).toBe("json.depth");
    expect(reason(`[${nested(31)},${nested(31)}]`)).toBe("accepted");
  });

  it("of members and elements together", () => {
    expect(reason(`[${Array(10_000).fill("1").join(",")}]`)).toBe("accepted");
    expect(reason(`[${Array(10_001).fill("1").join(",")}]`)).toBe("json.too_many");
    expect(reason(`[${Array(5_001).fill('{"a":1}').join(",")}]`)).toBe("json.too_many");
  });

  it.each([
    "9007199254740992",
    "-9007199254740992",
    "123456789012345678901234567890",
    "1e400",
    "-1e309",
    `0.${"1".repeat(63)}`,
    `${"1".repeat(60_000)}`,
  ])("of the number %.30s", (number) => {
    expect(reason(free(number))).toBe("json.number_range");
  });

  it.each(['"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\ud800x"', '"\\ude00\\ud83d"'])(
    "of surrogates in %s",
    (text) => {
      expect(reason(free(text))).toBe("json.lone_surrogate");
    },
  );
});

describe("duplicate members", () => {
  const wide = (count: number) => Array.from({ length: count }, (_, at) => `"m${at}":${at}`);

  it.each([
    ["plain", '{"a":1,"a":2}'],
    ["escaped first", '{"\\u0061":1,"a":2}'],
    ["escaped second", '{"a":1,"\\u0061":2}'],
    ["both escaped", '{"\\u0061":1,"\\u0061":2}'],
    ["deep", '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ["beyond the ASCII", '{"\u00e9":1,"\\u00e9":2}'],
    ["a pair of surrogates", '{"\ud83d\ude00":1,"\\ud83d\\ude00":2}'],
    ["empty names", '{"":1,"":2}'],
    ["around an inner object", '{"a":{"b":1,"c":2},"a":1}'],
    ["in the ninth place", `{${[...wide(8), '"m0":1'].join(",")}}`],
    ["after the ninth place", `{${[...wide(20), '"m19":1'].join(",")}}`],
    ["escaped among many", `{${[...wide(20), '"\\u006d7":1'].join(",")}}`],
  ])("are refused: %s", (_, text) => {
    expect(reason(text)).toBe("json.duplicate_member");
    expect(reason(free(text))).toBe("json.duplicate_member");
  });

  it.each([
    ["of different objects", '[{"a":1},{"a":1}]'],
    ["of an object and its parent", '{"a":{"a":{"a":1}}}'],
    ["that only look alike", '{"a":1,"A":2,"a ":3,"\u00e9":4,"e\u0301":5}'],
    ["with quotes in them", '{"a":1,"\\"a":2,"\\\\":3}'],
    ["of many names", `{${wide(100).join(",")}}`],
  ])("are not names %s", (_, text) => {
    expect(reason(free(text))).toBe("accepted");
  });

  it("are found in the next body after a refusal in the middle of one", () => {
    expect(reason('{"a":1,"b":{"c":1,')).toBe("json.syntax");
    expect(reason('{"a":1,"b":2,"c":3}')).toBe("accepted");
  });
});

describe("protocol levels", () => {
  it.each([
    '{"ID":1}',
    '{"Id":1}',
    '{"\\u0049d":1}',
    '{"param\u017f":{}}',
    '{"\u0130d":1}',
    '{"\u0131d":1}',
    '{"\\u0131D":1}',
    '{"params":{"tas\u212aId":1}}',
    '{"params":{"taskid":1}}',
  ])("refuse the spelling in %s", (text) => {
    expect(reason(text)).toBe("json.case_variant");
  });

  it.each(["__proto__", "constructor", "prototype", "__pr\\u006fto__"])("refuse %s", (name) => {
    for (const text of [`{"${name}":1}`, `{"params":{"${name}":1}}`]) {
      expect(reason(text)).toBe("json.reserved_member");
    }
    expect(reason(`{"params":{"_meta":{"${name}":1}}}`)).toBe("json.reserved_member");
    expect(reason(`{"params":{"name":{"${name}":1}}}`)).toBe("accepted");
  });

  it("end where content is free", () => {
    expect(reason('{"free":{"ID":1,"Params":2}}')).toBe("accepted");
    expect(reason('{"params":{"name":{"NAME":1}}}')).toBe("accepted");
  });

  it("take an exact name in escapes as that name", () => {
    expect(read('{"\\u0069d":7}').member("id")?.json).toBe("7");
  });

  it("give known members by their place and tell of others", () => {
    const root = read('{ "params" : { "name" : "a\\u0062" } , "x" : 1 }');
    expect(root.member("params")?.member("name")?.text).toBe("ab");
    expect(root.member("params")?.json).toBe('{ "name" : "a\\u0062" }');
    expect(root.member("id")).toBeUndefined();
    expect(root.hasOtherMembers).toBe(true);
    expect(root.member("params")?.hasOtherMembers).toBe(false);
  });
});

describe("names without regard to _", () => {
  const PROTO = protocolLevel(
    { taskId: null, data: null, message: { contextId: null } },
    "ProtoJSON",
  );
  const reasonProto = (text: string) => reasonOf(() => readStrictJson(Buffer.from(text), PROTO));

  it.each(['{"task_id":1}', '{"TASK_ID":1}', '{"_taskid":1}', '{"message":{"context_id":1}}'])(
    "are refused at every level: %s",
    (text) => {
      expect(reasonProto(text)).toBe("json.case_variant");
    },
  );

  it.each(['{"data":{"task_id":1,"TASKID":2}}', '{"taskId":1}', '{"task-id":1}'])(
    "are no matter in %s",
    (text) => {
      expect(reasonProto(text)).toBe("accepted");
    },
  );

  it("are other names where the protocol does not say so", () => {
    expect(reason('{"params":{"task_id":1}}')).toBe("accepted");
  });
});

describe("elements", () => {
  const LISTS = protocolLevel({ parts: [{ url: null, data: null }], uris: [null], one: {} });
  const readLists = (text: string) => readStrictJson(Buffer.from(text), LISTS);

  it("are read at their level", () => {
    const parts = readLists('{"parts":[{"url":"a","x":1},7,{"data":{"URL":1}}]}').member("parts");
    expect(parts?.elements?.map((part) => part.kind)).toEqual(["object", "number", "object"]);
    expect(parts?.elements?.map((part) => part.member("url")?.text)).toEqual([
      "a",
      undefined,
      undefined,
    ]);
    expect(parts?.elements?.map((part) => part.hasOtherMembers)).toEqual([true, false, false]);
    expect(parts?.hasOtherMembers).toBe(false);
  });

  it.each([
    ['{"parts":[{"URL":"a"}]}', "json.case_variant"],
    ['{"parts":[{},{"__proto__":1}]}', "json.reserved_member"],
    ['{"parts":[{"url":1,"url":2}]}', "json.duplicate_member"],
    ['{"parts":[[{"URL":"a"}]]}', "accepted"],
    ['{"uris":[{"URL":"a"}]}', "accepted"],
  ])("keep the rules of their level: %s", (text, expected) => {
    expect(reasonOf(() => readLists(text))).toBe(expected);
  });

  it("are there for an array only, and only where the level has some", () => {
    expect(readLists('{"uris":["a","b"]}').member("uris")?.elements).toHaveLength(2);
    expect(readLists('{"uris":[]}').member("uris")?.elements).toEqual([]);
    expect(readLists('{"uris":{"0":"a"}}').member("uris")?.elements).toBeUndefined();
    expect(readLists('{"one":["a"]}').member("one")?.elements).toBeUndefined();
    expect(readLists('{"one":{}}').member("one")?.elements).toBeUndefined();
  });

  it("are at most 1,024 in one body", () => {
    const list = (count: number) => `[${Array.from({ length: count }, () => "0").join(",")}]`;
    expect(readLists(`{"uris":${list(1_024)}}`).member("uris")?.elements).toHaveLength(1_024);
    expect(reasonOf(() => readLists(`{"uris":${list(1_025)}}`))).toBe("json.too_many");
    expect(reasonOf(() => readLists(`{"uris":${list(512)},"parts":${list(513)}}`))).toBe(
      "json.too_many",
    );
    expect(reasonOf(() => readLists(`{"free":${list(1_025)}}`))).toBe("accepted");
  });
});

describe("integers beyond 2^53", () => {
  const CALL = protocolLevel({ id: null, params: { arguments: "parameters", other: null } });
  const readCall = (text: string, way: "refuse" | "string") =>
    readStrictJson(Buffer.from(text), CALL, way);
  const big = "9007199254740993";

  it.each([
    ["in parameters", `{"params":{"arguments":{"a":[${big}]}}}`, "accepted"],
    ["beside them", `{"params":{"other":${big}}}`, "json.number_range"],
    ["behind them", `{"params":{"arguments":{}},"id":${big}}`, "json.number_range"],
    ["before them", `{"id":${big},"params":{"arguments":{}}}`, "json.number_range"],
    ["too long", `{"params":{"arguments":{"a":${"1".repeat(65)}}}}`, "json.number_range"],
    ["without end", '{"params":{"arguments":{"a":1e999}}}', "json.number_range"],
  ])("may be kept as texts: %s", (_, text, expected) => {
    expect(reasonOf(() => readCall(text, "string"))).toBe(expected);
    expect(reasonOf(() => readCall(text, "refuse"))).toBe("json.number_range");
  });
});
