/** JSON text as OPA writes and reads it: escapes, exact numbers, sets, keys of other types, layout. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { JSON_TEXT } from "../../../../src/policy/builtins/json-text.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { num, obj, set } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const VALUES: readonly Value[] = [
  null, true, false, 0, num("-0"), 1, num("1.0"), num("1.50"), num("1e0"), num("1E+2"), num("9007199254740993"), num("1e400"),
  1e21, 1e-7, "", "a", "<>&'\"\\/", "\u2028\u2029", "\b\f\n\r\t\u0000\u001f\u007f\u0080", "é€😀\ufffd", "{\"a\":[1,2]}", "[]:,{}\\",
  [], [[]], [{}], [1, "a", null], ["<"], {}, { a: {} }, { a: [] }, { b: 1, a: { d: [1, { e: 2 }], c: "x:,y" } }, { "<&>": "<" },
  { "\uffee": 1, "😀": 2 }, set(), set(2, 1), set("b", "a", 3, set(1), { a: 1 }), obj([1, "a"], ["b", 2]), obj(["1", "x"], [1, "a"]),
  obj([null, 1], [true, 2], [num("1.50"), 3], [["a"], 4], [{ b: "<" }, 5], [set("z", "y"), 6]), [[[[[[1]]]]]], { a: set({ b: set(1) }) },
]; // biome-ignore format: a table

const OPTIONS: readonly Value[] = [
  {}, { pretty: true }, { pretty: false }, { indent: "  " }, { indent: "" }, { prefix: ">" }, { prefix: "" }, { pretty: 1 },
  { prefix: "é", indent: "\t\t" }, { pretty: false, prefix: ">", indent: " " }, { pretty: true, indent: "--" }, { indent: 2 },
  { prefix: null }, { other: 1 }, { other: 1, pretty: true }, obj([1, "a"]), obj([true, true], ["indent", " "]), [], "pretty", null, set("pretty"),
]; // biome-ignore format: a table

const NUMBERS: readonly string[] = [
  "0", "-0", "00", "01", "-01", "1", "-1", "-", "--1", "1-", "1.0", "-1.5", ".5", "1.", "1e2", "1E2", "-1e-2", "1e", "10", "999999999999999", "-999999999999999", "1000000000000000", "9007199254740991", "9007199254740993", "12345678901234567890", "1a", "1 ", " -2", "1,2", "1:2", "1\"a\"",
]; // biome-ignore format: a table

it("reads numbers in every place as OPA does", async () => {
  const texts = NUMBERS.flatMap((number) => [
    number,
    `[${number}]`,
    `[ ${number} ,true,false]`,
    `{"a":${number}}`,
    `{"${number.replaceAll('"', "")}":${number},"b":[${number}]}`,
    `["\\n",${number}]`,
    `["1-2.5e6",${number}]`,
  ]);
  const cases = texts.map((text): BuiltinCase => ["json.unmarshal", text]);
  expect(await differencesFromOpa(oracle, JSON_TEXT, cases)).toEqual([]);
});

const TEXTS: readonly string[] = [
  "", " ", "null", "nul", "true", "TRUE", "0", "-0", "-", "01", "1.", ".5", "1.50", "1e5", "1E+05", "1e400", "1e-400", "+1",
  "9007199254740993", "123456789012345678901234567890", "NaN", "Infinity", "\"a\"", "'a'", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
  "\"\\ude00\\ud83d\"", "\"\\x41\"", "\"\\u12\"", "\"a\nb\"", "\"\\/\"", "\"\u007f\"", "[]", "[1,]", "[,1]", "[1 2]", "[1,[2,[3]]]", "{}", "{\"a\":1}",
  "{\"a\":1,}", "{a:1}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "{\"a\" : 1 , \"b\" : [ ] }", " \t\r\n1 \n", "\u00a01", "1 2", "1 true", "[] []",
  "{} {", "1]", "1 }", "\"a\" \"b\"", "// c\n1", "{\"__proto__\":{\"a\":1},\"constructor\":2}", "{\"__proto__\":\"\\ud800\"}", "\"\ufffd😀\"", "{\"\":\"\"}", "\u0000",
  "[1,2", "{\"a\"", "\"", "\"\\", "[\"]\",\"}\"]", "{\"a:,\":\",]\"}", "1.7976931348623157e309", "[1.0,1.00,10e-1]",
]; // biome-ignore format: a table

it("writes as OPA does", async () => {
  const cases: BuiltinCase[] = VALUES.flatMap((value): BuiltinCase[] => [
    ["json.marshal", value],
    ...OPTIONS.map((options) => ["json.marshal_with_options", value, options] as const),
  ]);
  expect(cases.length).toBeGreaterThan(800);
  expect(await differencesFromOpa(oracle, JSON_TEXT, cases)).toEqual([]);
});

it("reads as OPA does", async () => {
  const nested = TEXTS.flatMap((text) => [text, `[${text}]`, `{"k":${text}}`, ` ${text}\n`]);
  const cases = [...nested, ...VALUES].flatMap((value): BuiltinCase[] => [
    ["json.unmarshal", value],
    ["json.is_valid", value],
  ]);
  expect(cases.length).toBeGreaterThan(500);
  expect(await differencesFromOpa(oracle, JSON_TEXT, cases)).toEqual([]);
});

/** Go's decoder takes a `null` after a document for its end, whatever follows; here it is no JSON. */
it("reads nothing after a document", async () => {
  expect(JSON_TEXT["json.unmarshal"]?.(caseContext(), "1 null")).toBeUndefined();
  const [difference] = await differencesFromOpa(oracle, JSON_TEXT, [["json.unmarshal", "1 null"]]);
  expect(difference).toMatch(/ours undefined OPA 1$/);
});

