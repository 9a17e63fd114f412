/** Globs as OPA matches them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { GLOB } from "../../../../src/policy/builtins/glob.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_TEXTS, NO_TEXTS } from "../../../support/awkward-texts.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

function match(glob: string, delimiters: Value, text: string): Value | undefined {
  return GLOB["glob.match"]?.(caseContext(), glob, delimiters, text);
}

const GLOBS: readonly string[] = [
  "",
  "a",
  "*",
  "**",
  "***",
  "?",
  "??",
  "a*",
  "*a",
  "*.*",
  "**.a",
  "a.*.c",
  "a.**.c",
  "a**",
  "*a*b*",
  "[abc]",
  "[!abc]",
  "[a-c]",
  "[!a-c]*",
  "[]",
  "[!]",
  "[]a]",
  "[!!a]",
  "[a-]",
  "[-a]",
  "[--a]",
  "[a-b-c]",
  "[c-a]",
  "[\\-z]",
  "[a\\-z]",
  "[\\]a]",
  "[a^]",
  "[^a]",
  "[a",
  "[a-c",
  "[.]",
  "[!.]",
  "[ä-ü]",
  "[\u{1f600}]",
  "{a,b}",
  "{a,b}*",
  "{a*,b.*}c",
  "{a,}",
  "{,a}",
  "{}",
  "{,}",
  "{a",
  "a}",
  "{a,{b,c}}d",
  "{a,{b,c}",
  "{a}}",
  "a,b",
  "{*,**}.a",
  "{a[,]b,c}",
  "{a\\,b,c}",
  "*{.a,.b}",
  "*{*a,}",
  "{?,**}c",
  "\\*",
  "\\",
  "a\\",
  "\\\\",
  "\\a",
  "\\{a\\}",
  "[\\",
  "[a\\",
  "a.b",
  "a+b(c)|d$",
  "^a$",
  "ä*",
  "?\u{1f600}?",
  "\u0000*",
  "a\n*",
  "api.**.{get,put}",
  "/a/*/c",
  "/a/**",
  "a*c",
  "a**c",
  "ab*b",
  "a.*",
  "**.a.b",
  "*a*a*a*b",
];

const TEXTS: readonly string[] = [
  ...AWKWARD_TEXTS.filter((text) => text.length < 20),
  "b",
  "ab",
  "a.b",
  "a.b.c",
  "a..c",
  ".a",
  "b.a",
  "a.",
  "-",
  "]",
  "c",
  "bd",
  "a,b",
  "{a}",
  "*",
  "\\",
  "a+b(c)|d$",
  "^a$",
  "a\nb",
  "/a/b/c",
  "/a/b/b/c",
  "api.x.y.get",
  "aaaab",
  "acbc",
];

it.each([[null], [[]], [["."]], [["/", "."]], [["\u{1f600}", "ä", "\n", "^", "]"]]])(
  "matches as OPA with delimiters %j",
  async (delimiters) => {
    const cases: BuiltinCase[] = [];
    for (const glob of GLOBS)
      for (const text of TEXTS) cases.push(["glob.match", glob, delimiters, text]);
    expect(await differencesFromOpa(oracle, GLOB, cases)).toEqual([]);
  },
);

it("takes the arguments that OPA takes", async () => {
  const cases: BuiltinCase[] = [];
  for (const wrong of [...NO_TEXTS, ["ab"], [""], [1], ["e\u0301"], ["a", "a"], "."]) {
    cases.push(
      ["glob.match", wrong, [], "a"],
      ["glob.match", "a", wrong, "a"],
      ["glob.match", "[", wrong, "a"],
    );
    cases.push(
      ["glob.match", "a", [], wrong],
      ["glob.match", "[", [], wrong],
      ["glob.quote_meta", wrong],
    );
  }
  for (const text of [...GLOBS, ...AWKWARD_TEXTS]) cases.push(["glob.quote_meta", text]);
  expect(await differencesFromOpa(oracle, GLOB, cases)).toEqual([]);
});

it("stops at delimiters", () => {
  expect(match("*.com", [], "api.com")).toBe(true);
  expect(match("*.com", [], "a.b.com")).toBe(false);
  expect(match("**.com", [], "a.b.com")).toBe(true);
  expect(match("*.com", null, "a.b.com")).toBe(true);
  expect(match("a:?", [":"], "a:b")).toBe(true);
  expect(match("[a", [], "a")).toBeUndefined();
});

it("needs no more than a budget for any glob", () => {
  const stars = "*a".repeat(50);
  expect(match(`${stars}b`, null, "a".repeat(10_000))).toBe(false);
  expect(match(`{${"a*,".repeat(200)}b}`, null, "a".repeat(2000))).toBe(true);
  expect(() => match("*".repeat(100_000), null, "a")).toThrow(BudgetExceeded);
});
