/** Values as YAML against OPA: every kind of text in every position, and random documents. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { YAML } from "../../../../src/policy/builtins/yaml.ts";
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

const ofEach = (values: readonly Value[]) =>
  values.map((value): BuiltinCase => ["yaml.marshal", value]);

const TEXTS = [
  "", " ", "  ", "a", "a b", " a", "a ", "a\n", "\n", "\n\n", "\na", "a\n\n", "a\nb", "a\nb\n", " a\nb", "a \nb", "a\n b", "a\n\n\nb\n", "a\n\tb", "a\n ", "\n ", "a\tb", "\t", "a\rb", "a\r\nb", "\r", "a\u2028b", "a\u2029", "\u2028a", "a\u2028 b", "a \u2028b", "a'\u2028'b\u2029\u2029c", "a\u2028\nb", "a\n\u2028", "a\u2028#b", "a\n#b",
  "yes", "Yes", "yES", "no", "on", "OFF", "y", "n", "Y", "true", "True", "tRUE", "false", "null", "NULL", "~", "nUll", "<<", "=", "1", "-1", "+1", "1.5", "1.", ".5", "1e3", "1e400", ".inf", "-.INF", ".nan", ".", "..", "...", "0x1f", "0b1", "0o7", "08", "0_7", "1_000", "_1", "1:30", "190:20:30.5", "1:99", "+1:2", "-", "--", "---", "--- a", "---a", "+", "-0", "9999999999999999999999", `0b${"1".repeat(64)}`, `0b${"1".repeat(65)}`, `0${"0".repeat(99)}7`, `0x${"0".repeat(99)}f`, `0b${"0".repeat(99)}1`, `0b1${"0".repeat(99)}`, "9".repeat(300), "9".repeat(400),
  "2023-01-01", "2023-1-1", "2023-13-01", "2023-02-30", "2023-01-01T10:00:00Z", "2023-01-01t1:2:3.5+01:00", "2023-01-01 10:00:00", "2023-01-01 10:00:00 -5", "2023-01-01 1:2:3,5", "2023-", "2023-01", "20230-01-01",
  "- a", "-a", "-\ta", "? a", "?a", "?", ": a", ":a", ":", "a:", "a: b", "a:b", "a:\tb", "a::", "#a", "a#b", "a #b", "a\t#b", "a\0#", ",a", "a,b", "[a", "]", "{a", "}", "a[b]{c}", "&a", "*a", "!a", "|a", ">a", "'a", "'", "it's", " it's", '"a', 'a"b', "%a", "@a", "`a", "\\", "a\\b", "a\\ ", "é", "é ", "😀", "a😀b ", "日本", "\ufeff", "\ufeffa b\n", "a\ufeff", "\ufffd", "\ufffe", "\uffff", "\ue000", "\ud7ff", "\u00a0", "\u007f", "\u0080", "a\u0085b", "\0", "\u0007\b\v\f\u001b", "\u001f", "<a>&", "a".repeat(128), "a".repeat(129), "a ".repeat(100), "é".repeat(64), "é".repeat(65),
]; // biome-ignore format: a table

it("writes texts as OPA does", async () => {
  const values = TEXTS.flatMap((text): Value[] => [
    text,
    [text],
    [[text]],
    { a: text },
    { a: { b: text } },
    [{ a: text, b: [text] }],
    { [text]: 1 },
    { [text]: text },
    { a: [{ [text]: [text] }] },
    { [text]: { a: 1, b: 2 } },
    { [text]: {} },
    [{ [text]: [[text]] }],
  ]);
  const differences = await differencesFromOpa(oracle, YAML, ofEach(values));
  // What is read as a line break is not written here.
  expect(differences.filter((difference) => !/\u0085.*: ours undefined/s.test(difference))).toEqual(
    [],
  );
});

it("writes numbers as OPA does", async () => {
  const numbers = [
    "0", "-0", "-0.0", "1", "-1", "1.0", "1.50", "0.1", "1e3", "1E5", "1e6", "123456.5", "1234567.5", "1e21", "1e-4", "0.0001", "0.00001", "1.5e-7", "1e400", "-1e400", "1e-400", "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "5e-324", "1.7976931348623157e308",
  ]; // biome-ignore format: a table
  const values = numbers.flatMap((text): Value[] => [num(text), [num(text)], obj([num(text), 1])]);
  expect(await differencesFromOpa(oracle, YAML, ofEach(values))).toEqual([]);
});

it("writes collections and names of any type as OPA does", async () => {
  const values: Value[] = [null, true, false, [], {}, set(), [[]], [{}], { a: [] }, { a: {} }];
  values.push([[], [[]], [[[1, 2], [3]]]], [{ a: { b: [1, { c: 2, d: 3 }] } }, [[{ e: 1 }]]]);
  values.push(
    set(1, "a", set(2)),
    obj([1, 2], ["1", 3]),
    obj([[1, "<"], 2], [set("a"), 3], [null, 4]),
  );
  values.push({ a: null, b: [null, [null]], "": { "": "" } });
  for (const length of [1020, 1021, 1022, 1023, 1024, 1025]) {
    values.push(
      { ["a".repeat(length)]: 1 },
      { ["é".repeat(length)]: 1 },
      { ["😀".repeat(length)]: 1 },
    );
  }
  values.push({ ["<".repeat(170)]: 1 }, { ["<".repeat(171)]: 1 }, { ["\u2028".repeat(170)]: 1 });
  expect(await differencesFromOpa(oracle, YAML, ofEach(values))).toEqual([]);
});

it("orders names as OPA does", async () => {
  const names = ["a", "b", "a1", "a2", "a10", "a02", "a002", "a1b", "a10b", "a_", "a-", "a.b", "A", "aB", "_a", "1", "10", "2", "02", "100", "101", "1a", "1_", "é", "éa", "😀", "日", "a日", "a0", "a00", "0", "00", "01", "a b", "a1 b", "x86_64", "x86", "-", "", "a123456789012345678", "\u0663", "1\u0663"]; // biome-ignore format: a table
  const values: Value[] = names.flatMap((a) => names.map((b) => ({ [a]: 1, [b]: 2 })));
  const known = names.filter((name) => !/\d{18}|\u0663/.test(name));
  values.push(Object.fromEntries(known.map((name) => [name, 1])));
  const differences = await differencesFromOpa(oracle, YAML, ofEach(values));
  expect(differences.filter((difference) => !/: ours undefined OPA/.test(difference))).toEqual([]);
  expect(differences.every((difference) => /\d{18}|\\u0663|\u0663/.test(difference))).toBe(true);
});

it("writes random documents as OPA does", async () => {
  let seed = 11;
  const next = (count: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % count;
  };
  const pieces = [
    "a",
    "b",
    " ",
    "\n",
    "\t",
    ":",
    "#",
    "-",
    "'",
    '"',
    "1",
    "0",
    ".",
    "é",
    "😀",
    "\u2028",
    "\r",
    ",",
    "?",
    "yes",
    "[",
    "\\",
  ];
  const text = () => Array.from({ length: next(7) }, () => pieces[next(pieces.length)]).join("");
  const made = (depth: number): Value => {
    const kind = next(depth > 3 ? 3 : 7);
    if (kind < 2) return text();
    if (kind === 2) return [null, true, 1, 1.5, 1e7, "", "a: b"][next(7)] as Value;
    const count = next(4);
    if (kind < 5) return Array.from({ length: count }, () => made(depth + 1));
    return Object.fromEntries(Array.from({ length: count }, () => [text(), made(depth + 1)]));
  };
  for (let round = 0; round < 4; round++) {
    const values = Array.from({ length: 1000 }, () => made(0));
    expect(await differencesFromOpa(oracle, YAML, ofEach(values))).toEqual([]);
  }
}, 60_000);

it("writes a document", () => {
  const context = caseContext();
  const marshal = YAML["yaml.marshal"];
  const value = { b: [1, { c: "yes", d: "x\ny" }], a: { e: [] }, "k\nl": "- a" };
  expect(marshal?.(context, value)).toBe(
    "a:\n  e: []\nb:\n  - 1\n  - c: \"yes\"\n    d: |-\n      x\n      y\n? |-\n  k\n  l\n: '- a'\n",
  );
  expect(marshal?.(context, "\u007f")).toBeUndefined();
  expect(context.messages).toEqual(["yaml: value not supported"]);
});

it("stops within the budget", () => {
  const marshal = YAML["yaml.marshal"];
  expect(() => marshal?.(caseContext(), "\0".repeat(1_000_000))).toThrow(BudgetExceeded);
  expect(() => marshal?.(caseContext(), `a\n${"b\n".repeat(100_000)}`)).toThrow(BudgetExceeded);
  expect(() => marshal?.(caseContext(), Array(100_000).fill(1))).toThrow(BudgetExceeded);
  let deep: Value = 1;
  for (let depth = 0; depth < 300; depth++) deep = [deep];
  expect(() => marshal?.(caseContext(), deep)).toThrow(BudgetExceeded);
});