it("reads bytes that are no text as U+FFFD", async () => {
  const { results } = await oracle.ask({
    modules: { "a.rego": `package a\nx := json.unmarshal(hex.decode("22ff80e28222"))` },
    entrypoints: ["a/x"],
  });
  const text = '"\udcff\udc80\udce2\udc82"';
  expect(JSON_TEXT["json.unmarshal"]?.(caseContext(), text)).toBe(results["a/x"]?.[0]?.json);
  expect(JSON_TEXT["json.marshal"]?.(caseContext(), "\\\udcff\\")).toBe('"\\\\\\ufffd\\\\"');
});

it("writes what is expected", () => {
  const value = { b: set(2, num("1.50")), a: "<" };
  expect(JSON_TEXT["json.marshal"]?.(caseContext(), value)).toBe('{"a":"\\u003c","b":[1.50,2]}');
  expect(
    JSON_TEXT["json.marshal_with_options"]?.(caseContext(), value, { indent: " ", prefix: ">" }),
  ).toBe('>{\n> "a": "\\u003c",\n> "b": [\n>  1.50,\n>  2\n> ]\n>}');
});

it("stops before it works on too much", () => {
  const call = (name: string, ...args: Value[]) => JSON_TEXT[name]?.(caseContext(), ...args);
  const huge = "a".repeat(5_000_000);
  for (const name of Object.keys(JSON_TEXT)) {
    expect(() => call(name, huge, { pretty: true }), name).toThrow(BudgetExceeded);
  }
  expect(() => call("json.unmarshal", `[${"1,".repeat(60_000)}1]`)).toThrow(BudgetExceeded);
  expect(() => call("json.unmarshal", "[".repeat(5_000) + "]".repeat(5_000))).toThrow(
    BudgetExceeded,
  );
  expect(call("json.unmarshal", "[".repeat(10_001) + "]".repeat(10_001))).toBeUndefined();
  expect(call("json.is_valid", "[".repeat(10_000) + "]".repeat(10_000))).toBe(true);
  expect(call("json.is_valid", "[".repeat(10_001) + "]".repeat(10_001))).toBe(false);
  const indent = "x".repeat(100_000);
  expect(() =>
    call("json.marshal_with_options", [[1, 2, 3, 4, 5], [[6]]], { indent }),
  ).not.toThrow();
  expect(() =>
    call("json.marshal_with_options", Array(100).fill([1]) as Value, { indent }),
  ).toThrow(BudgetExceeded);
});
