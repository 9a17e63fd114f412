/** YAML as OPA reads it, or not at all: scalars of every notation in every position, aliases, merges. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { YAML } from "../../../../src/policy/builtins/yaml.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { jsonText } from "../../../../src/policy/plan/values/json.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { set, testBudget } from "../../../support/rego-values.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const SCALARS: readonly string[] = [
  "", "~", "null", "Null", "NULL", "nUll", "true", "True", "TRUE", "tRUE", "false", "yes", "no", "on", "off", "y", "n", "Y", "N", "<<", ".inf", "-.Inf", "+.INF", ".nan", ".NaN", "NaN", "inf", ".", "..", "-", "+", "0", "-0", "+0", "1", "-1", "+1", "01", "07", "08", "0777", "-017",
  "0x1F", "0X1f", "-0x10", "+0x10", "0xg", "0x", "0b101", "-0b11", "0b2", "0o17", "0O17", "-0o7", "0o8", "1_000", "1__0", "_1", "1_", "0x_f", "0_7", "1.5", "1.50", "1.", ".5", "-.5", "+.5", ".5e3", "1e3", "1E+3", "1e-7", "1e", "1e400", "-1e400", "1e21", "123456789012345680000", "1.0", "-0.0",
  "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "+9223372036854775808", "18446744073709551615", "18446744073709551616", "9007199254740993", "0xFFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF", "1:30", "190:20:30", "2023-01-01", "2023-01-01 10:00:00", "2023-01-01T10:00:00Z", "1.2.3", "1,000",
  "a", "a b", "a: b", "a:b", "a #b", "a#b", "é", "😀", "'a'", "''", "'it''s'", "'1'", '"a"', '"1"', '"a\\nb"', '"\\u00e9"', '"\\x41"', '"\\q"', '"', "'", "@a", "`a", "&a", "*a", "&a 1", "|", ">", "[", "]", "{", "}", "[]", "{}", "[1, a]", "{a: 1}", "{a, b}", "[a: 1]", "{a: }", "[1,]", "[,]", "#c", "---", "...", "- a", "-a", "a:",
]; // biome-ignore format: a table

const DOCUMENTS: readonly string[] = [
  "a: 1\nb: 2", "a: 1\na: 2", "1: a\n'1': b", "true: a", "null: a", "~: a", "1.5: a", "[1]: a", "{a: 1}: b", "a: &x 1\nb: *x", "a: *x", "a: &x {b: 1}\nc: *x", "a: &x [*x]", "&x a: 1\nb: *x", "- &x a\n- *x", "a: &x 1\nb: &x 2\nc: *x", "&k key: 1\n*k : 2",
  "p: &p {x: 1}\nq: {<<: *p, y: 2}", "p: &p {x: 1}\nq: {x: 2, <<: *p}", "p: &p {x: 1}\nr: &r {x: 3, z: 4}\nq: {<<: [*p, *r]}", "p: &p {x: 1}\nr: &r {x: 3}\nq:\n  <<: *p\n  <<: *r", "q: {<<: 1}", "q: {<<: [1]}", "q: {<<: {a: 1}}", "q: {'<<': 1}", "q: {<<: }",
  "a: 1\n---\nb: 2", "---\na: 1\n...\n---\n]", "---\n---\n", "--- a\n--- b", "a: 1\n...\n", "# only\n", "\n\n", "a:\n- 1\n- 2", "a:\n  - 1\n  - b: 2\n    c: 3", "- - 1\n  - 2\n- 3", "  a: 1\nb: 2", "a:\n  b: 1\n c: 2", "a: b\n  c", "a: 'b\n  c'", "a: \"b\n\n  c\"", "a: |\n  x\n  y\n", "a: |-\n  x\n", "a: |+\n  x\n\n", "a: >\n  x\n  y\n\n  z\n", "a: >-\n  x\n    y\n  z\n", "a: |2\n   x\n", "- |\n a\n- b",
  "a: b: c", "a: 'b' c", "[a, b", "{a: b", "a: [1,\n2]", "a: {b: 1,\n  c: 2}", "a:  1   # c", "'a b': 1", '"a\\tb": 1', "a b: 1", "a:1", "- 1\na: 2", "a: 1\n- 2", "-\n- 1", "a:\nb:", "x: 2023-01-01", "2023-01-01: x", "{\"a\":1,\"b\":[true,null]}", "{\"a\":\"\\ud83d\\ude00\"}", "{a: 1, a: 2}", "a: [b, {c: d}]", "__proto__: 1\nconstructor: 2",
]; // biome-ignore format: a table

const EVERYWHERE = SCALARS.flatMap((text) => [
  text,
  `k: ${text}`,
  `- ${text}`,
  `[${text}]`,
  `{k: ${text}}`,
  `${text}: v`,
]);

/** What OPA reads and this does not: fractions as names, a flow that the parser takes otherwise. */
const NOT_READ: readonly string[] = [
  ".inf: v", "-.Inf: v", "+.INF: v", ".nan: v", ".NaN: v", "1.5: v", "1.50: v", "1.: v", ".5: v", "-.5: v", "+.5: v", ".5e3: v", "1e3: v", "1E+3: v", "1e-7: v", "1e21: v", "123456789012345680000: v", "1.0: v", "-0.0: v", "-9223372036854775809: v", "+9223372036854775808: v",
  "18446744073709551616: v", "08: v", "1.5: a", "...: v", "a: 1\n...\n", "[-]", "{k: -}", "[a:]", "{k: a:}", "a: [1,\n2]",
]; // biome-ignore format: a table

