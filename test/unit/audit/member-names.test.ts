/** Names of parameters are those JSON.parse would give, in order, and odd bytes do no harm. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberNames } from "../../../src/audit/member-names.ts";

function names(json: string, bytesMax = 2_048): readonly string[] {
  return memberNames(Buffer.from(json), bytesMax).names;
}

describe("memberNames", () => {
  it.each([
    ["{}", []],
    ["", []],
    ["[1,2]", []],
    ['["a","b"]', []],
    ['{"a":1,"b":{"c":[1,{"d":2}]},"e":"x"}', ["a", "b", "e"]],
    [' {"a":1}', []],
    ['{ "a" : "b,\\"c\\":{" , "d":[] }', ["a", "d"]],
    ['{"a":["x","y"],"b":"z"}', ["a", "b"]],
    ['{"sch\\u00f6n":1,"ü":2}', ["schön", "ü"]],
  ])("reads %s", (json, expected) => {
    expect(names(json)).toEqual(expected);
  });

  it("steps over long values with escaped quotes", () => {
    const value = `${"x".repeat(100)}\\"},\\"no\\":{${"y".repeat(100)}\\\\`;
    expect(names(`{"a":"${value}","b":1}`)).toEqual(["a", "b"]);
  });

  it("agrees with JSON.parse on every object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (object) => {
        const json = JSON.stringify(object);
        expect(names(json, 1_000_000)).toEqual(Object.keys(JSON.parse(json)));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("stops at its bound and says so", () => {
    const result = memberNames(Buffer.from('{"aaaa":1,"bbbb":2,"cccc":3}'), 8);
    expect(result).toEqual({ names: ["aaaa", "bbbb"], isCut: true });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        memberNames(Uint8Array.from([0x7b, ...bytes]), 64);
        memberNames(bytes, 64);
      }),
      { seed: 7, numRuns: 500 },
    );
    for (const broken of ['{"', '{"a', '{"\\', '{"a\\":1', '{"\\x":1}']) names(broken);
  });
});
