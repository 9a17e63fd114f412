/** Where the plan is run in fewer steps than it says: the answers, and the conflicts, stay OPA's. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILTINS } from "../../src/policy/builtins/registry.ts";
import { OpaOracle } from "../support/opa-oracle.ts";
import { differencesOfPlans } from "../support/plan-run.ts";

let oracle: OpaOracle;
beforeAll(async () => {
  oracle = await OpaOracle.open();
});
afterAll(() => oracle.close());

const INPUTS = [
  '{"o": {"b": 1.0, "a": 1}, "l": [1, 2], "n": 1}',
  '{"o": {"a": 1, "b": 1.0}, "l": [2, 1], "other": true}',
  '{"o": {"b": [1.0], "a": [1]}, "l": [1, 1.0]}',
  '{"o": {"c": 1.0, "b": 1e0, "a": 1.00}, "l": [1.0, 1]}',
  '{"o": {"b": 2, "a": 1, "c": 1}, "l": [2.0, 2, 1]}',
  '{"l": {"a": 1, "b": 2}, "o": [1, 1.0]}',
  '{"l": {"b": 1, "a": 2}, "o": 1}',
  '{"l": [], "o": {}}',
  "{}",
];

/** `f(2)` conflicts. */
const CONFLICT = "f(x) := 1 if x > 0\nf(x) := 2 if x == 2\n";

const FIRST_OF_EQUALS: Readonly<Record<string, string>> = {
  "a set": "r := {x | some x in input.o}",
  "a set out of a set": "r := {x | some [_, x] in {[k, v] | some k, v in input.o}}",
  "values of an object: the last of them": 'r := {"k": x | some x in input.o}',
  "keys of an object": "r := {x: 1 | some x in input.o}",
  "a rule": "r := x if some x in input.o",
  "a function": "g(o) := x if some x in o\nr := g(input.o)",
  "a partial set": "s contains x if some x in input.o\nr := s",
  "keys of a partial object": "r[x] := 1 if some x in input.o",
  "values of a partial object": "r.k := x if some x in input.o",
  "values within a partial object": "r[k].v := x if { some x in input.o; some k in input.l }",
};

it.each(Object.entries(FIRST_OF_EQUALS))(
  "keeps the same of equal numbers in %s",
  async (_, rules) => expectOpa(rules),
);

const CONFLICTS: Readonly<Record<string, string>> = {
  "after a success": "r if { some x in input.l; f(x) == 1 }",
  "after a success that gives a number": "r := 1 if { some x in input.l; f(x) == 1 }",
  "after a success that gives an object": 'r := {"a": 1} if { some x in input.l; f(x) == 1 }',
  "after a success within scans": "r if { some x in input.l; some y in input.l; f(y) == x }",
  "after a success with a collection": "r if { some x in input.l; some y in [1, 2]; f(x) == y }",
  "after a success in another rule": `
    r if not g
    g if { some x in input.l; f(x) == 1 }`,
  "after a success in a function": "g(l) if { some x in l; f(x) == 1 }\nr if g(input.l)",
  "in a later rule that agrees": `
    r if { some x in input.l; f(x) == 1 }
    r if { some x in input.l; f(x) == 2 }`,
  "in a later rule that does not": `
    r := true if { some x in input.l; f(x) == 1 }
    r := false if { some x in input.l; f(x) == 2 }`,
  "in a rule whose else differs": `
    r if { some x in input.l; f(x) == 1 } else := false`,
  "in a rule whose else agrees": `
    r if { some x in input.l; f(x) == 1 } else := true`,
  "in a rule with a default": `
    default r := false
    r if { some x in input.l; f(x) == 1 }`,
  "in every": "r if every x in input.l { f(x) == 2 }",
  "in every that ends in a scan": "r if every x in input.l { some y in input.l; f(y) == x }",
  "in a comprehension": "r := [1 | some x in input.l; f(x) == 1]",
  "in what a scan calls":
    "g(x) if { some y in input.l; f(y) == x }\nr if { some x in input.l; g(x) }",
  "in a negation": "r if { some x in input.l; not f(x) == 2 }",
};

it.each(Object.entries(CONFLICTS))("finds the conflicts that OPA finds %s", async (_, rules) =>
  expectOpa(CONFLICT + rules),
);

async function expectOpa(rules: string): Promise<void> {
  const question = {
    modules: { "test.rego": `package test\n${rules}` },
    entrypoints: ["test/r"],
    inputTexts: INPUTS,
  };
  expect(await differencesOfPlans(oracle, question, BUILTINS)).toEqual([]);
}