it("reads as OPA does, or not at all", async () => {
  const wrong: readonly Value[] = [null, 1, true, [], {}, set("a")];
  const all: readonly Value[] = [...EVERYWHERE, ...DOCUMENTS, ...wrong];
  expect(all.length).toBeGreaterThan(800);
  const read = all.map((value): BuiltinCase => ["yaml.unmarshal", value]);
  const differences = await differencesFromOpa(oracle, YAML, read);
  const unread = NOT_READ.map(
    (text) => `yaml.unmarshal(object.get({}, "", ${JSON.stringify(text)}))`,
  );
  expect(
    differences.map((difference) => difference.replace(/: ours undefined OPA .*/s, "")).sort(),
  ).toEqual(unread.sort());
});

it("tells what is valid as OPA does, or nothing", async () => {
  const cases = [...EVERYWHERE, ...DOCUMENTS].map((text): BuiltinCase => ["yaml.is_valid", text]);
  const differences = await differencesFromOpa(oracle, YAML, cases);
  expect(differences.filter((difference) => !difference.includes(": ours undefined OPA "))).toEqual(
    [],
  );
  // Of what is not valid, a flow is left open: OPA's parser takes some that this one refuses.
  const valid = differences.filter((difference) => difference.endsWith("OPA true"));
  expect(valid).toHaveLength(NOT_READ.length);
});

it.each([
  ["a: [1, 0x10, 1_000, 0o17, 1.50]", '{"a":[1,16,1000,15,1.5]}'],
  ["a: yes\nb: 2023-01-01\nc: ~", '{"a":"yes","b":"2023-01-01","c":null}'],
  ["p: &p {x: 1, y: 1}\nq: {<<: *p, y: 2}", '{"p":{"x":1,"y":1},"q":{"x":1,"y":2}}'],
])("%j is %s", (text, expected) => {
  const value = YAML["yaml.unmarshal"]?.(caseContext(), text) as Value;
  expect(jsonText(value, testBudget())).toBe(expected);
});

it.each(["a: !!str 1", "%YAML 1.1\n---\na", "a:\tb", "a\u2028b", "\ufeffa", "1.5: a", "? a\n: b"])(
  "does not read %j",
  (text) => {
    expect(YAML["yaml.unmarshal"]?.(caseContext(), text)).toBeUndefined();
    expect(YAML["yaml.is_valid"]?.(caseContext(), text)).toBeUndefined();
  },
);

function isStopped(call: () => unknown): boolean {
  try {
    return call() === undefined;
  } catch (error) {
    return error instanceof BudgetExceeded;
  }
}

it("stops before it works on too much", () => {
  const call = (text: string) => YAML["yaml.unmarshal"]?.(caseContext(), text);
  expect(() => call("a".repeat(5_000_000))).toThrow(BudgetExceeded);
  expect(() => call("[".repeat(300) + "]".repeat(300))).toThrow(BudgetExceeded);
  for (const deep of ["[", "- ", "{a: ", "[{a: ", "? "]) {
    expect(isStopped(() => call(deep.repeat(5_000)))).toBe(true);
  }
  const layers = Array.from({ length: 20 }, (_, index) => {
    const aliases = index === 0 ? "1, 1" : `*x${index - 1}, *x${index - 1}`;
    return `x${index}: &x${index} [${aliases}]`;
  });
  expect(() => call(layers.join("\n"))).toThrow(BudgetExceeded);
});
