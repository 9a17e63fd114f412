/** Text in a record is bounded, marked where cut, one line, and valid JSON whatever it holds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote, quoteClaimed, quoteList, quoteOrNull } from "../../../src/audit/json-text.ts";

describe("quote", () => {
  it("writes ordinary text as it is", () => {
    expect(quote("get_weather", 256)).toBe('"get_weather"');
  });

  it.each([
    ["quote and backslash", 'a"b\\c', '"a\\"b\\\\c"'],
    ["line feed", "a\nb", '"a\\nb"'],
    ["NUL", "a\u0000b", '"a\\u0000b"'],
    ["delete", "a\u007fb", '"a\\u007fb"'],
    ["line separator", "a\u2028b\u2029c", '"a\\u2028b\\u2029c"'],
    ["direction override", "a\u202eb", '"a\\u202eb"'],
    ["lone surrogate", "a\ud800b", '"a\\ud800b"'],
  ])("escapes %s", (_, text, json) => {
    expect(quote(text, 256)).toBe(json);
  });

  it("gives back every text that fits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = quote(text, 10_000);
        expect(JSON.parse(json)).toBe(text);
        expect(json).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("cuts at the bound, marks it and keeps pairs together", () => {
    expect(JSON.parse(quote("x".repeat(257), 256))).toBe(`${"x".repeat(255)}…`);
    expect(quote("x".repeat(256), 256)).toBe(`"${"x".repeat(256)}"`);
    expect(JSON.parse(quote("ab😀cd", 4))).toBe("ab…");
  });
});

describe("quoteOrNull", () => {
  it.each([undefined, null, ""])("writes %j as null", (text) => {
    expect([quoteOrNull(text, 9), quoteClaimed(text, 9)]).toEqual(["null", "null"]);
  });
});

describe("quoteList", () => {
  it("marks what does not fit", () => {
    expect(quoteList([], 10, 10)).toBe("[]");
    expect(quoteList(["a", "b"], 10, 100)).toBe('["a","b"]');
    expect(quoteList(["aaa", "bbb", "ccc"], 10, 11)).toBe('["aaa","bbb","…"]');
    expect(quoteList(["aaaaaaaaaa"], 10, 5)).toBe('["…"]');
  });
});
