/** Builtins on regular expressions: Go's syntax and matches, whatever re2js would say by itself. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { REGEX } from "../../../../src/policy/builtins/regex.ts";
import { Budget, BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import { AWKWARD_NUMBERS, AWKWARD_TEXTS, NO_TEXTS } from "../../../support/awkward-texts.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { REGEX_PATTERNS as PATTERNS } from "../../../support/regex-patterns.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

function call(name: string, ...args: readonly Value[]): Value | undefined {
  return REGEX[name]?.(caseContext(), ...args);
}

/** Apart, or it would look like a template literal. */
function dollar(rest: string): string {
  return `$${rest}`;
}

const TEXTS: readonly string[] = [
  ...AWKWARD_TEXTS.filter((_, index) => index % 3 !== 1),
  "b",
  "ab",
  "abc",
  "abcd",
  "aab\naabb\n",
  "a b_c-d 12",
  "K k \u212a s S ſ σςΣ",
  "x@y.z",
  "\n",
  "a.b",
  "ǆǅǄ \u{10400}\u{10428} Ⱥⱥ",
];

it("takes the patterns that Go takes", async () => {
  const cases = [...PATTERNS, ...NO_TEXTS].map(
    (pattern): BuiltinCase => ["regex.is_valid", pattern],
  );
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it.each(["regex.match", "regex.split"])("answers as OPA: %s", async (name) => {
  const cases: BuiltinCase[] = [];
  for (const pattern of PATTERNS) for (const text of TEXTS) cases.push([name, pattern, text]);
  for (const wrong of NO_TEXTS) cases.push([name, wrong, "a"], [name, "a", wrong]);
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it.each(["regex.find_n", "regex.find_all_string_submatch_n"])("finds as OPA: %s", async (name) => {
  const cases: BuiltinCase[] = [];
  for (const pattern of PATTERNS) for (const text of TEXTS) cases.push([name, pattern, text, -1]);
  for (const pattern of ["a", "", "(a)?", ".", "("]) {
    for (const count of [...AWKWARD_NUMBERS, ...NO_TEXTS])
      cases.push([name, pattern, "aba", count]);
  }
  for (const wrong of NO_TEXTS) cases.push([name, wrong, "a", 1], [name, "a", wrong, 1]);
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it("replaces as OPA", async () => {
  const cases: BuiltinCase[] = [];
  for (const pattern of PATTERNS) {
    for (const text of TEXTS) cases.push(["regex.replace", text, pattern, "<$0|$1>"]);
  }
  const templates = [
    "",
    "$",
    "$$",
    "$$1",
    "$1",
    "$1x",
    dollar("{1}x"),
    dollar("{1"),
    dollar("{}"),
    "$ 1",
    "$01",
    "$00",
    "$2$3",
    "$n",
    dollar("{n}"),
    "$nn",
    "$ä",
    dollar("{ä}"),
    "$\u0663",
    "$999999999",
    "$1000000000",
    "$$$n$",
    "$-$&\\1",
    "\u{1f600}$1\u{1f600}",
    "$toString",
    "$__proto__",
    "$²",
    "$\u{10400}",
    "$a\u0301",
  ];
  for (const template of templates) {
    for (const pattern of [
      "a",
      "(a)",
      "(?P<n>a)(b)?",
      "(?P<n>)",
      "(?P<n>b)|(?P<ä>a)",
      "(?P<n>b)|(?P<n>a)",
    ]) {
      for (const text of ["", "ab", "aXba\u{1f600}"])
        cases.push(["regex.replace", text, pattern, template]);
    }
  }
  for (const wrong of NO_TEXTS) {
    cases.push(["regex.replace", wrong, "a", ""], ["regex.replace", "a", wrong, ""]);
    cases.push(["regex.replace", "a", "a", wrong], ["regex.replace", "b", "a", wrong]);
  }
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it("matches templates as OPA", async () => {
  const cases: BuiltinCase[] = [];
  const templates = [
    "",
    "a",
    "a.<b>",
    "<.*>",
    "urn:<[a-z]{2,3}>:<\\d+|x>",
    "<a><b>",
    "<<a>>",
    "<a",
    "a>",
    "><",
    "<(>",
    "<>",
    "ä<.>\u{1f600}",
    "{a}",
    "<a)(b>",
    "[<a>]$^*",
  ];
  for (const template of templates) {
    for (const text of [
      "",
      "a",
      "a.b",
      "axb",
      "urn:ab:12",
      "urn:ab:x",
      "ab",
      "<a>",
      "ä-\u{1f600}",
      "[a]$^*",
    ]) {
      for (const [open, close] of [
        ["<", ">"],
        ["{", "}"],
        ["<", "<"],
        ["ä", ">"],
        ["", ""],
        ["<<", ">"],
      ]) {
        cases.push(["regex.template_match", template, text, open as string, close as string]);
      }
    }
  }
  for (const wrong of NO_TEXTS) {
    cases.push(
      ["regex.template_match", wrong, "a", "<", ">"],
      ["regex.template_match", "a", wrong, "<", ">"],
    );
    cases.push(
      ["regex.template_match", "a", "a", wrong, ">"],
      ["regex.template_match", "a", "a", "<", wrong],
    );
  }
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it("intersects globs as OPA", async () => {
  const globs = [
    "",
    "a",
    "a*",
    "a+",
    ".",
    ".*",
    ".+",
    "[a-c]",
    "[a-c]+",
    "[b-d]*",
    "[]",
    "[^a]",
    "[abc",
    "]",
    "[a-]",
    "[-a]",
    "[a-b-c]",
    "[c-a]",
    "[a\\-c]",
    "[a-\\]]",
    "[\\--z]",
    "*",
    "+a",
    "a**",
    "a*+",
    "\\*",
    "\\",
    "a\\",
    "\\.a",
    "a.b",
    "a*b*",
    "a+a*a",
    "a*a+b",
    "b*a",
    ".*b.*",
    ".*[x-z]+c",
    "ä\u{1f600}*",
    "[ä-\u{1f600}]+",
    "aaab",
    "ab*[a-c].+",
  ];
  const cases: BuiltinCase[] = [];
  for (const one of [...globs, ...NO_TEXTS]) {
    for (const other of globs) {
      cases.push(["regex.globs_match", one, other], ["regex.globs_match", other, one]);
    }
  }
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});

it("knows what it is asked", () => {
  expect(call("regex.match", "^a.c$", "a\u{1f600}c")).toBe(true);
  expect(call("regex.match", "(", "a")).toBeUndefined();
  expect(call("regex.split", "", "aä")).toEqual(["a", "ä"]);
  expect(call("regex.find_n", "a?", "ab", -1)).toEqual(["a", ""]);
  expect(call("regex.find_all_string_submatch_n", "(a)|(b)", "ab", -1)).toEqual([
    ["a", "a", ""],
    ["b", "", "b"],
  ]);
  expect(call("regex.replace", "ab", "(?P<n>a)", dollar("{n}$n$1x"))).toBe("aab");
});

it("stops before a pattern or a text takes long", () => {
  const long = "a".repeat(60_000);
  expect(() => call("regex.match", "a".repeat(5000), "a")).toThrow(BudgetExceeded);
  expect(() => call("regex.match", "(a{100}b{100}c{100}){9}x{1000}".repeat(9), "a")).toThrow(
    BudgetExceeded,
  );
  expect(() => call("regex.find_n", "a.*b|a", long, -1)).toThrow(BudgetExceeded);
  expect(() => call("regex.find_n", "(?:a?){40}(?:a.*b|a)", long.slice(0, 4000), -1)).toThrow(
    BudgetExceeded,
  );
  expect(() => call("regex.replace", long, "a", "$0".repeat(1000))).toThrow(BudgetExceeded);
  expect(call("regex.match", "(x+x+)+y", `${long}z`)).toBe(false);
});

it("intersects awkward globs within a budget", () => {
  const many = "a*b*.*c+".repeat(8);
  expect(call("regex.globs_match", many, `${many}x`)).toBe(false);
  expect(() => call("regex.globs_match", "a*b*".repeat(2000), "b*a*".repeat(2000))).toThrow(
    BudgetExceeded,
  );
});

it("compiles a pattern once", () => {
  const budget = new Budget({ stepsMax: 1e6, valuesMax: 1e6, bytesMax: 1e6, depthMax: 100 });
  const context = { ...caseContext(), budget };
  const spent = () => {
    const before = budget.steps;
    REGEX["regex.match"]?.(context, "once[a-z]{3,40}", "once");
    return before - budget.steps;
  };
  const first = spent();
  expect(spent()).toBeLessThan(first / 4);
  for (let index = 0; index < 1000; index++) REGEX["regex.match"]?.(context, `x${index}`, "x");
  expect(spent()).toBe(first);
});

it("looks for the first character of a match where there is a class of them", async () => {
  const patterns = [
    "(?i)(;\\s*drop\\s|union\\s+select|--\\s)",
    "(?i)k",
    "(?i)s$",
    "[b-d]x|y",
    "\\bword",
    "^a",
    "(?m)^b",
    "a*b",
    "a*",
    "(|c)d",
    "\\x{1f600}",
    "[^a]",
    ".b",
  ];
  const texts = [
    "",
    "a",
    "xa",
    "a\nb",
    "\u212a",
    "\u017f",
    "s",
    "aword word",
    "x😀",
    "dd",
    "UNION  Select",
  ];
  const long = texts.map((text) => "z".repeat(300) + text);
  const cases = patterns.flatMap((pattern) =>
    [...texts, ...long].map((text): BuiltinCase => ["regex.match", pattern, text]),
  );
  expect(await differencesFromOpa(oracle, REGEX, cases)).toEqual([]);
});
