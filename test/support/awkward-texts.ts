/** Texts at which counting, case and cutting go wrong, for tests of builtins on text. */
import type { Value } from "../../src/policy/plan/values/value.ts";
import { num, obj, set } from "./rego-values.ts";

export const AWKWARD_TEXTS: readonly string[] = [
  "",
  "a",
  "aa",
  "aXbXc",
  "ä",
  "\u00e9",
  "e\u0301",
  "\u{1f600}",
  "a\u{1f600}b",
  "\u{1f600}\u{1f601}\u{1f600}",
  "ß",
  "\u0130\u0131",
  "\u017f",
  "\u0000",
  "a\u0000b",
  "\uffee",
  "\ufffd",
  "\u2028\u2029",
  " \t\n a b\u0085\u00a0\u3000",
  "\ufeffa\ufeff",
  "ΑΣ ΣΑΣ",
  "\u1f80\u1fb3\u1f88",
  "%$\\/.*+?[]{}()^|",
  "ab".repeat(40),
];

/** One of every type that is not a string. */
export const NO_TEXTS: readonly Value[] = [
  null,
  true,
  0,
  num("1.50"),
  num("1e400"),
  [],
  ["a"],
  set(),
  set("a"),
  {},
  obj([1, 2]),
];

export const AWKWARD_NUMBERS: readonly Value[] = [
  0,
  num("-0"),
  1,
  num("1.0"),
  num("1e0"),
  2,
  3,
  -1,
  -2,
  1.5,
  num("2.000"),
  num("9223372036854775807"),
  num("9223372036854775808"),
  num("-9223372036854775808"),
  num("-9223372036854775809"),
  num("9007199254740993"),
  1e21,
  num("1e400"),
];
