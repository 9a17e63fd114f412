/** Values for people: as Rego writes them, cut, and never a credential. */
import { expect, it } from "vitest";
import { briefLine, briefText } from "../../../src/cli/brief-text.ts";
import { parseJson } from "../../../src/policy/plan/values/json.ts";
import type { Value } from "../../../src/policy/plan/values/value.ts";
import { obj, set } from "../../support/rego-values.ts";

it.each<[Value | undefined, string]>([
  [undefined, "undefined"],
  [null, "null"],
  [false, "false"],
  ["a", '"a"'],
  [parseJson("1e400"), "1e400"],
  [[1, [2]], "[1, [2]]"],
  [{ b: 1, a: [] }, '{"a": [], "b": 1}'],
  [set(2, 1), "{1, 2}"],
  [set(), "set()"],
  [obj([[1], "x"]), '{[1]: "x"}'],
])("writes %j as Rego does", (value, text) => {
  expect(briefText(value, 100)).toBe(text);
});

it("cuts what is long, however deep or wide it is", () => {
  expect(briefText("x".repeat(1_000), 10)).toBe(`"${"x".repeat(9)}…`);
  expect(briefText(new Array(100_000).fill(7), 10)).toBe("[7, 7, 7, …");
  let deep: Value = [];
  for (let level = 0; level < 10_000; level++) deep = [deep];
  expect(briefText(deep, 100)).toBe(`${"[".repeat(17)}…${"]".repeat(17)}`);
  expect(briefText("\u{1f600}\u{1f600}", 2).isWellFormed()).toBe(true);
});

it("hides members that are named as credentials, and what looks like one", () => {
  const value = { password: "p", "API-Key": "k", Token: ["t"], user: "ann" };
  expect(briefText(value, 200)).toBe(
    '{"API-Key": (hidden), "Token": (hidden), "password": (hidden), "user": "ann"}',
  );
  expect(briefText("Bearer abcdefghij", 200)).toBe("(hidden)");
  expect(briefText(["eyJhbGciOiJIUzI1NiJ9.e30.c2ln"], 200)).toBe("[(hidden)]");
});

it("makes one line of a source line", () => {
  expect(briefLine("\tallow  if\tx", 100)).toBe("allow if x");
  expect(briefLine("a".repeat(200), 10)).toBe(`${"a".repeat(10)}…`);
});
