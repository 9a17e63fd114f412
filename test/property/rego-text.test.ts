/** Builtins on text: made-up texts, patterns, globs and formats, all asked of OPA in batches. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BuiltinTable } from "../../src/policy/builtins/builtin.ts";
import { GLOB } from "../../src/policy/builtins/glob.ts";
import { REGEX } from "../../src/policy/builtins/regex.ts";
import { SPRINTF } from "../../src/policy/builtins/sprintf.ts";
import { STRINGS } from "../../src/policy/builtins/strings.ts";
import { type BuiltinCase, differencesFromOpa } from "../support/builtin-cases.ts";
import { OpaOracle } from "../support/opa-oracle.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const SEED = 20_261_124;

function madeOf(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(""));
}

const text = madeOf(
  ["a", "b", "ab", "A", ".", "/", "-", "1", " ", "\n", "ä", "e\u0301", "\u{1f600}", "ſ", "\u0000"],
  8,
);
const pattern = madeOf(
  [
    ..."ab.1-^$|()[]*+?{},\\",
    "(?:",
    "(?i)",
    "(?P<n>",
    "[^",
    "[a-c]",
    "\\d",
    "\\w",
    "\\b",
    "\\B",
    "\\pL",
    "{2}",
    "{1,}",
    "*?",
    "ä",
    "\u{1f600}",
  ],
  9,
);
const glob = madeOf([..."ab.-*?[]{},!\\/", "**", "[!", "[a-c]", "{a,", "ä", "\u{1f600}"], 9);
const format = madeOf([..."%%%%dsvxqfgetT[]12*.+-# 0", "[1]", "[2]", "ä", "%v", "%5.2f"], 8);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const count = fc.integer({ min: -3, max: 12 });

const two = (...names: readonly string[]) => fc.tuple(fc.constantFrom(...names), text, text);

const KINDS: readonly (readonly [string, BuiltinTable, fc.Arbitrary<BuiltinCase>])[] = [
  [
    "strings",
    STRINGS,
    fc.oneof(
      two(
        "contains",
        "indexof",
        "indexof_n",
        "split",
        "strings.count",
        "trim",
        "trim_left",
        "trim_right",
        "trim_suffix",
      ),
      fc.tuple(fc.constantFrom("lower", "upper", "trim_space", "strings.reverse"), text),
      fc.tuple(fc.constant("substring"), text, count, count),
      fc.tuple(fc.constant("strings.split_n"), text, text, count),
      fc.tuple(
        fc.constant("replace"),
        text,
        text.filter((old) => old !== ""),
        text,
      ),
      fc.tuple(fc.constant("concat"), text, fc.array(text, { maxLength: 4 })),
      fc.tuple(
        fc.constantFrom("strings.any_prefix_match", "strings.any_suffix_match"),
        fc.array(text, { maxLength: 12 }),
        fc.array(text, { maxLength: 12 }),
      ),
    ),
  ],
  [
    "regex",
    REGEX,
    fc.oneof(
      fc.tuple(fc.constantFrom("regex.match", "regex.split"), pattern, text),
      fc.tuple(
        fc.constantFrom("regex.find_n", "regex.find_all_string_submatch_n"),
        pattern,
        text,
        count,
      ),
      fc.tuple(
        fc.constant("regex.replace"),
        text,
        pattern,
        madeOf(["$", "{", "}", "1", "0", "n", "x", "$1"], 5),
      ),
      fc.tuple(fc.constant("regex.globs_match"), pattern, pattern),
      fc.tuple(
        fc.constant("regex.template_match"),
        pattern,
        text,
        fc.constant("{"),
        fc.constant("}"),
      ),
    ),
  ],
  [
    "glob",
    GLOB,
    fc.oneof(
      fc.tuple(fc.constant("glob.match"), glob, fc.constantFrom(null, [], ["/"], ["a", "ä"]), text),
      fc.tuple(fc.constant("glob.quote_meta"), glob),
    ),
  ],
  [
    "sprintf",
    SPRINTF,
    fc.tuple(fc.constant("sprintf"), format, fc.array(scalar, { maxLength: 3 })),
  ],
];

it.each(KINDS)("answers as OPA: %s", async (_name, table, cases) => {
  const sample = fc.sample(cases, { seed: SEED, numRuns: 3000 });
  expect(await differencesFromOpa(oracle, table, sample)).toEqual([]);
});
