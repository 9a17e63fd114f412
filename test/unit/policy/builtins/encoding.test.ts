/** Text to base64, hexadecimal digits and query strings and back, as OPA does it, bytes that are no text too. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltinTable } from "../../../../src/policy/builtins/builtin.ts";
import { ENCODING } from "../../../../src/policy/builtins/encoding.ts";
import { URL_QUERY } from "../../../../src/policy/builtins/url-query.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { jsonText, toPlain } from "../../../../src/policy/plan/values/json.ts";
import { bytesOf, textOf } from "../../../../src/policy/plan/values/text-bytes.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set, testBudget } from "../../../support/rego-values.ts";

const TABLE: BuiltinTable = { ...ENCODING, ...URL_QUERY };

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const WRONG: readonly Value[] = [
  null,
  true,
  1,
  num("1.50"),
  [],
  ["a"],
  {},
  { a: "b" },
  set(),
  set("a"),
];

const TEXTS: readonly string[] = [
  "", "a", "ab", "abc", "abcd", " ", "\u0000", "\n", "é", "€", "😀", "\ufffd", 
  "a b+c%d&e=f;g/h?i#j", "!'()*-_.~", "\u2028<>&\"\\", "\u0080", "\u07ff", "\u{10ffff}", "x".repeat(1000),
]; // biome-ignore format: a table

const BASE64: readonly string[] = [
  "YQ==", "YWI=", "YWJj", "YQ", "YWI", "YQ=", "YQ===", "=", "==", "====", "YQ==YQ==", "YQ==\n", "Y\nQ=\r=",
  "\n", "\r\n\r\n", "YR==", "YWJ=", "Y Q=", "YQ= =", "+/+/", "-_-_", "-_", "+/", "A", "AAAAA", "AAA=A", "YQ==a",
  "é", "YW é", "/w==", "_w", "4oI=", "4oKs", "8J+YgA==", "8J+Y", "7aCA", "wIA=", "wq==", "gICA", "_-8A", "YWI\n",
  "YQ\n\n", "\nYQ==", "9ICAgA==", "7b+/", "4IKA", "8ICAgA==", "4oJh4oKs", "YWLigqz/gGI=",
]; // biome-ignore format: a table

const HEX: readonly string[] = [
  "61", "6", "616", "6162", "6G", "zz", "0x61", " 61", "61\n", "C3A9", "c3a9", "ff", "fF00", "e282", "e282ac", "é", "éé",
]; // biome-ignore format: a table

const QUERIES: readonly string[] = [
  "a=b", "a=b&a=c", "a", "a=", "=a", "=", "&", "&&a=1&&", "a=b=c", "a;b", "a=b;c=d", "%", "%4", "%4g", "%41", "%e2%82%ac",
  "%ff=%fe", "%E2%82", "a+b=c+d", "a%2Bb", "%3B=1", "%26=%3d", "é=😀", "a=1&b=2&a=3", "__proto__=1", "%00", "a=%zz&b=1",
  "+", "%2", "%%41", "a b",
]; // biome-ignore format: a table

const OBJECTS: readonly Value[] = [
  {}, { a: "b" }, { b: "1", a: "2" }, { a: [] }, { a: ["x", "y", "x"] }, { a: set("y", "x") }, { a: set() }, { a: 1 },
  { a: null }, { a: ["x", 1] }, { a: set(1) }, { a: {} }, { "a b": "c&d=é" }, { "": "" }, obj([1, "a"]), obj(["1", "x"], [1, "a"]),
  obj([null, "x"], [["a", 1], "y"], [set(2, 1), "z"], [{ b: 1 }, "w"]), { "\uffee": "1", "😀": "2" }, obj([num("1.50"), ["b"]]),
]; // biome-ignore format: a table

function calls(names: readonly string[], values: readonly Value[]): BuiltinCase[] {
  return names.flatMap((name) => values.map((value) => [name, value] as const));
}

it("answers as OPA does", async () => {
  const all = [...TEXTS, ...BASE64, ...HEX, ...QUERIES, ...OBJECTS, ...WRONG];
  const cases = calls(Object.keys(TABLE), all);
  expect(cases.length).toBeGreaterThan(1500);
  expect(await differencesFromOpa(oracle, TABLE, cases)).toEqual([]);
});

it("keeps bytes that are no text through a chain of calls, and writes them as U+FFFD", async () => {
  const rules = BASE64.map((text, index) => {
    const value = `x${index} := base64url.decode(translate(${JSON.stringify(text)}))`;
    return `${value}\nh${index} := hex.encode(x${index})\nu${index} := urlquery.encode(x${index})
c${index} := sprintf("%s|%d", [upper(x${index}), count(x${index})])`;
  });
  const { results, message } = await oracle.ask({
    modules: {
      "a.rego": `package a\ntranslate(x) := replace(replace(x, "+", "-"), "/", "_")\n${rules.join("\n")}`,
    },
    entrypoints: BASE64.flatMap((_, index) => [`a/x${index}`, `a/h${index}`, `a/u${index}`]),
  });
  expect(message).toBeUndefined();
  for (const [index, text] of BASE64.entries()) {
    const url = text.replaceAll("+", "-").replaceAll("/", "_");
    const value = TABLE["base64url.decode"]?.(caseContext(), url);
    const theirs = (name: string) => results[`a/${name}${index}`]?.[0]?.json;
    if (value === undefined) {
      expect(theirs("x")).toBeUndefined();
      continue;
    }
    expect(toPlain(value, testBudget())).toBe(theirs("x"));
    expect(JSON.parse(jsonText(value, testBudget()))).toBe(theirs("x"));
    expect(TABLE["hex.encode"]?.(caseContext(), value)).toBe(theirs("h"));
    expect(TABLE["urlquery.encode"]?.(caseContext(), value)).toBe(theirs("u"));
  }
});

it("takes every pair and many triples of bytes to text and back", () => {
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const bytes = Buffer.of(first, second, (first * 31 + second * 7) & 0xff, 0x80, second);
      if (!bytesOf(textOf(bytes)).equals(bytes)) throw new Error(bytes.toString("hex"));
    }
  }
  expect(textOf(Buffer.from("efbbbf61", "hex"))).toBe("\ufeffa");
});

it.each([
  ["base64.encode", "any carnal pleas", "YW55IGNhcm5hbCBwbGVhcw=="],
  ["base64.decode", "YW55IGNhcm5hbCBwbGVhcw==", "any carnal pleas"],
  ["base64url.encode", "i\u00bf\u00ff", "acK_w78="],
  ["base64url.encode_no_pad", "i\u00bf\u00ff", "acK_w78"],
  ["base64url.decode", "acK_w78", "i\u00bf\u00ff"],
  ["hex.encode", "é", "c3a9"],
  ["hex.decode", "C3a9", "é"],
  ["urlquery.encode", "a b&é", "a+b%26%C3%A9"],
  ["urlquery.decode", "a+b%26%C3%A9", "a b&é"],
])("%s(%j) is %j", (name, argument, expected) => {
  expect(TABLE[name]?.(caseContext(), argument)).toBe(expected);
});

it("says why a call is undefined", () => {
  const context = caseContext();
  expect(TABLE["hex.decode"]?.(context, 1)).toBeUndefined();
  expect(TABLE["hex.decode"]?.(context, "x")).toBeUndefined();
  expect(context.messages).toEqual([
    "operand 1 must be string but got number",
    "encoding/hex: invalid byte or odd length hex string",
  ]);
});

it("stops before it works on too much", () => {
  const huge = "a&".repeat(3_000_000);
  for (const name of Object.keys(TABLE)) {
    const argument: Value = name === "urlquery.encode_object" ? { a: huge } : huge;
    expect(() => TABLE[name]?.(caseContext(), argument), name).toThrow(BudgetExceeded);
  }
});
