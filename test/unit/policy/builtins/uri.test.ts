/** URIs against OPA: thousands of them, put together from edge parts. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { URI } from "../../../../src/policy/builtins/uri.ts";
import { BudgetExceeded } from "../../../../src/policy/plan/values/budget.ts";
import type { Value } from "../../../../src/policy/plan/values/value.ts";
import {
  type BuiltinCase,
  caseContext,
  differencesFromOpa,
} from "../../../support/builtin-cases.ts";
import { OpaOracle } from "../../../support/opa-oracle.ts";
import { obj } from "../../../support/rego-values.ts";

let oracle: OpaOracle;

beforeAll(async () => {
  oracle = await OpaOracle.open();
});

afterAll(() => oracle.close());

function ofEach(texts: readonly Value[]): readonly BuiltinCase[] {
  return texts.flatMap((text) => [["uri.parse", text] as const, ["uri.is_valid", text] as const]);
}

const SCHEMES = ["", "http:", "HTTPS:", "a+b-c.1:", "1a:", ":", "é:", "a_b:", "postgres:"];
const HOSTS = [
  "//",
  "///",
  "//host",
  "//HOST:80",
  "//h:",
  "//h:8x",
  "//a:1:2",
  "//a,b:1",
  "//[::1]",
  "//[::1]:443",
  "//[::ffff:1.2.3.4]",
  "//[1.2.3.4]",
  "//[::1%25en0]:1",
  "//[::1%25]",
  "//[::1%25e%20n]",
  "//[::1%25%c3%a9]",
  "//[::1%2525]",
  "//[::1",
  "//x[::1]",
  "//[::g]",
  "//[]",
  "//[::1]x",
  "//h]i",
  "//h%41",
  "//h%c3%a9",
  "//h%25",
  "//h%ff",
  "//h%",
  "//hé",
  "//h i",
  '//h<>"',
  "//h{",
  "//h\\i",
  "//user@h",
  "//u:p@h:1",
  "//u@v@h",
  "//u%20:%@h",
  "//u%20:p%ffw@h",
  "//u<@h",
  "//é@h",
  "//@h",
  "//h:\u0663",
];
const PATHS = ["", "/", "/a%20b", "/a b", "/%2f%2F", "/%41", "/é/%ff", "/a!b'(c)*", "//b", "/%zz"];

it("takes schemes, hosts and paths as OPA does", async () => {
  const all = SCHEMES.flatMap((scheme) =>
    HOSTS.flatMap((host) => PATHS.map((path) => `${scheme}${host}${path}`)),
  );
  for (let from = 0; from < all.length; from += 1000) {
    expect(await differencesFromOpa(oracle, URI, ofEach(all.slice(from, from + 1000)))).toEqual([]);
  }
});

it("takes paths, queries and fragments as OPA does", async () => {
  const starts = [
    "",
    "*",
    "a",
    "a:b",
    "a/b:c",
    "./a:b",
    "http:a%zz",
    "mailto:u@h",
    "/p",
    "//h",
    "..",
    "/😀",
  ];
  const ends = [
    "",
    "?",
    "??",
    "?q=1",
    "?a%zz é",
    "?a?b#",
    "#f",
    "#",
    "#a#b",
    "#%",
    "#%ff!'(é",
    "#\u0001",
    "\u0001",
    "\u007f",
    "\u0085",
    " ",
    "?\n",
    "%00",
    ":",
    "[",
    "|^`",
    "%e2%82",
  ];
  const all = starts.flatMap((start) => ends.map((end) => start + end));
  expect(await differencesFromOpa(oracle, URI, ofEach(all))).toEqual([]);
});

it("takes what is no text, and random texts, as OPA does", async () => {
  const values: Value[] = [null, true, 1, [], {}, ["http://h"], obj([1, 2])];
  const pieces = [
    "http:",
    "//",
    "/",
    "h",
    ":",
    "@",
    "[",
    "]",
    "%",
    "25",
    "%41",
    "#",
    "?",
    "é",
    "1",
    ".",
    " ",
    "::",
  ];
  let seed = 7;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed;
  };
  for (let count = 0; count < 1500; count++) {
    values.push(
      Array.from({ length: 1 + (next() % 9) }, () => pieces[next() % pieces.length]).join(""),
    );
  }
  expect(await differencesFromOpa(oracle, URI, ofEach(values))).toEqual([]);
});

it("takes a URI apart", () => {
  const context = caseContext();
  expect(URI["uri.parse"]?.(context, "HTTP://u:p@h.example:80/a%2Fb?q=%20#f%41")).toEqual(
    obj(
      ["scheme", "http"],
      ["hostname", "h.example"],
      ["port", "80"],
      ["path", "/a/b"],
      ["raw_path", "/a%2Fb"],
      ["raw_query", "q=%20"],
      ["fragment", "fA"],
    ),
  );
  expect(URI["uri.parse"]?.(context, "http://h:x")).toBeUndefined();
  expect(URI["uri.is_valid"]?.(context, "")).toBe(false);
  expect(context.messages).toEqual(["not a URI"]);
});

it("stops at a text beyond the budget", () => {
  expect(() => URI["uri.parse"]?.(caseContext(), `/${"%20".repeat(500_000)}`)).toThrow(
    BudgetExceeded,
  );
});
