/** URIs, against OPA. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { URI } from "../../../../src/policy/builtins/uri.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import { member } from "../../../../src/policy/plan/values/object.ts";
import { caseContext, differencesFromOpa } from "../../../support/builtin-cases.ts";
import { ALL_VALUES } from "../../../support/composite-values.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { testBudget } from "../../../support/rego-values.ts";

const STARTS = [
  "",
  "http:",
  "HTTPS://",
  "mailto:",
  "x+y.1-z://",
  "1a:",
  ":",
  "//",
  "///",
  "/",
  "a b:",
];
const AUTHORITIES = [
  ...[
    "",
    "host",
    "host:80",
    "host:",
    "h:8x",
    "a:1:2",
    "user@h",
    "u:p@x@h:1",
    "u%zz@h",
    "u s@h",
    "é.h",
    "%C3%A9",
    "%41",
    "%25",
  ],
  ...[
    "[::1]",
    "[::1]:80",
    "[::1]x",
    "[::1%25en0]",
    "[::1%25]",
    "[::1%25a%20b]",
    "[::1%25a%2f]",
    "[1.2.3.4]",
  ],
  ...[
    "[::1.2.3.4]",
    "[1:2:3:4:5:6:7:8]",
    "[1:2:3:4:5:6:7::]",
    "[1::2::3]",
    "[1:2:3:4:5:6:1.2.3.4]",
    "[::12345]",
    "[::01.2.3.4]",
  ],
  ...[
    "[1:2:3:4:5:6:7:1.2.3.4]",
    "[1.2.3.4::]",
    "[:1::]",
    "[]",
    "[",
    "]",
    "a[b]",
    "a<b>",
    'a"b',
    "a\\b",
    "a^b",
    "*",
    "[::%31]",
  ],
];
const TAILS = [
  "",
  "/",
  "/a%20b",
  "/a b",
  "/%2f%2F",
  "/é%C3%A9",
  "/[x]!*'()",
  "/%",
  "/a:b;c,d@e",
  "?",
  "?a=b&c?d",
  "??",
  "#",
  "#f%20g#h",
  "#%g1",
  "/\u007f",
  "#\n",
  "/\u{1f600}?é#é",
];

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

it("parses and validates as OPA does", async () => {
  const texts = [
    ...STARTS.flatMap((start) => AUTHORITIES.map((authority) => `${start}${authority}/p`)),
    ...STARTS.flatMap((start) => TAILS.map((tail) => `${start}h${tail}`)),
    ...STARTS.flatMap((start) => TAILS.map((tail) => `${start}${tail}`)),
    ...AUTHORITIES.flatMap((authority) => [`http://${authority}`, `x://${authority}`, authority]),
    ...["*", "*?a", "*#f", "a:b", "a/b:c", "./a:b", "http:a:b", "\n", " "],
  ];
  texts.push("x://[::1%25%C3]");
  const cases = ["uri.parse", "uri.is_valid"].flatMap((name) =>
    [...texts, ...ALL_VALUES].map((text) => [name, text] as const),
  );
  expect(await differencesFromOpa(oracle, URI, cases)).toEqual([]);
});

it("writes U+FFFD for escapes whose bytes are no UTF-8", () => {
  const parsed = URI["uri.parse"]?.(caseContext(), "/a%ffb");
  expect(member(parsed, "path", testBudget())).toBe("/a\ufffdb");
  expect(member(parsed, "raw_path", testBudget())).toBe("/a%ffb");
});

it("bounds what it reads", () => {
  expect(URI["uri.is_valid"]?.(caseContext(), "http://[::1")).toBe(false);
  const long = "a".repeat(5_000_000);
  expect(() => URI["uri.parse"]?.(caseContext(), long)).toThrow(BudgetExceeded);
});
